// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// Watches day by day whether a plant still gives what physics expects of it.
///
/// The score of a day is the relative difference of measured and expected energy, at most one, and
/// counts less the darker the day was expected to be: a dark day says little. It belongs on weather
/// as it was measured or analysed afterwards, so that a bad forecast is not taken for a broken plant.
public struct PlantDrift: Sendable, Hashable, Codable {
  /// Expected full-load hours below which a day is judged as if they had been expected.
  static let smallestExpectation = 0.35
  /// Expected full-load hours from which a day counts in full.
  static let brightExpectation = 1.5

  private var detector: CumulativeSum

  /// Only a loss matters: a plant does not grow.
  public static var lossSettings: CumulativeSum.Settings {
    var settings = CumulativeSum.Settings()
    settings.side = .below
    settings.allowance = 0.5
    settings.warningLimit = 6
    settings.alarmLimit = 10
    return settings
  }

  /// A watch that knows nothing yet.
  public init(settings: CumulativeSum.Settings = PlantDrift.lossSettings) {
    detector = CumulativeSum(settings: settings)
  }

  /// The score of a day from full-load hours (energy over capacity).
  public static func score(measured: Double, expected: Double) -> Double {
    let relative = (measured - expected) / max(expected, smallestExpectation)
    return min(1, max(-1, relative)) * min(1, expected / brightExpectation)
  }

  /// Takes a day that is over, in full-load hours.
  public mutating func observe(measured: Double, expected: Double) -> DriftState {
    detector.observe(Self.score(measured: measured, expected: expected))
  }
}

extension PlantDrift {
  /// The days on which a loss was told, each as the start of its local day.
  ///
  /// - Parameters:
  ///   - history: physics of measured or analysed weather, where there is such.
  ///   - end: nothing later is looked at.
  public static func alarms(_ history: PVHistory, until end: Date) -> [Date] {
    var watch = PlantDrift()
    let grid = history.hours.grid
    return history.dailyEnergies(before: history.issueHour(at: end)).compactMap { day in
      watch.observe(measured: day.measured, expected: day.expected) == .alarm
        ? grid.date(at: day.firstHour) : nil
    }
  }
}

extension PVHistory {
  /// Measured and expected full-load hours of each day of which four fifths are known and free.
  func dailyEnergies(
    before limit: Int
  ) -> [(firstHour: Int, measured: Double, expected: Double)] {
    guard let first = hours.day.first, let last = hours.day.last else { return [] }
    return (first...last).compactMap { day in
      let range = hours.hours(ofDay: day)
      guard range.upperBound <= limit else { return nil }
      let daylight = range.filter { sun.isDay[$0] }
      let pairs = daylight.compactMap { index in
        freeActual(index).flatMap { actual in physics[index].map { (actual, $0) } }
      }
      guard !pairs.isEmpty, pairs.count * 5 >= daylight.count * 4 else { return nil }
      return (
        range.lowerBound, pairs.reduce(0) { $0 + $1.0 } / capacity,
        pairs.reduce(0) { $0 + $1.1 } / capacity
      )
    }
  }
}
