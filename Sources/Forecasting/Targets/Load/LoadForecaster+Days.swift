// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

extension LoadForecaster {
  /// The same trees after the days that have passed since: mix, level and calibration are brought up
  /// to date, and each day is scored as it would have been forecast at noon of the day before.
  ///
  /// - Parameters:
  ///   - history: what was measured.
  ///   - end: nothing later is looked at.
  /// - Throws: `missingFeatures` when `history` lacks weather that the trees want.
  public func advanced(
    _ history: LoadHistory, until end: Date
  ) throws(LearningError) -> (forecaster: LoadForecaster, trial: ForecastTrial) {
    let hours = history.hours
    let last = history.issueHour(at: end)
    var ensemble = ensemble
    var trial = ForecastTrial()
    let start = ensemble.lastIssue ?? .distantPast
    let days = Set(hours.day.prefix(last)).sorted()
    for issueHour in IssueSchedule.localNoon.issues(onDays: days, hours: hours)
    where issueHour < last && hours.grid.date(at: issueHour) > start {
      try ensemble.tried(history, trees, at: issueHour, until: last).map { trial.add($0) }
    }
    ensemble.learn(history, before: last)
    return (LoadForecaster(trees: trees, ensemble: ensemble), trial)
  }
}

extension LoadEnsemble {
  /// Issues a forecast of the day after a noon that has passed; `nil` where that day is not known.
  mutating func tried(
    _ history: LoadHistory, _ trees: GrownLoadTrees?, at issueHour: Int, until last: Int
  ) throws(LearningError) -> TriedForecast? {
    learn(history, before: issueHour)
    let targets = IssueSchedule.localNoon.targets(ofIssue: issueHour, hours: history.hours)
    guard !targets.isEmpty else { return nil }
    let issue = LoadIssue(history, issueHour: issueHour, targets: targets)
    let experts = try (trees?.predictions(issue, history) ?? []) + [issue.climatology]
    let predictions = self.issue(issue, experts: experts, history: history)
    return TriedForecast(
      came: history.outcomes(of: predictions, targets: targets, before: last),
      simple: history.outcomes(of: issue.climatology, targets: targets, before: last))
  }
}
