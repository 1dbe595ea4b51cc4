// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// Forecasts of base load as they would have been issued day by day, never with anything later.
public struct LoadWalkForward: Sendable {
  /// How it walks.
  public struct Settings: Sendable {
    /// When forecasts are issued.
    public var schedule = IssueSchedule.localNoon
    /// Days between trainings.
    public var refitDays = 28
    /// Days of forecasts before the first scored one, which teach the mix and the calibration.
    public var warmUpDays = 30
    /// How trees are grown.
    public var boosting = BoostingSettings()

    /// The defaults.
    public init() {}
  }

  let history: LoadHistory
  let settings: Settings

  /// Over a history.
  public init(_ history: LoadHistory, settings: Settings = Settings()) {
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
    guard let firstDay = hours.day.first, let lastDay = hours.day.last else { return [] }
    let firstScored = hours.grid.index(of: max(start, hours.grid.start)).map { hours.day[$0] }
    guard let firstScored else { return [] }
    let firstIssued = max(firstDay + 2, firstScored - settings.warmUpDays)
    var rows = LoadRows(history)
    for day in firstDay..<max(firstDay, firstIssued - 1) {
      rows.add(day: day, schedule: settings.schedule)
    }
    var ensemble = LoadEnsemble()
    var trees: LoadTrees?
    var results: [IssuedForecast] = []
    for day in firstIssued...max(firstIssued, lastDay) {
      progress(day - firstIssued, lastDay - firstIssued + 1)
      if (day - firstScored) % settings.refitDays == 0 || day == firstIssued {
        // Targets end two days before the first target of the block.
        let limit = hours.hours(ofDay: day - 1).lowerBound
        trees = try LoadTrees(rows, targetsBefore: limit, settings: settings.boosting) ?? trees
      }
      rows.add(day: day - 1, schedule: settings.schedule)
      for issueHour in settings.schedule.issues(onDay: day - 1, hours: hours) {
        let issued = try issue(at: issueHour, trees: trees, ensemble: &ensemble)
        if day >= firstScored { results += issued.filter { $0.target >= start } }
      }
    }
    progress(1, 1)
    return results
  }

  private func issue(
    at issueHour: Int, trees: LoadTrees?, ensemble: inout LoadEnsemble
  ) throws(LearningError) -> [IssuedForecast] {
    let hours = history.hours
    let targets = settings.schedule.targets(ofIssue: issueHour, hours: hours)
    guard !targets.isEmpty else { return [] }
    ensemble.learn(history, before: issueHour)
    let issue = LoadIssue(history, issueHour: issueHour, targets: targets)
    let experts = try (trees?.predictions(issue) ?? []) + [issue.climatology]
    let predictions = ensemble.issue(issue, experts: experts, history: history)
    return zip(targets, predictions).map { index, prediction in
      IssuedForecast(
        issuedAt: hours.grid.date(at: issueHour), target: hours.grid.date(at: index),
        actual: history.actual(index), prediction)
    }
  }
}
