// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Learning
public import TimeSeries

/// When a car usually comes, how long it stays and what it takes, learned from its sessions.
///
/// Everything is a weighted quantile of past sessions: newer ones count more, and more those of the
/// same class of day and of nearly the same time of arrival.
public struct VehicleHabits: Sendable {
  /// A quantity that is not known for sure.
  public struct Spread: Sendable, Hashable {
    /// The value exceeded with probability 0.9.
    public let p10: Double
    /// The median.
    public let p50: Double
    /// The value exceeded with probability 0.1.
    public let p90: Double
  }

  /// What is expected of a session.
  public struct Expectation: Sendable, Hashable {
    /// Hours from plugging in to leaving.
    public let stayHours: Spread
    /// Energy taken, kWh.
    public let energy: Spread
  }

  /// What is expected of a day.
  public struct Day: Sendable, Hashable {
    /// The probability that the car is plugged in at all.
    public let probability: Fraction
    /// The minute of the day at which it first comes; `nil` where it never came so late.
    public let arrivalMinute: Spread?
  }

  /// How past sessions count; each car's own history chooses (`HabitTraining`).
  public struct Settings: Sendable, Hashable, Codable {
    /// A session's weight halves in this many days: habits change.
    public var halfLifeDays = 56.0
    /// The weight of the other class of days.
    public var otherClassWeight = 0.25
    /// Hours of difference in arrival after which a session counts little.
    public var arrivalReachHours = 2.0

    /// The defaults.
    public init() {}

    /// The settings for a person.
    var text: String {
      "half-life \(Int(halfLifeDays)) d, other days \(otherClassWeight), "
        + "arrivals within \(Int(arrivalReachHours)) h"
    }
  }

  /// The fewest sessions that make a habit.
  public static let fewestSessions = 5

  private struct Seen {
    let session: ChargingSession
    let arrivalMinute: Double
    let isOff: Bool
  }

  private let seen: [Seen]
  let calendar: SiteCalendar
  private let settings: Settings
  private let now: Date

  /// How many sessions it has learned from.
  public var sessionCount: Int { seen.count }

  /// Learns from the sessions that ended before an instant; `nil` while there are too few.
  public init?(
    _ sessions: [ChargingSession], calendar: SiteCalendar, before now: Date,
    settings: Settings = Settings()
  ) {
    let over = sessions.filter { $0.departure <= now && $0.departure > $0.arrival }
    guard over.count >= Self.fewestSessions else { return nil }
    seen = over.map { session in
      let time = calendar.wallTime(at: session.arrival)
      return Seen(
        session: session, arrivalMinute: Double(time.minuteOfDay), isOff: time.isDayOff)
    }
    self.calendar = calendar
    self.settings = settings
    self.now = now
  }

  /// What a car that comes at an instant will want.
  public func expectation(arrivingAt arrival: Date) -> Expectation {
    let weighted = weighted(arrivingAt: arrival)
    return Expectation(
      stayHours: Self.spread(weighted.map { ($0.session.hours, $0.weight) }),
      energy: Self.spread(weighted.map { ($0.session.energy.rawValue, $0.weight) }))
  }

  /// All sessions with what each says of one that begins at an instant.
  func weighted(arrivingAt arrival: Date) -> [(session: ChargingSession, weight: Double)] {
    let time = calendar.wallTime(at: arrival)
    return seen.map { seen in
      let minutes = abs(seen.arrivalMinute - Double(time.minuteOfDay))
      let hours = min(minutes, 1_440 - minutes) / 60 / settings.arrivalReachHours
      return (
        seen.session, weight(seen, isOff: time.isDayOff) * (0.02 + exp(-hours * hours))
      )
    }
  }

  /// Whether and when the car comes on a local day.
  ///
  /// - Parameter minute: the car has not come before this minute of the day.
  public func day(_ range: Range<Date>, after minute: Double = 0) -> Day {
    let isOff = calendar.wallTime(at: range.lowerBound.addingTimeInterval(43_200)).isDayOff
    let byDay = Dictionary(grouping: seen) {
      calendar.startOfDay(for: $0.session.arrival)
    }
    let first = byDay.compactMapValues { sessions in
      sessions.filter { $0.arrivalMinute >= minute }
        .min { $0.arrivalMinute < $1.arrivalMinute }
    }
    let oldest = byDay.keys.min() ?? now
    var (with, without) = (0.0, 0.0)
    var midnight = calendar.startOfDay(for: oldest)
    while midnight < now {
      let dayIsOff = calendar.wallTime(at: midnight.addingTimeInterval(43_200)).isDayOff
      let age = now.timeIntervalSince(midnight) / 86_400
      let weight =
        exp2(-age / settings.halfLifeDays) * (dayIsOff == isOff ? 1 : settings.otherClassWeight)
      if first[midnight] == nil { without += weight } else { with += weight }
      midnight = calendar.day(holding: midnight, offset: 1).lowerBound
    }
    return Day(
      // One day of each outcome is added: nothing is certain.
      probability: Fraction((with + 1) / (with + without + 2)),
      arrivalMinute: first.isEmpty
        ? nil
        : Self.spread(
          first.sorted { $0.key < $1.key }.map {
            ($0.value.arrivalMinute, weight($0.value, isOff: isOff))
          }))
  }

  /// The routines of a vehicle that fit the habits, one a class of days on which the car is usually
  /// away during the day and back by night.
  public func routines() -> [VehicleRoutine] {
    [(false, DaySelection.workingDays), (true, DaySelection.daysOff)].compactMap { isOff, days in
      let own = seen.filter { $0.isOff == isOff }
      guard own.count >= Self.fewestSessions else { return nil }
      let arrival = Self.spread(own.map { ($0.arrivalMinute, weight($0, isOff: isOff)) }).p50
      let leaving = Self.spread(
        own.map { seen in
          let time = calendar.wallTime(at: seen.session.departure)
          return (Double(time.minuteOfDay), weight(seen, isOff: isOff))
        }
      ).p50
      guard leaving < arrival else { return nil }
      let energy = Self.spread(own.map { ($0.session.energy.rawValue, weight($0, isOff: isOff)) })
      return VehicleRoutine(
        days: days, departureMinute: Int(leaving), arrivalMinute: Int(arrival),
        tripEnergy: KilowattHours(energy.p50))
    }
  }

  private func weight(_ seen: Seen, isOff: Bool) -> Double {
    let age = now.timeIntervalSince(seen.session.arrival) / 86_400
    return exp2(-age / settings.halfLifeDays)
      * (seen.isOff == isOff ? 1 : settings.otherClassWeight)
  }

  private static func spread(_ sample: [(value: Double, weight: Double)]) -> Spread {
    let quantiles = EmpiricalQuantile.weighted(sample, [0.1, 0.5, 0.9])
    return Spread(p10: quantiles[0], p50: quantiles[1], p90: quantiles[2])
  }
}
