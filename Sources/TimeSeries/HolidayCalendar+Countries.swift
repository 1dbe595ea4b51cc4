// SPDX-License-Identifier: MIT

extension HolidayCalendar {
  /// The weekday of a date, 1 is Monday, 7 is Sunday.
  private static func weekday(_ date: CivilDate) -> Int {
    // Sakamoto's method, 0 is Sunday. Source: T. Sakamoto, comp.lang.c, 1993.
    let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    let year = date.month < 3 ? date.year - 1 : date.year
    let day =
      (year + year / 4 - year / 100 + year / 400 + offsets[(date.month - 1) % 12] + date.day) % 7
    return day == 0 ? 7 : day
  }

  /// Whether a date is the `ordinal`-th Monday or other weekday of its month.
  private static func isNth(_ ordinal: Int, weekday wanted: Int, _ date: CivilDate) -> Bool {
    weekday(date) == wanted && (date.day - 1) / 7 == ordinal - 1
  }

  static func isAmericanHoliday(_ date: CivilDate) -> Bool {
    let fixed = [(1, 1), (7, 4), (11, 11), (12, 25)] + (date.year >= 2021 ? [(6, 19)] : [])
    if fixed.contains(where: { $0 == (date.month, date.day) }) { return true }
    switch date.month {
    case 1 where isNth(3, weekday: 1, date), 2 where isNth(3, weekday: 1, date),
      9 where isNth(1, weekday: 1, date), 10 where isNth(2, weekday: 1, date),
      11 where isNth(4, weekday: 4, date):
      return true
    case 5 where weekday(date) == 1 && date.day > 24:
      return true
    default:
      return standsForWeekend(date, fixed)
    }
  }

  /// Friday before a holiday on Saturday, Monday after one on Sunday.
  private static func standsForWeekend(_ date: CivilDate, _ fixed: [(Int, Int)]) -> Bool {
    if date.month == 12, date.day == 31, weekday(date) == 5 { return true }
    return fixed.contains { month, day in
      guard month == date.month else { return false }
      return (weekday(date) == 5 && day == date.day + 1)
        || (weekday(date) == 1 && day == date.day - 1)
    }
  }

  static func isGermanHoliday(_ date: CivilDate) -> Bool {
    switch (date.month, date.day) {
    case (1, 1), (5, 1), (10, 3), (12, 25), (12, 26): true
    default: [-2, 1, 39, 50].contains(daysFromEaster(date))
    }
  }

  static func isSpanishHoliday(_ date: CivilDate) -> Bool {
    switch (date.month, date.day) {
    case (1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25): true
    default: false
    }
  }

  static func isAustralianHoliday(_ date: CivilDate) -> Bool {
    switch (date.month, date.day) {
    case (1, 1), (1, 26), (4, 25), (12, 25), (12, 26): return true
    case (1, 2), (1, 3), (1, 27), (1, 28):
      // The Monday after a first or twenty-sixth of January on a weekend.
      return weekday(date) == 1
    case (12, 27):
      return [1, 2].contains(weekday(date))
    case (12, 28):
      return [1, 2].contains(weekday(date))
    default:
      return [-2, 1].contains(daysFromEaster(date))
    }
  }
}
