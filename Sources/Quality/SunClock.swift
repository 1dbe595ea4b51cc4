// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Finds sources whose clock observes summer time: the middle of their production steps by an hour
/// on the last Sundays of March and October, which the sun does not.
///
/// The step is fitted beside the season's own drift, on clear days only, because autumn, trees and
/// weather move the middle of a cloudy day by as much.
enum SunClock {
  /// Days before and after a change that are looked at.
  private static let reach = 35
  /// A day is clear when it gives this share of the best day within a week of it.
  private static let clearShare = 0.6
  private static let fewestClearDays = 5
  /// The step of all changes together must be above this with 99 % certainty, in hours.
  private static let decisiveStep = 0.5
  private static let certainty = 2.5
  private static let day = 86_400.0

  private struct Noon {
    let day: Int
    let hour: Double
    let energy: Double
  }

  /// How far the noon steps at one change, in the direction that a wall clock would.
  private struct Step {
    let day: Int
    let hours: Double
    let error: Double
  }

  static func findings(in samples: [Sample]) -> [Finding] {
    let noons = dailyNoons(samples)
    guard let first = noons.first?.day, let last = noons.last?.day else { return [] }
    let steps = (first...last).compactMap { change -> Step? in
      let date = SiteCalendar(timeZone: .gmt).wallTime(
        at: Date(timeIntervalSince1970: Double(change) * day)
      ).date
      let weekday = SiteCalendar(timeZone: .gmt).wallTime(
        at: Date(timeIntervalSince1970: Double(change) * day)
      ).weekday
      guard weekday == 7, date.day >= 25, [3, 10].contains(date.month) else { return nil }
      return step(at: change, in: noons, direction: date.month == 3 ? 1 : -1)
    }
    let weight = steps.reduce(0) { $0 + 1 / ($1.error * $1.error) }
    guard weight > 0 else { return [] }
    let mean = steps.reduce(0) { $0 + $1.hours / ($1.error * $1.error) } / weight
    guard mean - certainty / weight.squareRoot() > decisiveStep else { return [] }
    return steps.filter { $0.hours > decisiveStep }.map { step in
      let time = Date(timeIntervalSince1970: Double(step.day) * day)
      let hours = String(format: "%.2f ± %.2f", step.hours, step.error)
      return Finding(
        .daylightSaving, in: time...time.addingTimeInterval(day), count: 1,
        message: "the sun's noon steps by \(hours) h with the clocks: the times are those of a "
          + "wall clock, declare its zone")
    }
  }

  /// The step at a change by least squares of the noon over day and step; days far off are left out.
  private static func step(at change: Int, in noons: [Noon], direction: Double) -> Step? {
    let near = noons.filter { $0.day != change && abs($0.day - change) <= reach }
    var clear = near.filter { noon in
      let best = near.filter { abs($0.day - noon.day) <= 7 }.map(\.energy).max() ?? 0
      return noon.energy >= clearShare * best
    }
    var fit: (coefficients: [Double], variance: Double)?
    for _ in 0..<3 {
      guard clear.count(where: { $0.day < change }) >= fewestClearDays,
        clear.count(where: { $0.day > change }) >= fewestClearDays
      else { return nil }
      let rows = clear.map { [1, Double($0.day - change), $0.day > change ? 1 : 0] }
      fit = leastSquares(rows, clear.map(\.hour))
      guard let coefficients = fit?.coefficients else { return nil }
      let residuals = zip(rows, clear).map { row, noon in
        abs(noon.hour - zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 })
      }
      let middle = residuals.sorted()[residuals.count / 2] * 1.4826 + 1e-3
      clear = zip(clear, residuals).filter { $0.1 <= certainty * middle }.map(\.0)
    }
    guard let fit else { return nil }
    // Labels of hours and quarter-hours move the middle by less than this.
    let error = max(0.05, fit.variance.squareRoot())
    return Step(day: change, hours: fit.coefficients[2] * direction, error: error)
  }

  /// Ordinary least squares of three columns, with the variance of the last coefficient.
  private static func leastSquares(
    _ rows: [[Double]], _ values: [Double]
  ) -> (coefficients: [Double], variance: Double)? {
    var system = (0..<3).map { row in
      (0..<3).map { column in rows.reduce(0) { $0 + $1[row] * $1[column] } }
        + [zip(rows, values).reduce(0) { $0 + $1.0[row] * $1.1 }, row == 2 ? 1 : 0]
    }
    for pivot in 0..<3 {
      guard abs(system[pivot][pivot]) > 1e-9 else { return nil }
      let scale = system[pivot][pivot]
      system[pivot] = system[pivot].map { $0 / scale }
      for row in 0..<3 where row != pivot {
        let factor = system[row][pivot]
        system[row] = zip(system[row], system[pivot]).map { $0 - factor * $1 }
      }
    }
    let coefficients = system.map { $0[3] }
    let squares = zip(rows, values).reduce(0) { sum, pair in
      let residual = pair.1 - zip(pair.0, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + residual * residual
    }
    return (coefficients, squares / Double(max(1, rows.count - 3)) * system[2][4])
  }

  /// The middle of each day's production in hours, for days with enough of it, in order.
  private static func dailyNoons(_ samples: [Sample]) -> [Noon] {
    var sums: [Int: (weight: Double, moment: Double, count: Int)] = [:]
    for sample in samples where sample.value > 0 {
      let seconds = sample.time.timeIntervalSince1970
      let date = Int((seconds / day).rounded(.down))
      let hour = (seconds - Double(date) * day) / 3_600
      let old = sums[date] ?? (0, 0, 0)
      sums[date] = (old.weight + sample.value, old.moment + sample.value * hour, old.count + 1)
    }
    return sums.filter { $0.value.count >= 6 }.map {
      Noon(day: $0.key, hour: $0.value.moment / $0.value.weight, energy: $0.value.weight)
    }.sorted { $0.day < $1.day }
  }
}
