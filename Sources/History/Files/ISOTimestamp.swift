// SPDX-License-Identifier: MIT
public import Foundation

/// Date and time as ISO 8601 spells them: `2026-03-29T01:00:00Z`, `2026-03-29 01:00:00.250+02:00`,
/// `2026-03-29 01:00`, `2026-03-29`.
///
/// A kernel of its own because files have millions of them and Foundation takes microseconds each.
struct ISOTimestamp: Equatable {
  /// Milliseconds since 1970 as if the clock on the wall showed UTC.
  let wallMilliseconds: Int64
  /// Seconds by which the clock on the wall is ahead of UTC; `nil` when the text does not say.
  let offsetSeconds: Int?

  /// The instant in milliseconds since 1970, UTC; `nil` without an offset.
  var milliseconds: Int64? { offsetSeconds.map { wallMilliseconds - Int64($0) * 1_000 } }

  /// The instant; `nil` without an offset.
  var instant: Date? { milliseconds.map(Date.init(milliseconds:)) }

  /// Reads the bytes in `range`; `nil` for anything that is not a time that exists.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    var scanner = DigitScanner(bytes: bytes, position: range.lowerBound, end: range.upperBound)
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), scanner.skip("-"),
      let day = scanner.number(digits: 2), (1...12).contains(month), day >= 1,
      day <= Self.length(ofMonth: month, year: year)
    else { return nil }
    let midnight = Self.daysSince1970(year: year, month: month, day: day) * 86_400_000
    guard !scanner.isAtEnd else {
      wallMilliseconds = Int64(midnight)
      offsetSeconds = nil
      return
    }
    guard scanner.skip("T") || scanner.skip(" ") || scanner.skip("t"),
      let time = scanner.timeOfDay(), let offset = scanner.offset(), scanner.isAtEnd
    else { return nil }
    wallMilliseconds = Int64(midnight + time)
    offsetSeconds = offset.seconds
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar.
  ///
  /// Source: H. Hinnant, chrono-compatible low-level date algorithms, `days_from_civil`, 2013.
  static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Date {
  /// The instant of ISO 8601 text, `2026-03-29T01:00:00Z` or `2026-03-29`; UTC where it names no
  /// offset. `nil` for anything else.
  public init?(isoText text: String) {
    let bytes = Array(text.utf8)
    guard let stamp = ISOTimestamp(bytes, bytes.indices) else { return nil }
    self.init(milliseconds: stamp.milliseconds ?? stamp.wallMilliseconds)
  }

  /// The instant a number of milliseconds after 1970, UTC.
  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1_000) }

  /// Milliseconds since 1970, UTC, rounded to the nearest.
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1_000).rounded()) }
}

/// Reads runs of digits out of ASCII bytes.
private struct DigitScanner {
  let bytes: [UInt8]
  var position: Int
  let end: Int

  var isAtEnd: Bool { position == end }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func number(digits: Int) -> Int? {
    guard position + digits <= end else { return nil }
    var number = 0
    for index in position..<position + digits {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      number = number * 10 + Int(digit)
    }
    position += digits
    return number
  }

  /// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff…` in milliseconds; 24:00 is the end of the day.
  mutating func timeOfDay() -> Int? {
    guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2), minute < 60
    else { return nil }
    var milliseconds = 0
    if skip(":") {
      guard let second = number(digits: 2), second < 60 else { return nil }
      milliseconds = second * 1_000
      if skip(".") || skip(",") {
        guard let fraction = fractionMilliseconds() else { return nil }
        milliseconds += fraction
      }
    }
    milliseconds += (hour * 60 + minute) * 60_000
    return milliseconds <= 86_400_000 ? milliseconds : nil
  }

  /// The digits after the decimal sign, rounded down to milliseconds.
  private mutating func fractionMilliseconds() -> Int? {
    var (scale, milliseconds, count) = (100, 0, 0)
    while let digit = number(digits: 1) {
      milliseconds += digit * scale
      scale /= 10
      count += 1
    }
    return count > 0 ? milliseconds : nil
  }

  /// `Z`, `±HH`, `±HH:MM`, `±HHMM` or nothing.
  mutating func offset() -> (seconds: Int?, Void)? {
    if isAtEnd { return (nil, ()) }
    if skip("Z") || skip("z") { return (0, ()) }
    let sign = skip("+") ? 1 : skip("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2), hours <= 18 else { return nil }
    if isAtEnd { return (sign * hours * 3_600, ()) }
    _ = skip(":")
    guard let minutes = number(digits: 2), minutes < 60 else { return nil }
    return (sign * (hours * 3_600 + minutes * 60), ())
  }
}
