// SPDX-License-Identifier: MIT
public import Foundation

/// Civil time at a site: the one place where UTC becomes wall-clock time, weekdays and holidays.
///
/// Days begin at local midnight and have 23, 24 or 25 hours (92, 96 or 100 quarter-hours).
public struct SiteCalendar: Sendable, Hashable {
  /// The site's zone of the tz database.
  public let timeZone: TimeZone
  /// The public holidays that count as days off.
  public let holidays: HolidayCalendar
  private let calendar: Calendar

  /// The civil time of a zone with the holidays of a country.
  public init(timeZone: TimeZone, holidays: HolidayCalendar = .none) {
    self.timeZone = timeZone
    self.holidays = holidays
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    self.calendar = calendar
  }

  /// What the wall clock and the calendar on the wall say at an instant.
  public struct WallTime: Sendable, Hashable {
    /// The day.
    public let date: CivilDate
    /// Minutes since midnight by the clock on the wall, 0…1439; repeated or skipped at DST changes.
    public let minuteOfDay: Int
    /// 1 is Monday, 7 is Sunday.
    public let weekday: Int
    /// Whether it is Saturday, Sunday or a public holiday.
    public let isDayOff: Bool
    /// Whether the day is a public holiday.
    public let isHoliday: Bool

    /// The hour by the clock on the wall with its fraction, 0 ..< 24.
    public var hour: Double { Double(minuteOfDay) / 60 }
  }

  /// The wall time at an instant.
  public func wallTime(at instant: Date) -> WallTime {
    wallTime(at: instant, offset: timeZone.secondsFromGMT(for: instant))
  }

  /// The wall time at the start of each step of a grid; much faster than one by one, because the
  /// zone is asked once between two changes of its clock.
  public func wallTimes(on grid: TimeGrid) -> [WallTime] {
    var offset = 0
    var validUntil = Date.distantPast
    return grid.indices.map { index in
      let instant = grid.date(at: index)
      if instant >= validUntil {
        offset = timeZone.secondsFromGMT(for: instant)
        validUntil = timeZone.nextDaylightSavingTimeTransition(after: instant) ?? .distantFuture
      }
      return wallTime(at: instant, offset: offset)
    }
  }

  private func wallTime(at instant: Date, offset: Int) -> WallTime {
    let local = Int(instant.timeIntervalSince1970.rounded(.down)) + offset
    let days = Int((Double(local) / 86_400).rounded(.down))
    let date = Self.civilDate(daysSince1970: days)
    let weekday = (((days + 3) % 7) + 7) % 7 + 1
    let isHoliday = holidays.isHoliday(date)
    return WallTime(
      date: date, minuteOfDay: (local - days * 86_400) / 60, weekday: weekday,
      isDayOff: weekday >= 6 || isHoliday, isHoliday: isHoliday)
  }

  /// The first instant of the local day that holds `instant`.
  public func startOfDay(for instant: Date) -> Date { calendar.startOfDay(for: instant) }

  /// The local day `offset` days after the one that holds `instant`, from midnight to midnight.
  public func day(holding instant: Date, offset: Int = 0) -> Range<Date> {
    let noon = startOfDay(for: instant).addingTimeInterval(12 * 3_600 + Double(offset) * 86_400)
    let start = startOfDay(for: noon)
    return start..<startOfDay(for: start.addingTimeInterval(36 * 3_600))
  }

  /// The instant at which the wall clock first shows `minuteOfDay` (0…1440) on `date`, or the first
  /// instant after it when the clock skips that time. `nil` for a day the calendar does not have.
  public func instant(on date: CivilDate, minuteOfDay: Int) -> Date? {
    let noon = DateComponents(year: date.year, month: date.month, day: date.day, hour: 12)
    guard let middle = calendar.date(from: noon), wallTime(at: middle).date == date else {
      return nil
    }
    let parts = DateComponents(
      year: date.year, month: date.month, day: date.day, hour: minuteOfDay / 60,
      minute: minuteOfDay % 60)
    guard let found = calendar.date(from: parts) else { return nil }
    guard wallTime(at: found).minuteOfDay != minuteOfDay % 1_440 else { return found }
    // Foundation goes on by the length of the gap; the gap's end is what follows the skipped time.
    let transition = timeZone.nextDaylightSavingTimeTransition(
      after: found.addingTimeInterval(-6 * 3_600))
    return transition.map { min($0, found) } ?? found
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01.
  ///
  /// Source: H. Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`, 2013.
  public static func civilDate(daysSince1970 days: Int) -> CivilDate {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return CivilDate(year: year, month: month, day: day)
  }
}
