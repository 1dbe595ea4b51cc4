// SPDX-License-Identifier: MIT
public import Foundation
import Learning
public import TimeSeries

/// What a load that can be moved in time takes in a day: hot water, washing, a pump.
///
/// The amount of a day and its course over the hours are learned apart: a planner that moves the load
/// needs the amount and the time by which it must be there, not the minute.
public struct DailyDemand: Sendable {
  /// What a local day is expected to take.
  public struct Day: Sendable, Hashable {
    /// Energy exceeded with probability 0.9.
    public let p10: KilowattHours
    /// The median.
    public let p50: KilowattHours
    /// Energy exceeded with probability 0.1.
    public let p90: KilowattHours
    /// The share of the day's energy that is usually taken by the end of each hour, 24 of them.
    public let takenByHour: [Fraction]
  }

  /// How past days count; each appliance's own history chooses (`ApplianceForecaster`).
  public struct Settings: Sendable, Hashable, Codable {
    /// A day's weight halves in this many days.
    public var halfLifeDays = 21.0
    /// The weight of the other class of days.
    public var otherClassWeight = 0.3

    /// The defaults.
    public init() {}

    /// The settings for a person.
    var text: String { "half-life \(Int(halfLifeDays)) d, other days \(otherClassWeight)" }
  }

  /// The share of a day's hours that must be measured.
  private static let wholeShare = 0.9
  /// The fewest whole days.
  public static let fewestDays = 4

  private struct Seen {
    let start: Date
    let isOff: Bool
    let hours: [Double]
  }

  /// A local day while its hours are added up.
  private struct Sum {
    let number: Int
    let start: Date
    let isOff: Bool
    var hours = [Double](repeating: 0, count: 24)
    var known = 0.0
  }

  private let days: [Seen]
  private let calendar: SiteCalendar
  private let settings: Settings
  private let now: Date

  /// How many whole days it has learned from.
  public var dayCount: Int { days.count }

  /// The energy of each whole day, kWh, by its midnight, oldest first.
  var energies: [(start: Date, energy: Double)] {
    days.map { ($0.start, $0.hours.reduce(0, +)) }
  }

  private init(days: [Seen], calendar: SiteCalendar, settings: Settings, now: Date) {
    self.days = days
    self.calendar = calendar
    self.settings = settings
    self.now = now
  }

  /// The same, knowing only the days before an instant.
  func known(before instant: Date) -> DailyDemand {
    DailyDemand(
      days: days.filter { $0.start < instant }, calendar: calendar, settings: settings,
      now: instant)
  }

  /// Learns from measured power before an instant; `nil` while there are too few whole days.
  ///
  /// - Parameter power: hourly means or finer.
  public init?(
    _ power: Series<Watts>, calendar: SiteCalendar, before now: Date,
    settings: Settings = Settings()
  ) {
    let stepHours = Double(power.grid.stepSeconds) / 3_600
    var sums: [Sum] = []
    for index in power.grid.indices where power.grid.date(at: index + 1) <= now {
      guard let value = power[index]?.rawValue else { continue }
      let time = power.grid.date(at: index)
      let (number, minute) = calendar.clock(at: time)
      if sums.last?.number != number {
        sums.append(
          Sum(
            number: number, start: calendar.startOfDay(for: time),
            isOff: calendar.wallTime(at: time).isDayOff))
      }
      sums[sums.count - 1].hours[min(23, minute / 60)] += max(0, value) / 1_000 * stepHours
      sums[sums.count - 1].known += stepHours
    }
    days = sums.filter { $0.known >= Self.wholeShare * 24 }.map {
      Seen(start: $0.start, isOff: $0.isOff, hours: $0.hours)
    }
    guard days.count >= Self.fewestDays else { return nil }
    self.calendar = calendar
    self.settings = settings
    self.now = now
  }

  /// What the local day that holds an instant takes.
  public func day(holding instant: Date) -> Day {
    let isOff = calendar.wallTime(at: instant).isDayOff
    let weighted = days.map { day -> (Seen, Double) in
      let age = now.timeIntervalSince(day.start) / 86_400
      return (
        day,
        exp2(-age / settings.halfLifeDays) * (day.isOff == isOff ? 1 : settings.otherClassWeight)
      )
    }
    let quantiles = EmpiricalQuantile.weighted(
      weighted.map { ($0.hours.reduce(0, +), $1) }, [0.1, 0.5, 0.9])
    let hourly = (0..<24).map { hour in weighted.reduce(0) { $0 + $1.0.hours[hour] * $1.1 } }
    let total = max(hourly.reduce(0, +), 1e-9)
    var taken = 0.0
    return Day(
      p10: KilowattHours(quantiles[0]), p50: KilowattHours(quantiles[1]),
      p90: KilowattHours(quantiles[2]),
      takenByHour: hourly.map { energy in
        taken += energy / total
        return Fraction(min(1, taken))
      })
  }
}
