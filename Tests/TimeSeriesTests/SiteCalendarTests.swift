// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Site calendar")
struct SiteCalendarTests {
  let prague: SiteCalendar

  init() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Prague"))
    prague = SiteCalendar(timeZone: zone, holidays: .czechRepublic)
  }

  @Test(
    "days have 92, 96 or 100 quarter-hours",
    arguments: [
      ("2026-03-28T12:00:00Z", 96), ("2026-03-29T12:00:00Z", 92), ("2026-03-30T12:00:00Z", 96),
      ("2026-10-24T12:00:00Z", 96), ("2026-10-25T12:00:00Z", 100), ("2026-10-26T12:00:00Z", 96),
    ])
  func lengths(noon: String, expected: Int) {
    #expect(
      TimeGrid(covering: prague.day(holding: instant(noon)), stepSeconds: 900).count == expected)
  }

  @Test("a day begins at local midnight and is followed by the next without a gap")
  func days() {
    let day = prague.day(holding: instant("2026-03-29T12:00:00Z"))
    #expect(day.lowerBound == instant("2026-03-28T23:00:00Z"))
    #expect(day.upperBound == instant("2026-03-29T22:00:00Z"))
    #expect(prague.day(holding: day.lowerBound) == day)
    #expect(prague.day(holding: day.lowerBound, offset: 1).lowerBound == day.upperBound)
    #expect(prague.day(holding: day.lowerBound, offset: -1).upperBound == day.lowerBound)
    let year = prague.day(holding: day.lowerBound, offset: 365)
    #expect(year.lowerBound == instant("2027-03-28T22:00:00Z"))
  }

  @Test(
    "the clock on the wall skips an hour in spring and repeats one in autumn",
    arguments: [
      ("2026-03-29T00:59:59Z", 119), ("2026-03-29T01:00:00Z", 180),
      ("2026-10-25T00:59:00Z", 179), ("2026-10-25T01:00:00Z", 120),
      ("2026-10-25T01:59:00Z", 179), ("2026-10-25T02:00:00Z", 180),
    ])
  func wallClock(time: String, minute: Int) {
    #expect(prague.wallTime(at: instant(time)).minuteOfDay == minute)
  }

  @Test("minutes of the day, dates and weekdays go on over midnight")
  func midnight() {
    let before = prague.wallTime(at: instant("2026-10-25T22:59:59Z"))
    #expect(before.date == CivilDate(year: 2026, month: 10, day: 25))
    #expect(before.minuteOfDay == 1_439)
    #expect(before.weekday == 7)
    let after = prague.wallTime(at: instant("2026-10-25T23:00:00Z"))
    #expect(after.date == CivilDate(year: 2026, month: 10, day: 26))
    #expect(after.minuteOfDay == 0)
    #expect(after.weekday == 1)
  }

  @Test("weekends and public holidays are days off")
  func daysOff() {
    let saturday = prague.wallTime(at: instant("2026-03-28T12:00:00Z"))
    #expect(saturday.isDayOff && !saturday.isHoliday)
    let christmasEve = prague.wallTime(at: instant("2026-12-24T12:00:00Z"))
    #expect(christmasEve.isDayOff && christmasEve.isHoliday && christmasEve.weekday == 4)
    let monday = prague.wallTime(at: instant("2026-03-30T12:00:00Z"))
    #expect(!monday.isDayOff && !monday.isHoliday)
  }

  @Test("the holiday is that of the local date, not of the date in UTC")
  func localHoliday() {
    // 23:30 UTC on 30 April is half past one on 1 May in Prague.
    #expect(prague.wallTime(at: instant("2026-04-30T23:30:00Z")).isHoliday)
  }

  @Test("an instant is found from date and clock, the first where the clock shows it twice")
  func instants() {
    let spring = CivilDate(year: 2026, month: 3, day: 29)
    let autumn = CivilDate(year: 2026, month: 10, day: 25)
    #expect(prague.instant(on: spring, minuteOfDay: 60) == instant("2026-03-29T00:00:00Z"))
    #expect(prague.instant(on: spring, minuteOfDay: 180) == instant("2026-03-29T01:00:00Z"))
    #expect(prague.instant(on: autumn, minuteOfDay: 150) == instant("2026-10-25T00:30:00Z"))
    #expect(prague.instant(on: autumn, minuteOfDay: 180) == instant("2026-10-25T02:00:00Z"))
  }

  @Test("a time that the clock skips is the first instant after it")
  func skippedTime() {
    let spring = CivilDate(year: 2026, month: 3, day: 29)
    for minute in [120, 150, 179] {
      #expect(prague.instant(on: spring, minuteOfDay: minute) == instant("2026-03-29T01:00:00Z"))
    }
  }

  @Test("24:00 is the next midnight, and a day that does not exist has no instant")
  func edges() {
    let last = CivilDate(year: 2026, month: 3, day: 28)
    #expect(prague.instant(on: last, minuteOfDay: 1_440) == instant("2026-03-28T23:00:00Z"))
    #expect(prague.instant(on: CivilDate(year: 2026, month: 2, day: 29), minuteOfDay: 0) == nil)
    #expect(prague.instant(on: CivilDate(year: 2028, month: 2, day: 29), minuteOfDay: 0) != nil)
  }

  @Test("the date agrees with Foundation's calendar on any day", arguments: 0..<20)
  func dates(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = prague.timeZone
    for _ in 0..<50 {
      // 1950 to 2100.
      let time = Date(timeIntervalSince1970: Double.random(in: -631e6...4_102e6, using: &random))
      let wall = prague.wallTime(at: time)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .weekday], from: time)
      #expect(wall.date.year == parts.year && wall.date.month == parts.month)
      #expect(wall.date.day == parts.day)
      #expect(wall.minuteOfDay == (parts.hour ?? 0) * 60 + (parts.minute ?? 0))
      #expect(wall.weekday == ((parts.weekday ?? 0) + 5) % 7 + 1)
    }
  }
}

