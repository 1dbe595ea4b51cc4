// SPDX-License-Identifier: MIT
internal import CCSV
public import Foundation
import TimeSeries

/// Writes a table file line by line: UTF-8, fields quoted where needed, gzip when the name says so.
///
/// The file appears under its name when `finish` returns; before, and after a failure, there is
/// only what was there already.
public final class CSVWriter {
  private var output: CompressedOutput
  private var line: [UInt8] = []
  private var fieldsInLine = 0
  private let columnCount: Int
  private static let flushBytes = 128 * 1_024

  /// Starts a file with its header.
  ///
  /// - Parameters:
  ///   - path: the file, compressed when it ends in `.gz`; `-` is standard output.
  ///   - header: the names of the columns.
  /// - Throws: `cannotWrite`.
  public init(path: String, header: [String]) throws(CSVError) {
    output = try CompressedOutput(path: path)
    columnCount = header.count
    line.reserveCapacity(Self.flushBytes + 4_096)
    for name in header { append(name) }
    try endLine()
  }

  /// Adds a field of text to the line.
  public func append(_ text: String) {
    separate()
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20
    }
    let isTrimmed = text.first != " " && text.last != " "
    guard needsQuotes || !isTrimmed else {
      line.append(contentsOf: text.utf8)
      return
    }
    let bytes = Array(text.utf8)
    let quoted = [UInt8](unsafeUninitializedCapacity: 2 * bytes.count + 2) { buffer, count in
      count = csv_write(buffer.baseAddress, buffer.count, bytes, bytes.count)
    }
    line.append(contentsOf: quoted)
  }

  /// Adds a number to the line in the shortest form that reads back the same; `nil` is empty.
  public func append(_ number: Double?) {
    separate()
    if let number { line.append(contentsOf: NumberText.text(number).utf8) }
  }

  /// Adds an instant to the line, `2026-03-29T01:00:00Z`, with milliseconds where there are any.
  public func append(_ instant: Date) {
    separate()
    ISOTimestamp.append(milliseconds: instant.milliseconds, to: &line)
  }

  /// Ends the line.
  ///
  /// - Precondition: it has one field a column.
  /// - Throws: `cannotWrite`.
  public func endLine() throws(CSVError) {
    precondition(fieldsInLine == columnCount, "a line has one field a column")
    line.append(UInt8(ascii: "\n"))
    fieldsInLine = 0
    guard line.count >= Self.flushBytes else { return }
    try output.write(line)
    line.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and puts the file in its place.
  ///
  /// - Throws: `cannotWrite`.
  public func finish() throws(CSVError) {
    try output.write(line)
    line = []
    try output.finish()
  }

  private func separate() {
    if fieldsInLine > 0 { line.append(UInt8(ascii: ",")) }
    fieldsInLine += 1
  }
}

extension ISOTimestamp {
  /// Adds `2026-03-29T01:00:00Z` to ASCII bytes, with milliseconds where there are any.
  ///
  /// - Precondition: the year has four digits.
  static func append(milliseconds: Int64, to bytes: inout [UInt8]) {
    let days = Int(milliseconds.flooredDivision(by: 86_400_000))
    var rest = Int(milliseconds) - days * 86_400_000
    let date = SiteCalendar.civilDate(daysSince1970: days)
    func append(_ number: Int, digits: Int) {
      var divisor = [1, 10, 100, 1_000][digits - 1]
      while divisor > 0 {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
        divisor /= 10
      }
    }
    append(date.year, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    append(date.month, digits: 2)
    bytes.append(UInt8(ascii: "-"))
    append(date.day, digits: 2)
    for (divisor, mark) in [(3_600_000, "T"), (60_000, ":"), (1_000, ":")] {
      bytes.append(contentsOf: mark.utf8)
      append(rest / divisor, digits: 2)
      rest %= divisor
    }
    if rest != 0 {
      bytes.append(UInt8(ascii: "."))
      append(rest, digits: 3)
    }
    bytes.append(UInt8(ascii: "Z"))
  }
}

extension Int64 {
  /// The quotient rounded down.
  func flooredDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
