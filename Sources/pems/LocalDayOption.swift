// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import TimeSeries

extension CommandLineInput {
  /// The midnight that begins the local day an option names; `nil` when the option is left out.
  func midnight(_ option: String, in calendar: SiteCalendar) throws(CommandLineError) -> Date? {
    guard let text = string(option) else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard parts.count == 3 else { throw Self.noDay(text, option) }
    let day = CivilDate(year: parts[0], month: parts[1], day: parts[2])
    // the calendar carries 31 February over into March
    guard let midnight = calendar.instant(on: day, minuteOfDay: 0),
      calendar.wallTime(at: midnight).date == day
    else { throw Self.noDay(text, option) }
    return midnight
  }

  private static func noDay(_ text: String, _ option: String) -> CommandLineError {
    .usage("--\(option): '\(text)' is not a day such as 2026-01-12")
  }
}
