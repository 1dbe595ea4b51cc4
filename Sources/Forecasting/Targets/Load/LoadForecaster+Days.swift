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
    for day in Set(hours.day.prefix(last)).sorted() {
      for issueHour in IssueSchedule.localNoon.issues(onDay: day, hours: hours)
      where issueHour < last && hours.grid.date(at: issueHour) > start {
        ensemble.learn(history, before: issueHour)
        let targets = IssueSchedule.localNoon.targets(ofIssue: issueHour, hours: hours)
        guard !targets.isEmpty else { continue }
        let issue = LoadIssue(history, issueHour: issueHour, targets: targets)
        let experts = try (trees?.predictions(issue, history) ?? []) + [issue.climatology]
        let predictions = ensemble.issue(issue, experts: experts, history: history)
        trial.add(
          history.outcomes(of: predictions, targets: targets, before: last),
          reference: history.outcomes(of: issue.climatology, targets: targets, before: last))
      }
    }
    ensemble.learn(history, before: last)
    return (LoadForecaster(trees: trees, ensemble: ensemble), trial)
  }
}
