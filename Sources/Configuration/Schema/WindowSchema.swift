// SPDX-License-Identifier: MIT
import Household

/// The keys `days`, `from` and `to`, which are the same wherever a time of day is meant.
enum WindowSchema {
  /// The whole day where no time is given; over midnight where the end is not after the start.
  static func window(_ section: Section) -> DailyWindow {
    DailyWindow(
      days: section.choice("days", default: .all),
      startMinute: section.minuteOfDay("from", in: 0...1_439, default: 0),
      endMinute: section.minuteOfDay("to", in: 1...1_440, default: 1_440))
  }
}