@Suite("Days of many zones")
struct DayStartTests {
  /// Zones whose clocks change at midnight, a minute after it, by half an hour, by a whole day, or never.
  private static let zones = [
    "Europe/Prague", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "America/Goose_Bay", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut", "Pacific/Apia",
    "Africa/Casablanca", "GMT",
  ]

  @Test("begin where Foundation's calendar begins them", arguments: zones)
  func starts(zone: String) throws {
    let timeZone = try #require(TimeZone(identifier: zone))
    let ours = SiteCalendar(timeZone: timeZone)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    var random = SplitMix64(seed: 5)
    // 1990 to 2060, and the hours around each change of the clock.
    var instants = (0..<2_000).map { _ in
      Date(timeIntervalSince1970: Double.random(in: 631e6...2_840e6, using: &random))
    }
    var change = Date(timeIntervalSince1970: 900_000_000)
    while let next = timeZone.nextDaylightSavingTimeTransition(after: change),
      next.timeIntervalSince1970 < 2_600_000_000
    {
      change = next
      instants += (-50...50).map { next.addingTimeInterval(Double($0) * 1_801) }
    }
    // One expectation for all: thousands of them take seconds.
    let wrong = instants.filter { instant in
      let parts = calendar.dateComponents([.day, .hour, .minute], from: instant)
      let wall = ours.wallTime(at: instant)
      return ours.startOfDay(for: instant) != calendar.startOfDay(for: instant)
        || wall.date.day != parts.day
        || wall.minuteOfDay != (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }
    #expect(wrong.isEmpty)
  }
}

@Suite("Wall times of a grid")
struct WallTimesTests {
  @Test(
    "are those of its instants one by one, over a year with both changes of the clock",
    arguments: ["Europe/Prague", "Australia/Lord_Howe", "Asia/Kathmandu"])
  func equalOneByOne(zone: String) throws {
    let calendar = SiteCalendar(timeZone: try #require(TimeZone(identifier: zone)))
    let grid = TimeGrid(
      start: Date(timeIntervalSince1970: 1_767_225_600), stepSeconds: 900, count: 96 * 365)
    #expect(calendar.wallTimes(on: grid) == grid.dates.map(calendar.wallTime(at:)))
  }
}
