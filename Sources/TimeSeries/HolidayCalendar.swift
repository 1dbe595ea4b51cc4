// SPDX-License-Identifier: MIT

/// The public holidays of a country: days on which people live and tariffs count as on a Sunday.
public enum HolidayCalendar: String, Sendable, Hashable, Codable, CaseIterable {
  /// No holidays are known.
  case none = "none"
  /// Czech Republic. Source: Act No. 245/2000 Coll.; Good Friday since 2016 (Act No. 359/2015 Coll.).
  case czechRepublic = "CZ"
  /// The federal holidays of the United States and the days off that stand for those on weekends.
  /// Source: 5 U.S.C. § 6103.
  case unitedStates = "US"
  /// The holidays that all German states have. Source: the states' holiday laws; Unity Treaty art. 2.
  case germany = "DE"
  /// The national public holidays of Australia that all states have, with Mondays in lieu of New
  /// Year's Day, Australia Day and Christmas on weekends.
  case australia = "AU"
  /// The days on which the Spanish access tariffs count as a Sunday: national holidays of a fixed date
  /// that regions may not move, and Epiphany. Source: CNMC Circular 3/2020, article 7.
  case spain = "ES"

  /// Whether `date` is a public holiday.
  public func isHoliday(_ date: CivilDate) -> Bool {
    switch self {
    case .none: false
    case .czechRepublic: Self.isCzechHoliday(date)
    case .unitedStates: Self.isAmericanHoliday(date)
    case .germany: Self.isGermanHoliday(date)
    case .australia: Self.isAustralianHoliday(date)
    case .spain: Self.isSpanishHoliday(date)
    }
  }

  private static func isCzechHoliday(_ date: CivilDate) -> Bool {
    switch (date.month, date.day) {
    case (1, 1), (5, 1), (5, 8), (7, 5), (7, 6), (9, 28), (10, 28), (11, 17), (12, 24), (12, 25),
      (12, 26):
      return true
    default:
      let days = daysFromEaster(date)
      return days == 1 || (days == -2 && date.year >= 2016)
    }
  }

  /// Days after Easter Sunday of the same year, negative before it.
  static func daysFromEaster(_ date: CivilDate) -> Int {
    dayOfYear(date) - dayOfYear(easterSunday(year: date.year))
  }

  /// Easter Sunday of the Gregorian calendar.
  ///
  /// Source: the anonymous Gregorian algorithm, J. Meeus, Astronomical Algorithms, 1991, ch. 8.
  public static func easterSunday(year: Int) -> CivilDate {
    let a = year % 19
    let (b, c) = (year / 100, year % 100)
    let (d, e) = (b / 4, b % 4)
    let f = (b + 8) / 25
    let g = (b - f + 1) / 3
    let h = (19 * a + b - d - g + 15) % 30
    let (i, k) = (c / 4, c % 4)
    let l = (32 + 2 * e + 2 * i - h - k) % 7
    let m = (a + 11 * h + 22 * l) / 451
    let monthAndDay = h + l - 7 * m + 114
    return CivilDate(year: year, month: monthAndDay / 31, day: monthAndDay % 31 + 1)
  }

  private static func dayOfYear(_ date: CivilDate) -> Int {
    let lengths = [31, isLeap(date.year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return lengths.prefix(date.month - 1).reduce(0, +) + date.day
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
}
