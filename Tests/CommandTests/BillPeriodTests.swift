// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// Expected instants are by hand: Prague is an hour before UTC, from the last Sunday of March (the 29th
/// in 2026, 01:00 UTC) to that of October (the 25th) two hours.
@Suite("Which days pems tariff --bill bills")
struct BillPeriodTests {
  private let prague: SiteCalendar

  init() throws {
    prague = SiteCalendar(timeZone: try #require(TimeZone(identifier: "Europe/Prague")))
  }

  private func period(
    from day: String? = nil, days: Int? = nil, now: String, in calendar: SiteCalendar? = nil
  ) throws -> Range<Date> {
    try BillPeriod(
      from: day.map { instant($0) }, days: days, now: instant(now), calendar: calendar ?? prague
    ).range
  }

  @Test(
    "without a day it is the local month so far, up to the last quarter-hour that is over",
    arguments: [
      // the clock has changed in between
      ("2026-03-30T10:07:31Z", "2026-02-28T23:00:00Z", "2026-03-30T10:00:00Z"),
      // it is still March in UTC, but April on the wall
      ("2026-03-31T22:30:00Z", "2026-03-31T22:00:00Z", "2026-03-31T22:30:00Z"),
      // 25 October lasts 25 hours
      ("2026-10-25T23:15:00Z", "2026-09-30T22:00:00Z", "2026-10-25T23:15:00Z"),
      // December goes on into no thirteenth month
      ("2026-12-31T22:59:59Z", "2026-11-30T23:00:00Z", "2026-12-31T22:45:00Z"),
    ])
  func monthSoFar(now: String, start: String, end: String) throws {
    #expect(try period(now: now) == instant(start)..<instant(end))
  }

  @Test("west of Greenwich the month begins later than in UTC")
  func elsewhere() throws {
    let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
    // 1 November 2026, 03:00 UTC is 31 October, 20:00 at seven hours behind
    let range = try period(now: "2026-11-01T03:00:00Z", in: SiteCalendar(timeZone: zone))
    #expect(range == instant("2026-10-01T07:00:00Z")..<instant("2026-11-01T03:00:00Z"))
  }

  @Test("a day alone is billed to the end of its month, days alone are the last ones")
  func eitherAlone() throws {
    let now = "2026-11-22T07:20:00Z"
    #expect(
      try period(from: "2026-03-09T23:00:00Z", now: now)
        == instant("2026-03-09T23:00:00Z")..<instant("2026-03-31T22:00:00Z"))
    #expect(
      try period(from: "2025-12-31T23:00:00Z", now: now)
        == instant("2025-12-31T23:00:00Z")..<instant("2026-01-31T23:00:00Z"))
    #expect(
      try period(days: 2, now: now)
        == instant("2026-11-20T23:00:00Z")..<instant("2026-11-22T07:15:00Z"))
    // 28 and 29 March have 24 and 23 hours
    #expect(
      try period(from: "2026-03-27T23:00:00Z", days: 2, now: now)
        == instant("2026-03-27T23:00:00Z")..<instant("2026-03-29T22:00:00Z"))
  }

  @Test("a time that has not begun is refused, and what to ask for is named")
  func notBegun() {
    for (day, now, advice) in [
      // ten minutes into November
      (String?.none, "2026-10-31T23:10:00Z", "the month before is --date 2026-10-01"),
      ("2027-01-31T23:00:00Z", "2026-11-22T07:20:00Z", "or leave it out for this month"),
    ] {
      #expect {
        try period(from: day, now: now)
      } throws: { error in
        guard case CommandLineError.usage(let text) = error else { return false }
        return text.hasSuffix(advice)
      }
    }
    #expect(throws: CommandLineError.self) {
      try period(days: 0, now: "2026-11-22T07:20:00Z")
    }
  }
}
