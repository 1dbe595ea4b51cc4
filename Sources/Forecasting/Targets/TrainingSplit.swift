// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Where a training is cut: days that teach trees, and behind them days on which these trees are tried.
struct TrainingSplit {
  let hours: SiteHours
  /// Hours of the grid from here on are not looked at.
  let last: Int
  let firstDay: Int
  let lastDay: Int
  /// The first day of which the tried trees have seen nothing.
  let firstValidated: Int

  init(_ hours: SiteHours, last: Int, plan: TrainingPlan) {
    self.hours = hours
    self.last = last
    firstDay = hours.day.first ?? 0
    lastDay = last > 0 ? hours.day[last - 1] : firstDay
    firstValidated = max(firstDay + 2, lastDay - plan.validationDays)
  }

  /// The first hour of which the tried trees have seen nothing.
  var held: Int { hours.hours(ofDay: firstValidated).lowerBound }

  /// Days whose issues teach the trees that are tried.
  var learnedDays: Range<Int> { firstDay..<max(firstDay, firstValidated - 1) }

  /// Days whose issues are tried; none in a house of a few hours.
  var triedDays: Range<Int> { learnedDays.upperBound..<max(learnedDays.upperBound, lastDay + 1) }

  /// The issues that are tried.
  var triedIssues: [Int] {
    IssueSchedule.localNoon.issues(onDays: triedDays, hours: hours).filter { $0 < last }
  }
}
