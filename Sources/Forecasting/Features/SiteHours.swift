// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// The hours of a grid by the clock on the wall: which local day and which hour each one is.
///
/// On the day the clock goes forward an hour of the wall does not exist, on the day it goes back one
/// exists twice; both hours of the doubled one share a cell.
public struct SiteHours: Sendable {
  /// A local day.
  public struct Day: Sendable, Hashable {
    /// Its date.
    public let date: CivilDate
    /// 1 is Monday, 7 is Sunday.
    public let weekday: Int
    /// Saturday, Sunday or holiday.
    public let isOff: Bool
    /// A public holiday.
    public let isHoliday: Bool
    /// 0 at the start of January, 1 at its end a year later.
    public let yearShare: Double
  }

  /// The hours.
  public let grid: TimeGrid
  /// The local days that the grid touches, from two before it to three after it, so that a day's
  /// neighbours are always there.
  public let days: [Day]
  /// The place in `days` of each hour.
  public let day: [Int]
  /// The hour of the wall of each hour, 0…23.
  public let hour: [Int]

  /// Days before the first day of the grid.
  static let daysBefore = 2

  /// The hours of a grid at a site.
  ///
  /// - Precondition: steps of one hour.
  public init(grid: TimeGrid, calendar: SiteCalendar) {
    precondition(grid.stepSeconds == 3_600, "the steps are hours")
    self.grid = grid
    var (day, hour): ([Int], [Int]) = ([], [])
    var first: Int?
    var last = 0
    for index in grid.indices {
      let (number, minute) = calendar.clock(at: grid.date(at: index))
      let origin = first ?? number
      first = origin
      last = number - origin
      day.append(last + Self.daysBefore)
      hour.append(minute / 60)
    }
    self.day = day
    self.hour = hour
    let origin = first ?? 0
    days = (-Self.daysBefore...last + 3).map { offset in
      let date = SiteCalendar.civilDate(daysSince1970: origin + offset)
      let isHoliday = calendar.holidays.isHoliday(date)
      let weekday = (((origin + offset + 3) % 7) + 7) % 7 + 1
      let january = Self.dayNumber(of: CivilDate(year: date.year, month: 1, day: 1))
      return Day(
        date: date, weekday: weekday, isOff: weekday >= 6 || isHoliday, isHoliday: isHoliday,
        yearShare: Double(origin + offset - january) / 365.25)
    }
  }

  /// The hours of a local day inside the grid.
  public func hours(ofDay place: Int) -> Range<Int> {
    let first = day.partitioningIndex { $0 >= place }
    let last = day.partitioningIndex { $0 > place }
    return first..<last
  }

  /// The first hour of a local day whose wall clock shows at least `wallHour`.
  public func index(ofDay place: Int, hour wallHour: Int) -> Int? {
    hours(ofDay: place).first { hour[$0] >= wallHour }
  }

  /// Days since 1970-01-01.
  ///
  /// Source: H. Hinnant, chrono-compatible low-level date algorithms, `days_from_civil`, 2013.
  static func dayNumber(of date: CivilDate) -> Int {
    let year = date.month <= 2 ? date.year - 1 : date.year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let monthFromMarch = (date.month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + date.day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension Array {
  /// The first place whose element fulfils a condition that stays fulfilled from there on.
  func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
