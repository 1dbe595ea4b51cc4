// SPDX-License-Identifier: MIT
public import Foundation

/// Civil time at a site: the one place where UTC becomes wall-clock time, weekdays and holidays.
///
/// Days begin at local midnight and have 23, 24 or 25 hours (92, 96 or 100 quarter-hours).
public struct SiteCalendar: Sendable {
  /// The site's zone of the tz database.
  public let timeZone: TimeZone
  /// The public holidays that count as days off.
  public let holidays: HolidayCalendar
  private let calendar: Calendar
  private let offsets: ZoneOffsets

  /// The civil time of a zone with the holidays of a country. Costs some tenths of a millisecond, keep it.
  public init(timeZone: TimeZone, holidays: HolidayCalendar = .none) {
    self.timeZone = timeZone
    self.holidays = holidays
    offsets = ZoneOffsets(timeZone)
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
    let (number, minute) = clock(at: instant)
    return wallTime(WallDay(number: number, holidays: holidays), minute)
  }

  /// The wall time at the start of each step of a grid; faster than one by one, because dates and
  /// holidays are found once a day.
  public func wallTimes(on grid: TimeGrid) -> [WallTime] {
    var today: WallDay?
    return grid.indices.map { index in
      let (number, minute) = clock(at: grid.date(at: index))
      let day =
        today.flatMap { $0.number == number ? $0 : nil }
        ?? WallDay(number: number, holidays: holidays)
      today = day
      return wallTime(day, minute)
    }
  }

  /// The local day, counted from 1970-01-01, and the minute of the day by the clock on the wall.
  public func clock(at instant: Date) -> (dayNumber: Int, minuteOfDay: Int) {
    let seconds = instant.timeIntervalSince1970
    let offset =
      offsets.span(holding: seconds)?.offset ?? timeZone.secondsFromGMT(for: instant)
    let local = Int(seconds.rounded(.down)) + offset
    let days = Int((Double(local) / 86_400).rounded(.down))
    return (days, (local - days * 86_400) / 60)
  }

  private func wallTime(_ day: WallDay, _ minute: Int) -> WallTime {
    WallTime(
      date: day.date, minuteOfDay: minute, weekday: day.weekday,
      isDayOff: day.weekday >= 6 || day.isHoliday, isHoliday: day.isHoliday)
  }

  /// What all instants of a local day share.
  private struct WallDay {
    let number: Int
    let date: CivilDate
    let weekday: Int
    let isHoliday: Bool

    init(number: Int, holidays: HolidayCalendar) {
      self.number = number
      date = SiteCalendar.civilDate(daysSince1970: number)
      weekday = (((number + 3) % 7) + 7) % 7 + 1
      isHoliday = holidays.isHoliday(date)
    }
  }

  /// The first instant of the local day that holds `instant`.
  public func startOfDay(for instant: Date) -> Date {
    // Around a change of the clock a day may begin later than at midnight, or twice.
    guard let span = offsets.span(holding: instant.timeIntervalSince1970) else {
      return calendar.startOfDay(for: instant)
    }
    let midnight = Double(clock(at: instant).dayNumber * 86_400 - span.offset)
    return midnight - 86_400 >= span.start
      ? Date(timeIntervalSince1970: midnight) : calendar.startOfDay(for: instant)
  }

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

extension SiteCalendar: Hashable {
  /// Zone and holidays say all.
  public static func == (first: SiteCalendar, second: SiteCalendar) -> Bool {
    first.timeZone == second.timeZone && first.holidays == second.holidays
  }

  /// Zone and holidays say all.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(timeZone)
    hasher.combine(holidays)
  }
}
