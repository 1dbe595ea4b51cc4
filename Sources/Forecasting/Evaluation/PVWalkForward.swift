// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// Forecasts of production as they would have been issued day by day, never with anything later.
public struct PVWalkForward: Sendable {
  /// How it walks.
  public typealias Settings = WalkForwardSettings<PVBoosting>

  let history: PVHistory
  let settings: Settings

  /// Over a history.
  public init(_ history: PVHistory, settings: Settings = Settings()) {
    self.history = history
    self.settings = settings
  }

  /// The forecasts of all targets from `start` on.
  ///
  /// - Parameter progress: told the days done and the days in all.
  /// - Throws: `LearningError` of the boosting library.
  public func forecasts(
    from start: Date, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> [IssuedForecast] {
    let walk = DayWalk(hours: history.hours, settings: settings)
    var rows = PVRows(history)
    var ensemble = PVEnsemble()
    var trees: PVTrees?
    return try walk.forecasts(
      from: start, progress: progress,
      learn: { rows.add(day: $0, schedule: settings.schedule) },
      train: { limit throws(LearningError) in
        trees = try PVTrees(rows, targetsBefore: limit, settings: settings.boosting) ?? trees
      },
      issue: { issueHour throws(LearningError) in
        let issue = rows.issue(at: issueHour, schedule: settings.schedule)
        guard !issue.targets.isEmpty else { return [] }
        ensemble.learn(history, before: issueHour)
        let predictions = ensemble.issue(
          issue, trees: try trees?.predictions(issue, history) ?? [], history: history)
        return walk.issued(
          at: issueHour, issue.targets, predictions, actual: history.actual)
      })
  }

  /// What needs no trees, for the same issues and targets: unbiased physics with the spread that the
  /// plant has shown.
  public func physicalForecasts(from start: Date) -> [IssuedForecast] {
    let walk = DayWalk(hours: history.hours, settings: settings)
    let rows = PVRows(history)
    var ensemble = PVEnsemble()
    // Nothing is trained, so nothing can fail.
    let forecasts = try? walk.forecasts(
      from: start, learn: { _ in }, train: { _ in },
      issue: { issueHour in
        let issue = rows.issue(at: issueHour, schedule: settings.schedule)
        ensemble.learn(history, before: issueHour)
        _ = ensemble.issue(issue, trees: [], history: history)
        return walk.issued(
          at: issueHour, issue.targets, ensemble.physical(history, issue),
          actual: history.actual)
      })
    return forecasts ?? []
  }
}

extension WalkForwardSettings<PVBoosting> {
  /// The defaults for production.
  public init() { self.init(warmUpDays: 60, boosting: PVBoosting()) }
}
