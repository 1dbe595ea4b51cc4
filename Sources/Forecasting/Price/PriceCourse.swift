// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// The usual course of day-ahead prices over a day, and the level they have now.
struct PriceCourse: Sendable {
  /// Days that teach the course.
  static let windowDays = 28
  /// The fewest whole days for a course.
  static let fewestDays = 7
  /// How much less a day of one class counts than the next newer one.
  static let keptPerDay = 0.93
  /// The share of the newest day's deviation from the usual level that lasts to the next day.
  ///
  /// Source: the best of those tried on Belgium 2023–2024 and Germany 2019–2021
  /// (`docs/models/load-forecast.md`, prices).
  static let keptDeviation = 0.5
  /// A day is whole when this share of its hours is known.
  private static let wholeShare = 0.9

  private struct Day {
    let number: Int
    let isOff: Bool
    /// By hour of the wall.
    let hours: [Double?]
    let mean: Double
  }

  private let days: [Day]
  private let weekMean: Double
  private let classMeans: [Bool: Double]
  private let allMean: Double
  private let levelSpread: Double

  /// - Parameter series: prices in order of time; a later series overrides an earlier one.
  init?(_ series: [Series<PricePerKilowattHour>], calendar: SiteCalendar) {
    let days = Array(Self.days(series, calendar: calendar).suffix(Self.windowDays))
    guard days.count >= Self.fewestDays else { return nil }
    self.days = days
    weekMean = days.suffix(7).map(\.mean).mean ?? 0
    let allMean = days.map(\.mean).mean ?? 0
    self.allMean = allMean
    let classMeans = Dictionary(grouping: days, by: \.isOff)
      .mapValues { $0.map(\.mean).mean ?? allMean }
    self.classMeans = classMeans
    let steps = zip(days.dropFirst(), days).map { day, before in
      day.mean - (classMeans[day.isOff] ?? allMean) - before.mean
        + (classMeans[before.isOff] ?? allMean)
    }
    levelSpread = (steps.map { $0 * $0 }.mean ?? 0).squareRoot()
  }

  /// The price at a time; `nil` when its hour was never seen on its class of days.
  func price(at time: SiteCalendar.WallTime) -> (low: Double, middle: Double, high: Double)? {
    let hour = min(23, time.minuteOfDay / 60)
    let deviations = days.reversed().filter { $0.isOff == time.isDayOff }.compactMap { day in
      day.hours[hour].map { $0 - day.mean }
    }
    guard deviations.count >= 2, let newest = days.last else { return nil }
    let weighted = deviations.enumerated().map {
      ($0.element, pow(Self.keptPerDay, Double($0.offset)))
    }
    let total = weighted.reduce(0) { $0 + $1.1 }
    let course = weighted.reduce(0) { $0 + $1.0 * $1.1 } / total
    let ahead = max(1, SiteHours.dayNumber(of: time.date) - newest.number)
    let kept = pow(Self.keptDeviation, Double(ahead))
    let deviation = newest.mean - usualLevel(isOff: newest.isOff)
    let middle = usualLevel(isOff: time.isDayOff) + kept * deviation + course
    // 1.28 spreads of a normal distribution hold four fifths.
    let level = 1.28 * levelSpread * min(2, Double(ahead)).squareRoot()
    let quantiles = EmpiricalQuantile.weighted(weighted, [0.1, 0.9]).map { $0 - course }
    let below = (quantiles[0] * quantiles[0] + level * level).squareRoot()
    let above = (quantiles[1] * quantiles[1] + level * level).squareRoot()
    return (middle - below, middle, middle + above)
  }

  /// The level of the last week as it is on a class of days.
  private func usualLevel(isOff: Bool) -> Double {
    weekMean + (classMeans[isOff] ?? allMean) - allMean
  }

  private static func days(
    _ series: [Series<PricePerKilowattHour>], calendar: SiteCalendar
  ) -> [Day] {
    var hours: [Int: [[Double]]] = [:]
    var off: [Int: Bool] = [:]
    for part in series {
      let times = calendar.wallTimes(on: part.grid)
      for index in part.grid.indices {
        guard let price = part[index]?.rawValue else { continue }
        let number = SiteHours.dayNumber(of: times[index].date)
        off[number] = times[index].isDayOff
        let hour = min(23, times[index].minuteOfDay / 60)
        hours[number, default: Array(repeating: [], count: 24)][hour].append(price)
      }
    }
    return hours.sorted { $0.key < $1.key }.compactMap { number, cells in
      let known = cells.compactMap(\.mean)
      guard Double(known.count) >= wholeShare * 24, let mean = known.mean else { return nil }
      return Day(number: number, isOff: off[number] ?? false, hours: cells.map(\.mean), mean: mean)
    }
  }
}
