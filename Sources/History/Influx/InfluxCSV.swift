// SPDX-License-Identifier: MIT
import Foundation

/// Reads the CSV of InfluxQL as it comes: `name,tags,time,value,…`, a header above each series, times
/// in whole microseconds. An empty field is no reading; anything else that is no number is an error.
struct InfluxCSV: InfluxRows {
  private(set) var problem: String?
  private let columnCount: Int
  private var lines = ByteLines()
  private var expectsHeader = true
  /// How many bytes are before the time; the same in all lines of a series.
  private var prefixLength = 0
  /// The values of one line; NaN where there is none.
  private var values: [Double]

  private static let comma = UInt8(ascii: ",")
  private static let header = Array("name,tags,time,".utf8)

  /// - Parameter columnCount: how many fields were asked for.
  init(columnCount: Int = 1) {
    self.columnCount = columnCount
    values = Array(repeating: .nan, count: columnCount)
  }

  mutating func feed(
    _ bytes: UnsafeRawBufferPointer, row: (Int, Int64, Double) -> Void
  ) -> Bool {
    var lines = lines
    self.lines = ByteLines()  // one owner, so that the rest is not copied
    lines.feed(bytes) { line in
      read(line, row)
      return problem == nil
    }
    self.lines = lines
    return problem == nil
  }

  mutating func finish() {
    if problem == nil { problem = lines.cutOff }
  }

  private mutating func read(
    _ line: UnsafeRawBufferPointer, _ row: (Int, Int64, Double) -> Void
  ) {
    if line.isEmpty {
      expectsHeader = true
      return
    }
    if expectsHeader {
      expectsHeader = false
      if !line.starts(with: Self.header) { problem = InfluxNumber.text(line.prefix(600)) }
      return
    }
    if readNumbers(of: line, row) { return }
    // Another series, or the header that is repeated above each chunk.
    guard let length = lengthBeforeTime(of: line) else {
      problem = "a line without time and value: \(InfluxNumber.text(line.prefix(200)))"
      return
    }
    prefixLength = length
    if line.starts(with: Self.header) || readNumbers(of: line, row) { return }
    problem = "a line without numbers: \(InfluxNumber.text(line.prefix(200)))"
  }

  /// Counts from the end, because names may have commas.
  private func lengthBeforeTime(of line: UnsafeRawBufferPointer) -> Int? {
    var end = line.count
    for _ in 0...columnCount {
      guard let comma = line[..<end].lastIndex(of: Self.comma) else { return nil }
      end = comma
    }
    return end + 1
  }

  /// Reads time and values behind the known prefix; `false`, without calling `row`, when they are not
  /// there.
  private mutating func readNumbers(
    of line: UnsafeRawBufferPointer, _ row: (Int, Int64, Double) -> Void
  ) -> Bool {
    guard prefixLength > 0, prefixLength < line.count, line[prefixLength - 1] == Self.comma else {
      return false
    }
    var fields = CommaFields(line, from: prefixLength)
    guard let first = fields.next(), let time = InfluxNumber.integer(first) else { return false }
    for column in 0..<columnCount {
      guard let field = fields.next() else { return false }
      values[column] = .nan
      if field.isEmpty { continue }
      guard let value = InfluxNumber.number(field), value.isFinite else { return false }
      values[column] = value
    }
    guard fields.isAtEnd else { return false }
    for column in 0..<columnCount where !values[column].isNaN { row(column, time, values[column]) }
    return true
  }
}

/// The fields of a line one after the other, without quotes.
private struct CommaFields {
  private let line: UnsafeRawBufferPointer
  private var position: Int

  init(_ line: UnsafeRawBufferPointer, from position: Int) {
    self.line = line
    self.position = position
  }

  /// Whether the last field was given.
  var isAtEnd: Bool { position > line.count }

  mutating func next() -> UnsafeRawBufferPointer? {
    guard position <= line.count else { return nil }
    var end = position
    while end < line.count, line[end] != UInt8(ascii: ",") { end += 1 }
    defer { position = end + 1 }
    return UnsafeRawBufferPointer(rebasing: line[position..<end])
  }
}
