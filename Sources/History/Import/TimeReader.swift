// SPDX-License-Identifier: MIT
internal import CCSV
import Foundation

/// Reads the instants of a file's rows one after another.
struct TimeReader {
  /// The instant of a row.
  enum Outcome: Equatable {
    /// In milliseconds since 1970, UTC, as the file names it.
    case instant(Int64)
    /// A time that the clock on the wall skipped in spring.
    case skipped
  }

  private let description: TimeColumn
  private let column: Int
  private var clock: LocalClock?
  private var previous: Int64?
  /// How many times were shown twice on the wall, with the line of the first.
  private(set) var repeated = (count: 0, firstLine: 0)

  init(_ description: TimeColumn, in reader: CSVReader) throws(CSVError) {
    self.description = description
    column = try reader.position(of: description.column)
    clock = description.timeZone.map(LocalClock.init(zone:))
  }

  /// The instant of the next row.
  mutating func read(_ row: CSVRow) throws(CSVError) -> Outcome {
    let (wall, offsetSeconds) = try wallTime(of: row)
    if let offsetSeconds {
      return remember(wall - Int64(offsetSeconds) * 1_000)
    }
    switch clock?.read(wall) {
    case nil: throw problem(row, "a zone; name it in the text or in the mapping's time.time_zone")
    case .never: return .skipped
    case .once(let instant): return remember(instant)
    case .twice(let first, let second):
      if repeated.count == 0 { repeated.firstLine = row.line }
      repeated.count += 1
      let isSecond =
        switch description.repeatedHour {
        case .first: false
        case .second: true
        case .inOrder: previous.map { first <= $0 } ?? false
        }
      return remember(isSecond ? second : first)
    }
  }

  private mutating func remember(_ instant: Int64) -> Outcome {
    previous = instant
    return .instant(instant)
  }

  private func wallTime(of row: CSVRow) throws(CSVError) -> (Int64, offsetSeconds: Int?) {
    switch description.format {
    case .iso8601:
      guard let stamp = row.withBytes(of: column, { ISOTimestamp($0, $1) }) else {
        throw problem(row, "ISO 8601, as 2026-03-29T01:00:00Z")
      }
      return (stamp.wallMilliseconds, stamp.offsetSeconds)
    case .unixSeconds, .unixMilliseconds:
      let scale = description.format == .unixSeconds ? 1_000.0 : 1
      guard let number = try row.number(column), abs(number * scale) < 1e15 else {
        throw problem(row, "a number of seconds or milliseconds since 1970")
      }
      return (Int64((number * scale).rounded()), 0)
    case .pattern(let pattern):
      guard let time = Self.parse(row.text(column), pattern) else {
        throw problem(row, "the pattern \(pattern)")
      }
      return time
    }
  }

  private static func parse(_ text: String, _ pattern: String) -> (Int64, offsetSeconds: Int?)? {
    var parts = tm()
    parts.tm_mday = 1
    let isWhole = text.withCString { start in
      strptime(start, pattern, &parts).map { $0.pointee == 0 } ?? false
    }
    let (year, month, day) = (Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
    guard isWhole, (1...12).contains(month), (0...9_999).contains(year),
      (1...ISOTimestamp.length(ofMonth: month, year: year)).contains(day), parts.tm_sec < 60
    else { return nil }
    let days = ISOTimestamp.daysSince1970(year: year, month: month, day: day)
    let seconds = (Int(parts.tm_hour) * 60 + Int(parts.tm_min)) * 60 + Int(parts.tm_sec)
    let hasOffset = pattern.contains("%z")
    return (
      Int64(days * 86_400 + seconds) * 1_000, offsetSeconds: hasOffset ? parts.tm_gmtoff : nil
    )
  }

  private func problem(_ row: CSVRow, _ expected: String) -> CSVError {
    row.error(.notATime(row.text(column), expected: expected), column)
  }
}
