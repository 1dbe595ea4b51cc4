// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

extension PVForecaster {
  /// The same trees after the days that have passed since: mix, spread and calibration are brought
  /// up to date, and each day is scored as it would have been forecast at noon of the day before.
  ///
  /// - Parameters:
  ///   - history: what was measured and expected.
  ///   - end: nothing later is looked at.
  /// - Throws: `missingFeatures` when `history` lacks sources that the trees want.
  public func advanced(
    _ history: PVHistory, until end: Date
  ) throws(LearningError) -> (forecaster: PVForecaster, trial: ForecastTrial) {
    let hours = history.hours
    let last = history.issueHour(at: end)
    let rows = PVRows(history)
    var (ensemble, errors) = (ensemble, errors)
    var trial = ForecastTrial()
    let start = ensemble.lastIssue ?? .distantPast
    for day in Set(hours.day.prefix(last)).sorted() {
      for issueHour in IssueSchedule.localNoon.issues(onDay: day, hours: hours)
      where issueHour < last && hours.grid.date(at: issueHour) > start {
        ensemble.learn(history, before: issueHour)
        let issue = rows.issue(at: issueHour, schedule: .localNoon)
        guard !issue.targets.isEmpty else { continue }
        let predictions = ensemble.issue(
          issue, trees: try trees?.predictions(issue, history) ?? [], history: history)
        trial.add(
          history.outcomes(of: predictions, targets: issue.targets, before: last),
          reference: history.outcomes(
            of: ensemble.physical(history, issue), targets: issue.targets, before: last))
        if (issue.targets.last ?? last) < last {
          errors.observe(issue.targets, predictions, history)
        }
      }
    }
    ensemble.learn(history, before: last)
    return (PVForecaster(trees: trees, ensemble: ensemble, errors: errors), trial)
  }
}
