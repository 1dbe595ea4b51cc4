// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// An instant written as ISO 8601 by services that differ in what they leave out.
///
/// `2026-03-29T01:00Z`, `2026-03-29 01:00:00`, `2026-03-29T01:00:00.0000000+02:00`.
public struct TimestampText: Sendable, Hashable {
  /// The day by the clock that wrote it.
  public let date: CivilDate
  /// Seconds since midnight by that clock, with their fraction.
  public let secondOfDay: Double
  /// How far that clock is ahead of UTC; `nil` when the text does not say.
  public let offsetSeconds: Int?

  /// Reads a text; `nil` when it is no such time or the time does not exist in any calendar.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard let year = Self.number(&rest, digits: 4), Self.take("-", &rest),
      let month = Self.number(&rest, digits: 2), (1...12).contains(month), Self.take("-", &rest),
      let day = Self.number(&rest, digits: 2), day >= 1, day <= Self.days(in: month, of: year),
      Self.take("T", &rest) || Self.take(" ", &rest),
      let hour = Self.number(&rest, digits: 2), hour < 24, Self.take(":", &rest),
      let minute = Self.number(&rest, digits: 2), minute < 60
    else { return nil }
    var second = 0.0
    if Self.take(":", &rest) {
      guard let whole = Self.number(&rest, digits: 2), whole < 60 else { return nil }
      second = Double(whole)
      if Self.take(".", &rest) {
        guard let fraction = Self.fraction(&rest) else { return nil }
        second += fraction
      }
    }
    guard let offset = Self.offset(&rest), rest.isEmpty else { return nil }
    date = CivilDate(year: year, month: month, day: day)
    secondOfDay = Double(hour * 3_600 + minute * 60) + second
    offsetSeconds = offset.seconds
  }

  /// The instant, when the text says its offset.
  public var instant: Date? { offsetSeconds.map(instant(offsetSeconds:)) }

  /// The instant by a clock that is so far ahead of UTC.
  public func instant(offsetSeconds: Int) -> Date {
    let days = Self.daysSince1970(date)
    return Date(
      timeIntervalSince1970: Double(days * 86_400 - offsetSeconds) + secondOfDay)
  }

  /// The instant by the clock on the wall of a site; the first one in the repeated hour of autumn,
  /// and by the clock before the change in the hour that spring skips. An offset in the text wins.
  public func instant(in zone: TimeZone) -> Date {
    if let instant { return instant }
    let wall = instant(offsetSeconds: 0)
    // The offset one day before is the one in force before a change inside the last day.
    let before = zone.secondsFromGMT(for: wall.addingTimeInterval(-86_400))
    let early = wall.addingTimeInterval(Double(-before))
    if zone.secondsFromGMT(for: early) == before { return early }
    let late = wall.addingTimeInterval(Double(-zone.secondsFromGMT(for: early)))
    return zone.secondsFromGMT(for: late) == zone.secondsFromGMT(for: early) ? late : early
  }

  private static func daysSince1970(_ date: CivilDate) -> Int {
    // Source: H. Hinnant, chrono-compatible low-level date algorithms, `days_from_civil`, 2013.
    let year = date.month <= 2 ? date.year - 1 : date.year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int? {
    guard rest.count >= digits else { return nil }
    var value = 0
    for byte in rest.prefix(digits) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    rest.removeFirst(digits)
    return value
  }

  private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Double? {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (1...9).contains(digits.count) else { return nil }
    rest.removeFirst(digits.count)
    return Double("0." + String(decoding: digits, as: UTF8.self))
  }

  private static func offset(_ rest: inout ArraySlice<UInt8>) -> (seconds: Int?, Void)? {
    if rest.isEmpty { return (nil, ()) }
    if take("Z", &rest) { return (0, ()) }
    let sign = take("+", &rest) ? 1 : take("-", &rest) ? -1 : 0
    guard sign != 0, let hours = number(&rest, digits: 2), hours <= 18 else { return nil }
    _ = take(":", &rest)
    guard let minutes = rest.isEmpty ? 0 : number(&rest, digits: 2), minutes < 60 else {
      return nil
    }
    return (sign * (hours * 3_600 + minutes * 60), ())
  }
}
