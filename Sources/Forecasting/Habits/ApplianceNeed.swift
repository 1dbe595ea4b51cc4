// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// What an appliance is expected to take within a window.
public struct ApplianceNeed: Sendable, Hashable, Codable {
  /// From the end of the last window until it must be done.
  public let window: Range<Date>
  /// Energy of the whole window exceeded with probability 0.9.
  public let p10: KilowattHours
  /// The median.
  public let p50: KilowattHours
  /// Energy exceeded with probability 0.1.
  public let p90: KilowattHours
  /// What was taken of it already.
  public let taken: KilowattHours

  /// A need.
  public init(
    window: Range<Date>, p10: KilowattHours, p50: KilowattHours, p90: KilowattHours,
    taken: KilowattHours
  ) {
    self.window = window
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.taken = taken
  }

  /// What is still to come, as often more as less.
  public var missing: KilowattHours { max(.zero, p50 - taken) }
}

extension Appliance {
  /// The windows that hold an instant or come after it, each a local day long and ending when the
  /// appliance must be done.
  public func windows(at now: Date, days: Int, calendar: SiteCalendar) -> [Range<Date>] {
    let ends = (-1...days + 1).compactMap { offset -> Date? in
      let midnight = calendar.day(holding: now, offset: offset).lowerBound
      return calendar.instant(
        on: calendar.wallTime(at: midnight).date, minuteOfDay: readyByMinute)
    }
    return zip(ends, ends.dropFirst()).map { $0..<$1 }.filter { $0.upperBound > now }
  }
}

extension DailyDemand {
  /// What is needed in each window; what was measured in it already is told.
  func needs(windows: [Range<Date>], _ power: Series<Watts>) -> [ApplianceNeed] {
    windows.map { window in
      // Most of a window that ends in the morning belongs to the day before.
      let middle = window.lowerBound.addingTimeInterval(
        window.upperBound.timeIntervalSince(window.lowerBound) / 2)
      let day = day(holding: middle)
      let taken = power.grid.indices.reduce(0.0) { sum, index in
        guard window.contains(power.grid.date(at: index)), let value = power[index] else {
          return sum
        }
        return sum + max(0, value.kilowatts) * power.grid.stepHours
      }
      return ApplianceNeed(
        window: window, p10: day.p10, p50: day.p50, p90: day.p90, taken: KilowattHours(taken))
    }
  }
}
