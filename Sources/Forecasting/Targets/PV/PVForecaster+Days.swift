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
    var lessons = PVLessons(ensemble: ensemble, errors: errors)
    var trial = ForecastTrial()
    let start = ensemble.lastIssue ?? .distantPast
    let days = Set(hours.day.prefix(last)).sorted()
    for issueHour in IssueSchedule.localNoon.issues(onDays: days, hours: hours)
    where issueHour < last && hours.grid.date(at: issueHour) > start {
      try lessons.tried(rows, trees, at: issueHour, until: last).map { trial.add($0) }
    }
    lessons.ensemble.learn(history, before: last)
    return (PVForecaster(trees: trees, lessons: lessons), trial)
  }
}

/// What a plant teaches about the use of its trees.
struct PVLessons {
  var ensemble = PVEnsemble()
  /// Whole days of error, for courses.
  var errors = PVErrorDays()

  /// Issues a forecast of the day after a noon that has passed; `nil` where that day is not known.
  mutating func tried(
    _ rows: PVRows, _ trees: PVTrees?, at issueHour: Int, until last: Int
  ) throws(LearningError) -> TriedForecast? {
    let history = rows.history
    ensemble.learn(history, before: issueHour)
    let issue = rows.issue(at: issueHour, schedule: .localNoon)
    guard let end = issue.targets.last else { return nil }
    let predictions = ensemble.issue(
      issue, trees: try trees?.predictions(issue, history) ?? [], history: history)
    if end < last { errors.observe(issue.targets, predictions, history) }
    return TriedForecast(
      came: history.outcomes(of: predictions, targets: issue.targets, before: last),
      simple: history.outcomes(
        of: ensemble.physical(history, issue), targets: issue.targets, before: last))
  }
}
