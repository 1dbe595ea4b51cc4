// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Holiday calendar")
struct HolidayCalendarTests {
  private static let listPath = "baselines/cz_holidays_2015_2035.csv"

  private func holidays(of year: Int) -> [String] {
    (1...12).flatMap { month in
      (1...31).map { CivilDate(year: year, month: month, day: $0) }
    }.filter { HolidayCalendar.czechRepublic.isHoliday($0) }.map(\.description)
  }

  /// By the law's list of days and the church's calendar; Good Friday is a holiday since 2016.
  @Test(
    "the Czech holidays of a year are those of the law",
    arguments: [
      (2015, ["04-06"]), (2016, ["03-25", "03-28"]), (2024, ["03-29", "04-01"]),
      (2026, ["04-03", "04-06"]),
    ])
  func year(year: Int, easter: [String]) {
    let fixed = [
      "01-01", "05-01", "05-08", "07-05", "07-06", "09-28", "10-28", "11-17", "12-24", "12-25",
      "12-26",
    ]
    #expect(holidays(of: year) == (fixed + easter).sorted().map { "\(year)-\($0)" })
  }

  /// CNMC Circular 3/2020, article 7: Epiphany, and national holidays of a fixed date.
  @Test("Spain has the days on which access tariffs count as a Sunday, and no movable ones")
  func spain() {
    let days = (1...12).flatMap { month in
      (1...31).map { CivilDate(year: 2026, month: month, day: $0) }
    }.filter { HolidayCalendar.spain.isHoliday($0) }.map { "\($0.description.dropFirst(5))" }
    #expect(
      days == [
        "01-01", "01-06", "05-01", "08-15", "10-12", "11-01", "12-06", "12-08", "12-25",
      ])
  }

  @Test(
    "they agree with the list of another program from 2015 to 2035",
    .enabled(
      if: ReferenceMaterial.has(listPath), Comment(rawValue: ReferenceMaterial.missing(listPath))))
  func list() throws {
    let text = try String(contentsOf: ReferenceMaterial.url(Self.listPath), encoding: .utf8)
    let listed = text.split(whereSeparator: \.isNewline).dropFirst().map { String($0.prefix(10)) }
    #expect(listed.count > 250)
    #expect((2015...2035).flatMap(holidays(of:)) == listed)
  }

  /// The earliest and latest Easter of the Gregorian calendar are in 1818 and 1943.
  @Test(
    "Easter is on the days of the church's tables",
    arguments: [
      (1818, "1818-03-22"), (1943, "1943-04-25"), (1961, "1961-04-02"), (2000, "2000-04-23"),
      (2025, "2025-04-20"), (2038, "2038-04-25"),
    ])
  func easter(year: Int, expected: String) {
    #expect(HolidayCalendar.easterSunday(year: year).description == expected)
  }

  @Test("without a country no day is a holiday")
  func none() {
    #expect(!HolidayCalendar.none.isHoliday(CivilDate(year: 2026, month: 12, day: 25)))
  }
}
