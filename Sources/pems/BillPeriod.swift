// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import TimeSeries

/// The local days of a bill, as far as they are over: `--date` and `--days` of `pems tariff --bill`.
///
/// With a day but no number of days the bill is that of the rest of its month, with a number but no day
/// that of so many days up to today, with neither that of this month so far.
struct BillPeriod: Equatable {
  /// From a local midnight to a later one, or to the last whole step that is over.
  let range: Range<Date>

  /// - Parameters:
  ///   - firstDay: the midnight that begins the first day; `nil` when none was named.
  ///   - days: how many local days; `nil` when none were named.
  ///   - stepSeconds: how long the meter's steps are; the running one is not billed.
  /// - Throws: `usage` when nothing of the time is over.
  init(
    from firstDay: Date?, days: Int?, now: Date, calendar: SiteCalendar, stepSeconds: Int = 900
  ) throws(CommandLineError) {
    guard (1...3_660).contains(days ?? 1) else {
      throw .usage("--days: \(days ?? 1) is not in 1…3660 days")
    }
    let start =
      if let firstDay { firstDay } else if let days {
        calendar.day(holding: now, offset: 1 - days).lowerBound
      } else { Self.month(holding: now, calendar).lowerBound }
    let end =
      if let days { calendar.day(holding: start, offset: days - 1).upperBound } else {
        Self.month(holding: start, calendar).upperBound
      }
    let past = min(end, TimeGrid.floor(now, stepSeconds: stepSeconds))
    guard start < past else { throw Self.nothingYet(start, now, calendar) }
    range = start..<past
  }

  /// The local month that holds an instant.
  private static func month(holding instant: Date, _ calendar: SiteCalendar) -> Range<Date> {
    let date = calendar.wallTime(at: instant).date
    let next =
      date.month == 12
      ? CivilDate(year: date.year + 1, month: 1, day: 1)
      : CivilDate(year: date.year, month: date.month + 1, day: 1)
    let today = calendar.day(holding: instant)
    // A calendar without the first of a month has the day instead.
    let first = calendar.instant(
      on: CivilDate(year: date.year, month: date.month, day: 1), minuteOfDay: 0)
    return
      (first ?? today.lowerBound)..<(calendar.instant(on: next, minuteOfDay: 0) ?? today.upperBound)
  }

  private static func nothingYet(
    _ start: Date, _ now: Date, _ calendar: SiteCalendar
  ) -> CommandLineError {
    let thisMonth = month(holding: now, calendar)
    let monthBefore = month(holding: thisMonth.lowerBound - 1, calendar).lowerBound
    let advice =
      start == thisMonth.lowerBound
      ? "the month before is --date \(calendar.wallTime(at: monthBefore).date)"
      : "choose an earlier --date, or leave it out for this month"
    return .usage(
      "nothing of \(calendar.wallTime(at: start).date) is over yet, so there is nothing to bill; "
        + advice)
  }
}
