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

  /// Days on each side of the same day a year ago whose energies say what the season does to the
  /// ratio of measured and expected energy.
  static let seasonReach = 20
  /// Full-load hours that pull the ratio of a season to 1.
  static let seasonPrior = 3.0
  private static let yearDays = 365

  private struct Day: Sendable, Hashable, Codable {
    let measured: Double
    let expected: Double
  }

  private var detector: CumulativeSum
  private var days: [Day] = []

  /// Only a loss matters: a plant does not grow.
  ///
  /// Source: of those tried on Utrecht 2015 and 2016 with the weather as it was, the rarest false
  /// alarms with a median delay below 20 days for a loss of a fifth (`docs/models/calibration.md`).
  public static var lossSettings: CumulativeSum.Settings {
    var settings = CumulativeSum.Settings()
    settings.side = .below
    settings.allowance = 1
    settings.warningLimit = 4
    settings.alarmLimit = 6
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
    let score = Self.score(measured: measured, expected: expected * seasonRatio)
    days.append(Day(measured: measured, expected: expected))
    if days.count > Self.yearDays + Self.seasonReach { days.removeFirst() }
    return detector.observe(score)
  }

  /// Measured over expected energy around the same day of last year; of all days while there is no
  /// such year.
  private var seasonRatio: Double {
    let centre = days.count - Self.yearDays
    let season = days[
      max(0, centre - Self.seasonReach)..<max(0, centre + Self.seasonReach)]
    let seen = season.count >= Self.seasonReach ? season : days[...]
    let measured = seen.reduce(Self.seasonPrior) { $0 + $1.measured }
    return measured / seen.reduce(Self.seasonPrior) { $0 + $1.expected }
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
