// SPDX-License-Identifier: MIT
import TimeSeries

/// When forecasts are issued and for which hours: in training, in evaluation and in the house.
public struct IssueSchedule: Sendable, Hashable, Codable {
  /// What an issue forecasts.
  public enum Targets: Sendable, Hashable, Codable {
    /// All hours of the local day after the issue's.
    case nextDay
    /// The next hours; of these every `stride`-th, beginning elsewhere each time so that all turn up.
    case hours(Int, stride: Int)
  }

  /// The hours of the wall at which is issued.
  public var wallHours: [Int]
  /// For which hours.
  public var targets: Targets

  /// At local noon for the next local day: the protocol of the published comparisons.
  public static let localNoon = IssueSchedule(wallHours: [12], targets: .nextDay)
  /// Four times a day for two days; a third of the rows carries all there is to learn.
  public static let aroundTheClock = IssueSchedule(
    wallHours: [0, 6, 12, 18], targets: .hours(48, stride: 6))

  /// A schedule.
  public init(wallHours: [Int], targets: Targets) {
    self.wallHours = wallHours
    self.targets = targets
  }

  /// The issues on a local day.
  func issues(onDay day: Int, hours: SiteHours) -> [Int] {
    wallHours.compactMap { hours.index(ofDay: day, hour: $0) }
  }

  /// The issues on several local days, in order.
  func issues(onDays days: some Sequence<Int>, hours: SiteHours) -> [Int] {
    days.flatMap { issues(onDay: $0, hours: hours) }
  }

  /// The hours that an issue forecasts.
  func targets(ofIssue issueHour: Int, hours: SiteHours) -> [Int] {
    switch targets {
    case .nextDay:
      return Array(hours.hours(ofDay: hours.day[issueHour] + 1))
    case .hours(let count, let step):
      let first = issueHour + hours.day[issueHour] % max(1, step)
      let last = min(issueHour + count, hours.grid.count)
      return first < last ? Array(stride(from: first, to: last, by: max(1, step))) : []
    }
  }
}
