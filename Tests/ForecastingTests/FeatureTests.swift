// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Features")
struct FeatureTests {
  @Test("there are at least a hundred, named once, each with when it is known")
  func catalogue() {
    let all = FeatureCatalogue.tables.flatMap(\.features)
    #expect(all.count >= 100)
    #expect(Set(all.map(\.name)).count == all.count)
    for knowledge in FeatureKnowledge.allCases {
      #expect(all.contains { $0.knowledge == knowledge })
    }
  }

  private static let reference = "baselines/cz_holidays_2015_2035.csv"

  @Test(
    "Czech holidays are those of the reference, day by day for twenty-one years",
    .enabled(
      if: ReferenceMaterial.has(reference),
      Comment(rawValue: ReferenceMaterial.missing(reference))))
  func holidays() throws {
    let text = try String(contentsOf: ReferenceMaterial.url(Self.reference), encoding: .utf8)
    let expected = Set(text.split(separator: "\n").dropFirst().map { String($0.prefix(10)) })
    #expect(expected.count == 272)
    let start = SiteHours.dayNumber(of: CivilDate(year: 2015, month: 1, day: 1))
    let end = SiteHours.dayNumber(of: CivilDate(year: 2036, month: 1, day: 1))
    let calendar = SiteCalendar(timeZone: .gmt, holidays: .czechRepublic)
    let found = (start..<end).map {
      calendar.wallTime(at: Date(timeIntervalSince1970: Double($0) * 86_400))
    }.filter(\.isHoliday).map { "\($0.date)" }
    #expect(Set(found) == expected)
  }

  /// Source of the expected days: the calendars printed by the countries' governments.
  @Test(
    "knows the holidays of other countries",
    arguments: [
      ("US", "2016-11-24", true), ("US", "2016-12-26", true), ("US", "2017-01-02", true),
      ("US", "2017-05-29", true), ("US", "2016-11-25", false), ("US", "2017-01-16", true),
      ("DE", "2016-05-16", true), ("DE", "2016-10-03", true), ("DE", "2016-11-01", false),
      ("DE", "2016-05-05", true), ("AU", "2012-01-02", true), ("AU", "2011-12-27", true),
      ("AU", "2012-01-26", true), ("AU", "2012-04-25", true), ("AU", "2012-04-26", false),
    ])
  func countries(country: String, date: String, isHoliday: Bool) throws {
    let holidays = try #require(HolidayCalendar(rawValue: country))
    let parts = date.split(separator: "-").compactMap { Int($0) }
    #expect(
      holidays.isHoliday(CivilDate(year: parts[0], month: parts[1], day: parts[2])) == isHoliday)
  }

  /// 2026-03-29 in Prague: 02 does not exist; as a lag it is the mean of 01 and 03.
  @Test("bridges the hour that the spring day does not have")
  func spring() {
    let grid = TimeGrid(start: instant("2026-03-28T23:00:00Z"), stepSeconds: 3_600, count: 23)
    let hours = SiteHours(grid: grid, calendar: SyntheticHome.calendar)
    #expect(hours.hour == [0, 1] + Array(3...23))
    let table = WallClockTable(grid.indices.map(Double.init), hours: hours)
    let day = hours.day[0]
    #expect(table.value(day: day, hour: 1, before: 99) == 1)
    #expect(table.value(day: day, hour: 2, before: 99) == 1.5)
    #expect(table.value(day: day, hour: 3, before: 99) == 2)
    // Hour 2 needs the hour at 3, which is over at grid hour 3.
    #expect(table.value(day: day, hour: 2, before: 2) == nil)
    #expect(table.value(day: day, hour: 2, before: 3) == 1.5)
  }

  /// 2026-10-25 in Prague: 02 comes twice and its cell is the mean of both.
  @Test("joins the hour that the autumn day has twice")
  func autumn() {
    let grid = TimeGrid(start: instant("2026-10-24T22:00:00Z"), stepSeconds: 3_600, count: 25)
    let hours = SiteHours(grid: grid, calendar: SyntheticHome.calendar)
    #expect(hours.hour == [0, 1, 2] + Array(2...23))
    let table = WallClockTable(grid.indices.map(Double.init), hours: hours)
    let day = hours.day[0]
    #expect(table.value(day: day, hour: 2, before: 99) == 2.5)
    #expect(table.value(day: day, hour: 2, before: 3) == nil)
    #expect(hours.hours(ofDay: day) == 0..<25)
    #expect(hours.days[day].weekday == 7 && hours.days[day].isOff)
  }

  @Test("a cell exists only when all its hours were over at the issue")
  func knownPast() {
    let grid = SyntheticHome.grid(days: 10)
    let hours = SiteHours(grid: grid, calendar: SyntheticHome.calendar)
    let table = WallClockTable(grid.indices.map(Double.init), hours: hours)
    for issueHour in stride(from: 1, to: grid.count, by: 7) {
      let past = KnownPast(table, issueHour: issueHour)
      for day in 0..<hours.days.count {
        for hour in 0..<24 {
          if let value = past.value(day: day, hour: hour) { #expect(Int(value) < issueHour) }
        }
      }
      #expect(past.last(hours: 3).allSatisfy { Int($0) < issueHour })
      #expect(past.recent(hour: 12, days: 30).allSatisfy { Int($0.value) < issueHour })
    }
  }

  @Test("issues follow the clock on the wall and targets the schedule")
  func schedule() {
    let grid = SyntheticHome.grid(days: 5)
    let hours = SiteHours(grid: grid, calendar: SyntheticHome.calendar)
    let day = hours.day[24]
    #expect(IssueSchedule.localNoon.issues(onDay: day, hours: hours) == [36])
    #expect(IssueSchedule.localNoon.targets(ofIssue: 36, hours: hours) == Array(48..<72))
    let around = IssueSchedule.aroundTheClock
    #expect(around.issues(onDay: day, hours: hours) == [24, 30, 36, 42])
    #expect(around.targets(ofIssue: 36, hours: hours).allSatisfy { (36..<84).contains($0) })
  }
}
