// SPDX-License-Identifier: MIT
public import TimeSeries

/// The days a rule holds on.
public enum DaySelection: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every day.
  case all
  /// Monday to Friday without public holidays.
  case workingDays = "working_days"
  /// Saturdays, Sundays and public holidays.
  case daysOff = "days_off"

  /// Whether the rule holds on a day.
  public func contains(_ time: SiteCalendar.WallTime) -> Bool {
    switch self {
    case .all: true
    case .workingDays: !time.isDayOff
    case .daysOff: time.isDayOff
    }
  }
}

/// A time of day by the clock on the wall, on some days: half-open, and over midnight when the end
/// is not after the start (on the part after midnight, the days are those of that part).
public struct DailyWindow: Sendable, Hashable {
  /// The days.
  public let days: DaySelection
  /// Minutes after midnight at which it begins, 0…1439.
  public let startMinute: Int
  /// Minutes after midnight before which it ends, 1…1440.
  public let endMinute: Int

  /// A window between two minutes of the day; the whole day by default.
  ///
  /// - Precondition: `0..<1440` holds the start, `1...1440` the end.
  public init(days: DaySelection = .all, startMinute: Int = 0, endMinute: Int = 1_440) {
    precondition(
      (0..<1_440).contains(startMinute) && (1...1_440).contains(endMinute),
      "a window lies within one day")
    self.days = days
    self.startMinute = startMinute
    self.endMinute = endMinute
  }

  /// Whether the window is open.
  public func contains(_ time: SiteCalendar.WallTime) -> Bool {
    guard days.contains(time) else { return false }
    if startMinute < endMinute { return (startMinute..<endMinute).contains(time.minuteOfDay) }
    return time.minuteOfDay >= startMinute || time.minuteOfDay < endMinute
  }
}
