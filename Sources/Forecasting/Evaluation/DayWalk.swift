// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// How a history is walked through.
public struct WalkForwardSettings<Boosting: Sendable>: Sendable {
  /// When forecasts are issued.
  public var schedule = IssueSchedule.localNoon
  /// Days between trainings.
  public var refitDays = 28
  /// Days of forecasts before the first scored one, which teach the mix and the calibration.
  public var warmUpDays: Int
  /// How trees are grown.
  public var boosting: Boosting
  /// Whether trees of load are grown for working days and days off apart.
  public var separatesClasses = false

  /// A walk with trainings every four weeks.
  public init(warmUpDays: Int, boosting: Boosting) {
    self.warmUpDays = warmUpDays
    self.boosting = boosting
  }
}

/// The order of events of a walk through a history: what may be learned when, whatever is forecast.
struct DayWalk<Boosting: Sendable> {
  let hours: SiteHours
  let settings: WalkForwardSettings<Boosting>

  /// The forecasts of all targets from `start` on.
  ///
  /// - Parameters:
  ///   - learn: told the local days whose issues are over, in order.
  ///   - train: told the first hour whose value no training may see, before a block of days.
  ///   - issue: asked for the forecasts of each issue.
  ///   - progress: told the days done and the days in all.
  func forecasts(
    from start: Date, progress: (Int, Int) -> Void = { _, _ in }, learn: (Int) -> Void,
    train: (Int) throws(LearningError) -> Void,
    issue: (Int) throws(LearningError) -> [IssuedForecast]
  ) throws(LearningError) -> [IssuedForecast] {
    guard let firstDay = hours.day.first, let lastDay = hours.day.last,
      let firstScored = hours.grid.index(of: max(start, hours.grid.start)).map({ hours.day[$0] })
    else { return [] }
    let firstIssued = max(firstDay + 2, firstScored - settings.warmUpDays)
    for day in firstDay..<max(firstDay, firstIssued - 1) { learn(day) }
    var results: [IssuedForecast] = []
    for day in firstIssued...max(firstIssued, lastDay) {
      progress(day - firstIssued, lastDay - firstIssued + 1)
      if (day - firstScored) % settings.refitDays == 0 || day == firstIssued {
        // Targets end two days before the first target of the block.
        try train(hours.hours(ofDay: day - 1).lowerBound)
      }
      learn(day - 1)
      for issueHour in settings.schedule.issues(onDay: day - 1, hours: hours) {
        let issued = try issue(issueHour)
        if day >= firstScored { results += issued.filter { $0.target >= start } }
      }
    }
    progress(1, 1)
    return results
  }

  /// The predictions of an issue as forecasts beside what came.
  func issued(
    at issueHour: Int, _ targets: [Int], _ predictions: [QuantileTrees.Prediction],
    actual: (Int) -> Double?
  ) -> [IssuedForecast] {
    zip(targets, predictions).map { index, prediction in
      IssuedForecast(
        issuedAt: hours.grid.date(at: issueHour), target: hours.grid.date(at: index),
        actual: actual(index), prediction)
    }
  }
}
