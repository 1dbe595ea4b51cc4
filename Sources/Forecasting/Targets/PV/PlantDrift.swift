// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// Watches day by day whether a plant still gives what physics expects of it.
///
/// Physics is moved by what the season and the last months did to it. It belongs on weather as it was
/// measured or analysed afterwards, so that a bad forecast is not taken for a broken plant.
public struct PlantDrift: Sendable, Hashable, Codable {
  /// How the days are judged.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// How much likelier the day is after a loss: in use.
    case likelihoodRatio = "likelihood ratio"
    /// Robust sums of a score of each day.
    case cumulativeSum = "cumulative sum"
    /// The distance from the mean of that score.
    case pageHinkley = "Page–Hinkley"
  }

  /// Expected full-load hours below which a day is judged as if they had been expected.
  static let smallestExpectation = 0.35
  /// Expected full-load hours from which a day counts in full.
  static let brightExpectation = 1.5

  /// Days on each side of the same day a year ago whose energies say what the season does to the
  /// ratio of measured and expected energy.
  static let seasonReach = 30
  /// Full-load hours that pull the ratio of a season to 1.
  static let seasonPrior = 3.0
  /// The days, counted back, whose level beside last year's season is taken over in part.
  static let levelDays = 30..<90
  /// Full-load hours that pull the level to 1.
  static let levelPrior = 20.0
  /// The power of the level that is taken over.
  static let levelShare = 0.3
  private static let yearDays = 365

  private struct Day: Sendable, Hashable, Codable {
    let measured: Double
    let expected: Double
    /// Expected by the season of last year.
    let seasonal: Double
  }

  private let method: Method
  private var likelihood = LossLikelihood()
  private var sum: CumulativeSum
  private var hinkley = PageHinkley()
  private var days: [Day] = []

  /// A watch that knows nothing yet.
  public init(method: Method = .likelihoodRatio) {
    self.method = method
    var settings = CumulativeSum.Settings()
    settings.side = .below
    settings.allowance = 1
    settings.warningLimit = 4
    settings.alarmLimit = 6
    sum = CumulativeSum(settings: settings)
  }

  /// The score of a day from full-load hours (energy over capacity): the relative difference, at most
  /// one, which counts less the darker the day was expected to be.
  public static func score(measured: Double, expected: Double) -> Double {
    let relative = (measured - expected) / max(expected, smallestExpectation)
    return min(1, max(-1, relative)) * min(1, expected / brightExpectation)
  }

  /// Takes a day that is over, in full-load hours.
  public mutating func observe(measured: Double, expected: Double) -> DriftState {
    let seasonal = expected * seasonRatio
    let usual = seasonal * level
    days.append(Day(measured: measured, expected: expected, seasonal: seasonal))
    if days.count > Self.yearDays + Self.seasonReach { days.removeFirst() }
    switch method {
    case .likelihoodRatio: return likelihood.observe(measured: measured, expected: usual)
    case .cumulativeSum: return sum.observe(Self.score(measured: measured, expected: seasonal))
    case .pageHinkley: return hinkley.observe(Self.score(measured: measured, expected: seasonal))
    }
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

  /// What the last months were beside the season of last year.
  private var level: Double {
    let end = max(0, days.count - Self.levelDays.lowerBound)
    let seen = days[max(0, days.count - Self.levelDays.upperBound)..<end]
    let measured = seen.reduce(Self.levelPrior) { $0 + $1.measured }
    return pow(measured / seen.reduce(Self.levelPrior) { $0 + $1.seasonal }, Self.levelShare)
  }
}

extension PlantDrift {
  /// An alarm is news for so many days.
  static let newsDays = 14.0

  /// What an owner is told.
  public static func finding(_ alarm: Date) -> ModelFinding {
    ModelFinding(
      .pv,
      "since about \(alarm.formatted(.iso8601.year().month().day())) the plant gives less than "
        + "before: look for a failed string, dirt or new shade", isAlert: true)
  }

  /// The day of a loss that is news at the end of a past.
  public static func news(_ past: LearningPast) -> Date? {
    guard let plant = past.plantInWeatherThatWas ?? past.plant,
      let alarm = alarms(plant, until: past.end).last,
      past.end.timeIntervalSince(alarm) < newsDays * 86_400
    else { return nil }
    return alarm
  }

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
