// SPDX-License-Identifier: MIT

/// The clocks of the sky.
enum SolarTime {
  /// Days since 2000-01-01T12:00Z, the epoch J2000.
  static func daysSince2000(_ unixSeconds: Double) -> Double {
    (unixSeconds - 946_728_000) / 86_400
  }

  /// Mean sidereal time ν₀ at Greenwich, 0 ..< 360°. Source: NREL/TP-560-34302, 3.8.1.
  static func meanSiderealDegrees(_ unixSeconds: Double) -> Double {
    let days = daysSince2000(unixSeconds)
    let century = days / 36_525
    let degrees =
      280.46061837 + 360.98564736629 * days
      + century * century * (0.000387933 - century / 38_710_000)
    return degrees.wrapped360
  }

  /// The number of the day in its year, 1…366, in UTC.
  static func dayOfYear(_ unixSeconds: Double) -> Int {
    let days = Int((unixSeconds / 86_400).rounded(.down))
    let year = year(ofDay: days)
    return days - firstDay(of: year) + 1
  }

  /// The year with its fraction, in UTC.
  static func decimalYear(_ unixSeconds: Double) -> Double {
    let days = unixSeconds / 86_400
    let year = year(ofDay: Int(days.rounded(.down)))
    let (first, next) = (firstDay(of: year), firstDay(of: year + 1))
    return Double(year) + (days - Double(first)) / Double(next - first)
  }

  private static func year(ofDay days: Int) -> Int {
    var year = 1970 + Int((Double(days) / 365.2425).rounded(.down))
    if firstDay(of: year + 1) <= days { year += 1 }
    if firstDay(of: year) > days { year -= 1 }
    return year
  }

  /// 1 January as a number of days since 1970-01-01, in the Gregorian calendar.
  private static func firstDay(of year: Int) -> Int {
    func floorDivide(_ value: Int, _ divisor: Int) -> Int {
      Int((Double(value) / Double(divisor)).rounded(.down))
    }
    let before = year - 1
    return 365 * (year - 1970) + floorDivide(before, 4) - floorDivide(before, 100)
      + floorDivide(before, 400) - 477
  }
}
