// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import Learning
public import TimeSeries

/// The measured power of each appliance that may be run when it suits.
public struct AppliancePast: Sendable {
  /// Hourly means by appliance.
  public var power: [String: Series<Watts>]
  /// The clock of the site.
  public let calendar: SiteCalendar

  /// The past of some appliances.
  public init(_ power: [String: Series<Watts>], calendar: SiteCalendar) {
    self.power = power
    self.calendar = calendar
  }

  /// The first hour that is known of any.
  var firstSeen: Date? {
    power.values.compactMap { series in
      series.grid.indices.first { series[$0] != nil }.map(series.grid.date(at:))
    }.min()
  }

  /// The same appliances without what lies before an instant.
  func since(_ first: Date) -> AppliancePast {
    AppliancePast(
      power.mapValues { series in
        series.slice(
          max(series.grid.start, min(first, series.grid.end))..<series.grid.end)
      }, calendar: calendar)
  }
}

/// Trained demand of appliances: what each takes in a day, by its own past.
public struct ApplianceForecaster: Sendable {
  let habits: HabitSettings<DailyDemand.Settings>

  /// Days of an appliance before the first one that counts for the choice.
  static let fewestBefore = 10
  /// The newest days that choose.
  static let mostScored = 150

  /// How past days may count.
  static let candidates: [DailyDemand.Settings] = [7, 21, 60].flatMap { life in
    [0.1, 0.3, 1].map { other in
      var settings = DailyDemand.Settings()
      settings.halfLifeDays = life
      settings.otherClassWeight = other
      return settings
    }
  }

  /// Trains on the days that were over at an instant.
  ///
  /// - Returns: `nil` while no appliance has enough of them.
  public static func train(
    _ past: AppliancePast, until end: Date, plan: TrainingPlan = TrainingPlan()
  ) -> (forecaster: ApplianceForecaster, report: ForecasterReport)? {
    let histories = past.power.filter { _, power in
      DailyDemand(power, calendar: past.calendar, before: end).map {
        $0.dayCount > fewestBefore
      } ?? false
    }
    guard let firstSeen = past.firstSeen, !histories.isEmpty else { return nil }
    let (habits, report) = HabitSettings.train(
      histories, candidates: candidates, until: end, plan: plan, calendar: past.calendar,
      hash: { power, hash in hash.combine(power.values.map { $0?.rawValue }) },
      firstSeen: firstSeen,
      outcomes: { power, settings in
        Self.outcomes(power, settings, past.calendar, until: end)
      })
    return (ApplianceForecaster(habits: habits), report)
  }

  /// What would have been said of the newest days at their beginning.
  private static func outcomes(
    _ power: Series<Watts>, _ settings: DailyDemand.Settings, _ calendar: SiteCalendar,
    until end: Date
  ) -> [HabitOutcome] {
    guard let all = DailyDemand(power, calendar: calendar, before: end, settings: settings)
    else { return [] }
    let energies = all.energies
    return energies.indices.dropFirst(fewestBefore).suffix(mostScored).map { index in
      let (start, energy) = energies[index]
      let day = all.known(before: start).day(holding: start)
      return HabitOutcome(
        at: start, actual: energy,
        quantiles: [day.p10.rawValue, day.p50.rawValue, day.p90.rawValue],
        last: energies[..<index].map(\.energy))
    }
  }

  /// How the habits have done since they were trained.
  public func trial(_ past: AppliancePast, until end: Date) -> ForecastTrial {
    past.power.flatMap { name, power -> [HabitOutcome] in
      guard let settings = habits.byName[name] else { return [] }
      return Self.outcomes(power, settings, past.calendar, until: end)
        .filter { $0.time >= habits.trainedUntil }
    }.sorted { $0.time < $1.time }.trial(calendar: past.calendar)
  }

  /// What each appliance whose habits are known needs in the windows ahead.
  ///
  /// - Parameter days: how many local days ahead.
  public func needs(
    of appliances: [Appliance], _ past: AppliancePast, at now: Date, days: Int
  ) -> [String: [ApplianceNeed]] {
    appliances.reduce(into: [:]) { result, appliance in
      guard let power = past.power[appliance.name], let settings = habits.byName[appliance.name],
        let demand = DailyDemand(
          power, calendar: past.calendar, before: now, settings: settings)
      else { return }
      result[appliance.name] = demand.needs(
        windows: appliance.windows(at: now, days: days, calendar: past.calendar), power)
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

  init(habits: HabitSettings<DailyDemand.Settings>) { self.habits = habits }
}
