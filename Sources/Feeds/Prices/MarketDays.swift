// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// The local days of a market.
struct MarketDays {
  let calendar: SiteCalendar

  /// Central European time, by which the European day-ahead market counts its days.
  static let centralEuropean = MarketDays(zone: "Europe/Brussels")

  init(zone: String) {
    calendar = SiteCalendar(timeZone: TimeZone(identifier: zone) ?? .gmt)
  }

  /// The days that a time touches, each from midnight to midnight.
  func days(in range: Range<Date>) -> [(date: CivilDate, range: Range<Date>)] {
    var days: [(date: CivilDate, range: Range<Date>)] = []
    var cursor = range.lowerBound
    while cursor < range.upperBound {
      let day = calendar.day(holding: cursor)
      days.append((calendar.wallTime(at: day.lowerBound).date, day))
      cursor = day.upperBound
    }
    return days
  }

  /// The start of unit `index` (from 1) of a day, and `nil` when the day has no such unit.
  func start(of index: Int, seconds: Int, on date: CivilDate) -> Date? {
    guard let midnight = calendar.instant(on: date, minuteOfDay: 0) else { return nil }
    let day = calendar.day(holding: midnight)
    let start = day.lowerBound.addingTimeInterval(Double((index - 1) * seconds))
    return index >= 1 && start < day.upperBound ? start : nil
  }
}
