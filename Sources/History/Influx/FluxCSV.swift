// SPDX-License-Identifier: MIT
import Foundation

/// Reads the annotated CSV of Flux as it comes: `,result,table,_time,_value`, a header above each
/// table, lines that end with CR LF, times in whole microseconds. Source: docs.influxdata.com,
/// InfluxDB v2 reference, annotated CSV.
///
/// A failure in the middle of an answer is a table of its own with the columns `error,reference`.
struct FluxCSV: InfluxRows {
  private(set) var problem: String?
  private var lines = ByteLines()
  private var columns: (time: Int?, value: Int)?
  private var isFailure = false

  private static let comma = UInt8(ascii: ",")

  mutating func feed(_ bytes: UnsafeRawBufferPointer, row: (Int, Int64, Double) -> Void) -> Bool {
    var lines = lines
    self.lines = ByteLines()  // one owner, so that the rest is not copied
    lines.feed(bytes) { line in
      let isEnded = line.last == UInt8(ascii: "\r")
      read(isEnded ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line, row)
      return problem == nil
    }
    self.lines = lines
    return problem == nil
  }

  mutating func finish() {
    if problem == nil { problem = lines.cutOff }
    if problem == nil, isFailure { problem = "error" }
  }

  private mutating func read(_ line: UnsafeRawBufferPointer, _ row: (Int, Int64, Double) -> Void) {
    if line.isEmpty || line.first == UInt8(ascii: "#") {
      columns = nil
      return
    }
    if isFailure {
      problem = "error: " + InfluxNumber.text(line.prefix(600).drop { $0 == Self.comma })
      return
    }
    let fields = line.split(separator: Self.comma, omittingEmptySubsequences: false)
    guard let columns else { return readHeader(fields.map { InfluxNumber.text($0) }) }
    guard columns.value < fields.count, (columns.time ?? 0) < fields.count else {
      problem = "a line without time and value: \(InfluxNumber.text(line.prefix(200)))"
      return
    }
    let field = fields[columns.value]
    if field.isEmpty { return }
    guard let time = columns.time.map({ Self.integer(fields[$0]) }) ?? 0,
      let value = InfluxNumber.number(UnsafeRawBufferPointer(rebasing: field)), value.isFinite
    else {
      problem = "a line without numbers: \(InfluxNumber.text(line.prefix(200)))"
      return
    }
    row(0, time, value)
  }

  private mutating func readHeader(_ names: [String]) {
    if let value = names.firstIndex(of: "_value") {
      columns = (names.firstIndex(of: "_time"), value)
    } else if names.contains("error") {
      isFailure = true
    } else {
      problem = "columns without _value: \(names.joined(separator: ",").prefix(200))"
    }
  }

  private static func integer(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
    InfluxNumber.integer(UnsafeRawBufferPointer(rebasing: field))
  }
}
