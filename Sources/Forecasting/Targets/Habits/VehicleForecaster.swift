// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

/// The stays of each car at its charge point.
public struct VehiclePast: Sendable {
  /// The stays that are over, oldest first, and the one under way, by car.
  public var cars: [String: (over: [ChargingSession], underWay: ChargingSession?)]
  /// The clock of the site.
  public let calendar: SiteCalendar

  /// The stays of some cars.
  public init(
    _ cars: [String: (over: [ChargingSession], underWay: ChargingSession?)], calendar: SiteCalendar
  ) {
    self.cars = cars
    self.calendar = calendar
  }

  /// The first arrival of all.
  var firstSeen: Date? { cars.values.compactMap { $0.over.first?.arrival }.min() }

  /// The same cars without stays that began before an instant.
  func since(_ first: Date) -> VehiclePast {
    VehiclePast(
      cars.mapValues { car in (car.over.filter { $0.arrival >= first }, car.underWay) },
      calendar: calendar)
  }
}

/// Trained habits of cars: each car's own stays choose how past stays count.
public struct VehicleForecaster: Sendable {
  let habits: HabitSettings<VehicleHabits.Settings>

  /// Sessions of a car before the first one that counts for the choice.
  static let fewestBefore = 10
  /// The newest sessions of a car that choose.
  static let mostScored = 200

  /// How past stays may count.
  static let candidates: [VehicleHabits.Settings] = [28, 56, 112].flatMap { life in
    [0.1, 0.25, 1].flatMap { other in
      [1.0, 2, 4].map { reach in
        var settings = VehicleHabits.Settings()
        settings.halfLifeDays = life
        settings.otherClassWeight = other
        settings.arrivalReachHours = reach
        return settings
      }
    }
  }

  /// Trains on the stays that were over at an instant.
  ///
  /// - Returns: `nil` while no car has enough of them.
  public static func train(
    _ past: VehiclePast, until end: Date, plan: TrainingPlan = TrainingPlan()
  ) -> (forecaster: VehicleForecaster, report: ForecasterReport)? {
    let histories = past.cars.mapValues { car in car.over.filter { $0.departure <= end } }
      .filter { $0.value.count > fewestBefore }
    guard let firstSeen = past.firstSeen, !histories.isEmpty else { return nil }
    let (habits, report) = HabitSettings.train(
      histories, candidates: candidates, until: end, plan: plan, calendar: past.calendar,
      hash: { sessions, hash in
        hash.combine(
          sessions.flatMap { [$0.arrival.timeIntervalSince1970, $0.hours, $0.energy.rawValue] })
      }, firstSeen: firstSeen,
      outcomes: { sessions, settings in
        Self.outcomes(sessions, settings, past.calendar)
      })
    return (VehicleForecaster(habits: habits), report)
  }

  /// What would have been said of the newest sessions when their cars came.
  private static func outcomes(
    _ sessions: [ChargingSession], _ settings: VehicleHabits.Settings, _ calendar: SiteCalendar
  ) -> [HabitOutcome] {
    sessions.indices.dropFirst(fewestBefore).suffix(mostScored).flatMap { index in
      let session = sessions[index]
      let before = sessions[..<index].filter { $0.departure <= session.arrival }
      guard
        let habits = VehicleHabits(
          before, calendar: calendar, before: session.arrival, settings: settings)
      else { return [HabitOutcome]() }
      let expected = habits.expectation(arrivingAt: session.arrival)
      func outcome(_ actual: Double, _ spread: VehicleHabits.Spread, _ last: [Double])
        -> HabitOutcome
      {
        HabitOutcome(
          at: session.arrival, actual: actual, quantiles: [spread.p10, spread.p50, spread.p90],
          last: last)
      }
      return [
        outcome(session.hours, expected.stayHours, before.map(\.hours)),
        outcome(session.energy.rawValue, expected.energy, before.map(\.energy.rawValue)),
      ]
    }
  }

  /// How the habits have done since they were trained.
  public func trial(_ past: VehiclePast, until end: Date) -> ForecastTrial {
    past.cars.flatMap { name, car -> [HabitOutcome] in
      guard let settings = habits.byName[name] else { return [] }
      return Self.outcomes(car.over.filter { $0.departure <= end }, settings, past.calendar)
        .filter { $0.time >= habits.trainedUntil }
    }.sorted { $0.time < $1.time }.trial(calendar: past.calendar)
  }

  /// What is expected of each car whose habits are known.
  ///
  /// - Parameters:
  ///   - connected: whether each car is plugged in now, where that is known.
  ///   - days: how many local days ahead.
  public func outlooks(
    _ past: VehiclePast, at now: Date, connected: [String: Bool], days: Int
  ) -> [String: VehicleOutlook] {
    past.cars.reduce(into: [:]) { result, car in
      let (name, stays) = car
      guard let settings = habits.byName[name],
        let known = VehicleHabits(
          stays.over, calendar: past.calendar, before: now, settings: settings)
      else { return }
      let isHere = connected[name] ?? (stays.underWay != nil)
      let since = stays.underWay.map { (since: $0.arrival, taken: $0.energy) }
      result[name] = known.outlook(
        at: now, pluggedIn: isHere ? since ?? (since: now, taken: .zero) : nil, days: days)
    }
  }

  /// The habits as files for the registry.
  public func files() throws(LearningError) -> [String: Data] { try habits.files() }

  /// Reads habits from their files.
  ///
  /// - Throws: `damagedModel`.
  public init(files: [String: Data]) throws(LearningError) {
    habits = try HabitSettings.read(files)
  }

  init(habits: HabitSettings<VehicleHabits.Settings>) { self.habits = habits }
}
