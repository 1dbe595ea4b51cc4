// SPDX-License-Identifier: MIT
import Foundation

/// Reads InfluxDB's CSV as it comes: `name,tags,time,value`, a header above each series, times in
/// whole microseconds. A row without a value is left out; anything else that is no number is an error.
struct InfluxCSV {
  /// What went wrong, for the first line that did.
  private(set) var problem: String?
  private var rest: [UInt8] = []
  private var expectsHeader = true

  private static let newline = UInt8(ascii: "\n")
  private static let comma = UInt8(ascii: ",")
  private static let minus = UInt8(ascii: "-")
  private static let zero = UInt8(ascii: "0")
  private static let header = Array("name,tags,time,".utf8)
  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// Takes a piece and calls `row` for each complete line; `false` when a line cannot be read.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, row: (Int64, Double) -> Void) -> Bool {
    var start = 0
    if !rest.isEmpty {
      guard let end = bytes.firstIndex(of: Self.newline) else {
        rest.append(contentsOf: bytes)
        return problem == nil
      }
      rest.append(contentsOf: bytes[..<end])
      let line = rest
      line.withUnsafeBytes { read($0, row) }
      rest.removeAll(keepingCapacity: true)
      start = end + 1
    }
    guard let base = bytes.baseAddress else { return problem == nil }
    while problem == nil, start < bytes.count,
      let found = memchr(base + start, Int32(Self.newline), bytes.count - start)
    {
      let end = UnsafeRawPointer(found) - base
      read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), row)
      start = end + 1
    }
    rest.append(contentsOf: bytes[start...])
    return problem == nil
  }

  /// Takes the end of the answer: a last line without its newline is no whole line.
  mutating func finish() {
    if !rest.isEmpty, problem == nil {
      problem = "it ends inside a line: \(Self.text(rest.prefix(200)))"
    }
  }

  private mutating func read(_ line: UnsafeRawBufferPointer, _ row: (Int64, Double) -> Void) {
    if line.isEmpty {
      expectsHeader = true
      return
    }
    if expectsHeader {
      expectsHeader = false
      if !line.starts(with: Self.header) { problem = Self.text(line.prefix(600)) }
      return
    }
    guard let valueComma = line.lastIndex(of: Self.comma),
      let timeComma = line[..<valueComma].lastIndex(of: Self.comma)
    else {
      problem = "a line without time and value: \(Self.text(line.prefix(200)))"
      return
    }
    let field = UnsafeRawBufferPointer(rebasing: line[(valueComma + 1)...])
    if field.isEmpty { return }
    if line.starts(with: Self.header) { return }  // repeated above each chunk
    guard let time = Self.integer(line[(timeComma + 1)..<valueComma]),
      let value = Self.number(field), value.isFinite
    else {
      problem = "a line without numbers: \(Self.text(line.prefix(200)))"
      return
    }
    row(time, value)
  }

  private static func integer(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int64? {
    let isNegative = bytes.first == minus
    let digits = isNegative ? bytes.dropFirst() : bytes
    guard (1...18).contains(digits.count) else { return nil }
    var value: Int64 = 0
    for byte in digits {
      guard byte >= zero, byte <= zero + 9 else { return nil }
      value = value * 10 + Int64(byte - zero)
    }
    return isNegative ? -value : value
  }

  /// Exact up to 15 digits, where digits and power of ten both are doubles; `strtod` otherwise.
  private static func number(_ bytes: UnsafeRawBufferPointer) -> Double? {
    var mantissa: UInt64 = 0
    var (digits, decimals, hasPoint) = (0, 0, false)
    let isNegative = bytes.first == minus
    for byte in isNegative ? bytes.dropFirst() : bytes[...] {
      if byte >= zero, byte <= zero + 9 {
        mantissa = mantissa &* 10 &+ UInt64(byte - zero)
        digits += 1
        if hasPoint { decimals += 1 }
        if digits > 15 { return slowNumber(bytes) }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        return slowNumber(bytes)
      }
    }
    guard digits > 0 else { return nil }
    let value = Double(mantissa) / powers[decimals]
    return isNegative ? -value : value
  }

  private static func slowNumber(_ bytes: UnsafeRawBufferPointer) -> Double? {
    switch text(bytes[...]) {
    case "true": 1
    case "false": 0
    case let text: Double(text)
    }
  }

  private static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }
}
