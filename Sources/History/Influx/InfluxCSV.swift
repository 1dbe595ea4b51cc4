// SPDX-License-Identifier: MIT
import Foundation

/// Reads the CSV of InfluxQL as it comes: `name,tags,time,value`, a header above each series, times in
/// whole microseconds. A row without a value is left out; anything else that is no number is an error.
struct InfluxCSV: InfluxRows {
  private(set) var problem: String?
  private var lines = ByteLines()
  private var expectsHeader = true

  private static let comma = UInt8(ascii: ",")
  private static let header = Array("name,tags,time,".utf8)

  mutating func feed(_ bytes: UnsafeRawBufferPointer, row: (Int64, Double) -> Void) -> Bool {
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

  private mutating func read(_ line: UnsafeRawBufferPointer, _ row: (Int64, Double) -> Void) {
    if line.isEmpty {
      expectsHeader = true
      return
    }
    if expectsHeader {
      expectsHeader = false
      if !line.starts(with: Self.header) { problem = InfluxNumber.text(line.prefix(600)) }
      return
    }
    guard let valueComma = line.lastIndex(of: Self.comma),
      let timeComma = line[..<valueComma].lastIndex(of: Self.comma)
    else {
      problem = "a line without time and value: \(InfluxNumber.text(line.prefix(200)))"
      return
    }
    let field = UnsafeRawBufferPointer(rebasing: line[(valueComma + 1)...])
    if field.isEmpty { return }
    if line.starts(with: Self.header) { return }  // repeated above each chunk
    guard
      let time = InfluxNumber.integer(
        UnsafeRawBufferPointer(rebasing: line[(timeComma + 1)..<valueComma])),
      let value = InfluxNumber.number(field), value.isFinite
    else {
      problem = "a line without numbers: \(InfluxNumber.text(line.prefix(200)))"
      return
    }
    row(time, value)
  }
}
