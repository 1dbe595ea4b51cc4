// SPDX-License-Identifier: MIT
public import Foundation

/// One line of a table file.
public struct CSVRow: Sendable {
  private let rows: CSVRows
  private let fields: Range<Int>
  private let header: CSVHeader
  /// The line it begins at, counted from 1; the header is line 1.
  public let line: Int

  init(rows: CSVRows, index: Int, header: CSVHeader) {
    self.rows = rows
    self.header = header
    fields = rows.fields(ofRow: index)
    line = rows.lines[index]
  }

  /// How many fields it has; as many as the header.
  public var count: Int { fields.count }

  /// The text of a field without its quotes; empty when nothing is there.
  public func text(_ column: Int) -> String {
    String(decoding: rows.bytes[bytes(of: column)], as: UTF8.self)
  }

  /// Whether a field is empty.
  public func isEmpty(_ column: Int) -> Bool { bytes(of: column).isEmpty }

  /// The number in a field, or `nil` when it is empty or one of the marks for a missing value.
  ///
  /// - Parameters:
  ///   - column: the position of the field.
  ///   - missing: texts that stand for a missing value, beside the empty one.
  ///   - decimalComma: whether `3,5` is three and a half.
  /// - Throws: `notANumber`, `notFinite`.
  public func number(
    _ column: Int, missing: Set<String> = [], decimalComma: Bool = false
  ) throws(CSVError) -> Double? {
    let range = bytes(of: column)
    guard !range.isEmpty else { return nil }
    let parsed =
      decimalComma
      ? NumberText.parse(Self.pointed(rows.bytes[range]), 0..<range.count)
      : NumberText.parse(rows.bytes, range)
    if let parsed, parsed.isFinite { return parsed }
    let found = text(column)
    guard !missing.contains(found) else { return nil }
    throw error(parsed == nil ? .notANumber(found) : .notFinite(found), column)
  }

  /// The instant in a field of ISO 8601 text with a zone, as `2026-03-29T01:00:00Z`.
  ///
  /// - Throws: `notATime`, also when there is no zone.
  public func instant(_ column: Int) throws(CSVError) -> Date {
    guard let stamp = ISOTimestamp(rows.bytes, bytes(of: column)), let date = stamp.instant else {
      throw error(
        .notATime(text(column), expected: "ISO 8601 with a zone, as 2026-03-29T01:00:00Z"), column)
    }
    return date
  }

  /// A problem with a field of this row.
  public func error(_ problem: CSVError.Problem, _ column: Int) -> CSVError {
    CSVError(problem, file: header.file, line: line, column: header.names[column])
  }

  /// The bytes of a field, for the parsers of this module.
  func withBytes<Result>(of column: Int, _ body: ([UInt8], Range<Int>) -> Result) -> Result {
    body(rows.bytes, bytes(of: column))
  }

  private func bytes(of column: Int) -> Range<Int> {
    rows.bytes(ofField: fields.lowerBound + column)
  }

  private static func pointed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 } + [0]
  }
}

/// The names of the columns of a file.
struct CSVHeader: Sendable {
  let file: String
  let names: [String]

  /// The position of a column.
  func position(of name: String) throws(CSVError) -> Int {
    let positions = names.indices.filter { names[$0] == name }
    guard let position = positions.first else {
      throw CSVError(.noColumn(name, available: names), file: file, line: 1)
    }
    guard positions.count == 1 else {
      throw CSVError(.repeatedColumn(name), file: file, line: 1)
    }
    return position
  }
}
