// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// Forecasts of production as they would have been issued day by day, never with anything later.
public struct PVWalkForward: Sendable {
  /// How it walks.
  public struct Settings: Sendable {
    /// When forecasts are issued.
    public var schedule = IssueSchedule.localNoon
    /// Days between trainings.
    public var refitDays = 28
    /// Days of forecasts before the first scored one, which teach the mix and the calibration.
    public var warmUpDays = 60
    /// How trees are grown.
    public var boosting = PVBoosting()

    /// The defaults.
    public init() {}
  }

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
    let hours = history.hours
    guard let firstDay = hours.day.first, let lastDay = hours.day.last,
      let firstScored = hours.grid.index(of: max(start, hours.grid.start)).map({ hours.day[$0] })
    else { return [] }
    let firstIssued = max(firstDay + 2, firstScored - settings.warmUpDays)
    var rows = PVRows(history)
    for day in firstDay..<max(firstDay, firstIssued - 1) {
      rows.add(day: day, schedule: settings.schedule)
    }
    var ensemble = PVEnsemble()
    var trees: PVTrees?
    var results: [IssuedForecast] = []
    for day in firstIssued...max(firstIssued, lastDay) {
      progress(day - firstIssued, lastDay - firstIssued + 1)
      if (day - firstScored) % settings.refitDays == 0 || day == firstIssued {
        // Targets end two days before the first target of the block.
        let limit = hours.hours(ofDay: day - 1).lowerBound
        trees = try PVTrees(rows, targetsBefore: limit, settings: settings.boosting) ?? trees
      }
      rows.add(day: day - 1, schedule: settings.schedule)
      for issueHour in settings.schedule.issues(onDay: day - 1, hours: hours) {
        let issued = try issue(at: issueHour, rows: rows, trees: trees, ensemble: &ensemble)
        if day >= firstScored { results += issued.filter { $0.target >= start } }
      }
    }
    progress(1, 1)
    return results
  }

  /// What needs no trees, for the same issues and targets: unbiased physics with the spread that the
  /// plant has shown.
  public func physicalForecasts(from start: Date) -> [IssuedForecast] {
    let hours = history.hours
    guard
      let firstScored = hours.grid.index(of: max(start, hours.grid.start)).map({ hours.day[$0] }),
      let lastDay = hours.day.last, let firstDay = hours.day.first
    else { return [] }
    let rows = PVRows(history)
    var ensemble = PVEnsemble()
    var results: [IssuedForecast] = []
    let firstIssued = max(firstDay + 2, firstScored - settings.warmUpDays)
    for day in firstIssued...max(firstIssued, lastDay) {
      for issueHour in settings.schedule.issues(onDay: day - 1, hours: hours) {
        let issue = rows.issue(at: issueHour, schedule: settings.schedule)
        ensemble.learn(history, before: issueHour)
        _ = ensemble.issue(issue, trees: [], history: history)
        guard day >= firstScored else { continue }
        let predictions = ensemble.physical(history, issue)
        results += zip(issue.targets, predictions).compactMap { index, prediction in
          let target = hours.grid.date(at: index)
          return target < start
            ? nil
            : IssuedForecast(
              issuedAt: hours.grid.date(at: issueHour), target: target,
              actual: history.actual(index), prediction)
        }
      }
    }
    return results
  }

  private func issue(
    at issueHour: Int, rows: PVRows, trees: PVTrees?, ensemble: inout PVEnsemble
  ) throws(LearningError) -> [IssuedForecast] {
    let issue = rows.issue(at: issueHour, schedule: settings.schedule)
    guard !issue.targets.isEmpty else { return [] }
    ensemble.learn(history, before: issueHour)
    let predictions = ensemble.issue(
      issue, trees: try trees?.predictions(issue, history) ?? [], history: history)
    let grid = history.hours.grid
    return zip(issue.targets, predictions).map { index, prediction in
      IssuedForecast(
        issuedAt: grid.date(at: issueHour), target: grid.date(at: index),
        actual: history.actual(index), prediction)
    }
  }
}
