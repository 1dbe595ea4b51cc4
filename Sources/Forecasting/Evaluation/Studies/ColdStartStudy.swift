// SPDX-License-Identifier: MIT
import Foundation
public import Learning
import TimeSeries

/// What forecasts are worth in the first weeks of a plant or a home: the same days are forecast with
/// only some days of history before them.
public struct ColdStartStudy: Sendable {
  /// One length of history, the mean over all starts.
  public struct Row: Sendable, Hashable, Codable {
    /// Days that were known before the first forecast day.
    public let days: Int
    /// Hours that were scored.
    public let count: Int
    /// The error of the forecaster: root mean square of the mean for PV, mean absolute of the median
    /// for load, W.
    public let error: Double
    /// The same error of what needs no learning: physics × bias for PV, the last known same hour for
    /// load, W.
    public let reference: Double
    /// Share inside P10…P90.
    public let coverage: Double
  }

  /// The lengths of history that are tried, days.
  public var lengths = [3, 7, 14, 30, 60]
  /// How many first days are tried, spread evenly over what lies after the longest history.
  public var starts = 7
  /// Days that are forecast from each start.
  public var scoredDays = 30
  /// Days between trainings: a young home is learned anew every week.
  public var refitDays = 7
  /// How trees of load are grown.
  public var boosting = BoostingSettings()
  /// How trees of PV are grown.
  public var pvBoosting = PVBoosting()

  /// The defaults.
  public init() {}

  /// PV against unbiased physics.
  public func rows(
    _ history: PVHistory, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> [Row] {
    try rows(hours: history.hours, progress: progress) { range, start throws(LearningError) in
      let part = history.part(range)
      var settings = PVWalkForward.Settings()
      settings.refitDays = refitDays
      settings.boosting = pvBoosting
      let walk = PVWalkForward(part, settings: settings)
      let forecasts = try walk.forecasts(from: start)
      return zip(forecasts, walk.physicalForecasts(from: start)).compactMap { own, plain in
        own.outcome.map { Scored(outcome: $0, reference: plain.mean) }
      }
    } error: { scored in
      (
        scored.rootMeanSquare { $0.outcome.mean - $0.outcome.actual },
        scored.rootMeanSquare { $0.reference - $0.outcome.actual }
      )
    }
  }

  /// Load against the last known same hour.
  public func rows(
    _ history: LoadHistory, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> [Row] {
    try rows(hours: history.hours, progress: progress) { range, start throws(LearningError) in
      let part = history.part(range)
      var settings = LoadWalkForward.Settings()
      settings.refitDays = refitDays
      settings.boosting = boosting
      let grid = part.hours.grid
      return try LoadWalkForward(part, settings: settings).forecasts(from: start).compactMap {
        forecast in
        guard let outcome = forecast.outcome, let index = grid.index(of: forecast.target),
          let issue = grid.index(of: forecast.issuedAt)
        else { return nil }
        let known = KnownPast(part.table, issueHour: issue)
        return known.newest(hour: part.hours.hour[index], before: part.hours.day[index]).map {
          Scored(outcome: outcome, reference: $0)
        }
      }
    } error: { scored in
      (
        scored.meanAbsolute { $0.outcome.p50 - $0.outcome.actual },
        scored.meanAbsolute { $0.reference - $0.outcome.actual }
      )
    }
  }

  // MARK: - Pieces

  fileprivate struct Scored {
    let outcome: ForecastOutcome
    let reference: Double
  }

  private func rows(
    hours: SiteHours, progress: (Int, Int) -> Void,
    forecasts: (Range<Int>, Date) throws(LearningError) -> [Scored],
    error: ([Scored]) -> (own: Double, reference: Double)
  ) throws(LearningError) -> [Row] {
    let firstDays = self.firstDays(hours)
    var rows: [Row] = []
    for (number, length) in lengths.enumerated() {
      var scored: [Scored] = []
      for (place, day) in firstDays.enumerated() {
        progress(number * firstDays.count + place, lengths.count * firstDays.count)
        let start = hours.hours(ofDay: day).lowerBound
        let end = hours.hours(ofDay: day + scoredDays).lowerBound
        let known = hours.hours(ofDay: day - length).lowerBound
        scored += try forecasts(known..<end, hours.grid.date(at: start))
      }
      guard let scores = ForecastScores(scored.map(\.outcome)) else { continue }
      let errors = error(scored)
      rows.append(
        Row(
          days: length, count: scored.count, error: errors.own, reference: errors.reference,
          coverage: scores.coverage))
    }
    progress(1, 1)
    return rows
  }

  /// The first forecast days, as places of local days.
  private func firstDays(_ hours: SiteHours) -> [Int] {
    guard let first = hours.day.first, let last = hours.day.last else { return [] }
    let earliest = first + (lengths.max() ?? 0) + 1
    let latest = last - scoredDays
    guard earliest <= latest else { return [] }
    let count = max(1, min(starts, latest - earliest + 1))
    return (0..<count).map { earliest + (latest - earliest) * $0 / max(1, count - 1) }
  }
}

extension [ColdStartStudy.Scored] {
  fileprivate func rootMeanSquare(_ value: (Element) -> Double) -> Double {
    (reduce(0) { $0 + value($1) * value($1) } / Double(Swift.max(1, count))).squareRoot()
  }

  fileprivate func meanAbsolute(_ value: (Element) -> Double) -> Double {
    reduce(0) { $0 + abs(value($1)) } / Double(Swift.max(1, count))
  }
}
