// SPDX-License-Identifier: MIT
import Foundation

/// Reads an answer of InfluxDB piece by piece; in the middle of one, nothing but a line is kept.
protocol InfluxRows {
  /// What went wrong, for the first line that did.
  var problem: String? { get }
  /// Takes a piece and calls `row` with column, microseconds and value for each value of a complete
  /// line; `false` when a line cannot be read.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, row: (Int, Int64, Double) -> Void) -> Bool
  /// Takes the end of the answer: a last line without its newline is no whole line.
  mutating func finish()
}

/// Lines out of bytes that come in pieces.
struct ByteLines {
  private var rest: [UInt8] = []
  private static let newline = UInt8(ascii: "\n")

  /// What is wrong with an end inside a line; `nil` when the last line was whole.
  var cutOff: String? {
    rest.isEmpty ? nil : "it ends inside a line: \(InfluxNumber.text(rest.prefix(200)))"
  }

  /// Calls `body` for each complete line without its newline, until it returns `false`.
  mutating func feed(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool
  ) {
    var start = 0
    if !rest.isEmpty {
      guard let end = bytes.firstIndex(of: Self.newline) else {
        rest.append(contentsOf: bytes)
        return
      }
      rest.append(contentsOf: bytes[..<end])
      let goesOn = rest.withUnsafeBytes { body($0) }
      rest.removeAll(keepingCapacity: true)
      guard goesOn else { return }
      start = end + 1
    }
    guard let base = bytes.baseAddress else { return }
    while start < bytes.count,
      let found = memchr(base + start, Int32(Self.newline), bytes.count - start)
    {
      let end = UnsafeRawPointer(found) - base
      guard body(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else { return }
      start = end + 1
    }
    rest.append(contentsOf: bytes[start...])
  }
}

/// Numbers as InfluxDB writes them.
enum InfluxNumber {
  private static let minus = UInt8(ascii: "-")
  private static let zero = UInt8(ascii: "0")
  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// A whole number of at most 18 digits.
  static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    let isNegative = bytes.first == minus
    let digits = isNegative ? bytes.dropFirst() : bytes[...]
    guard (1...18).contains(digits.count) else { return nil }
    var value: Int64 = 0
    for byte in digits {
      guard byte >= zero, byte <= zero + 9 else { return nil }
      value = value * 10 + Int64(byte - zero)
    }
    return isNegative ? -value : value
  }

  /// A number or a truth value.
  ///
  /// Exact up to 15 digits, where digits and power of ten both are doubles; `strtod` otherwise.
  static func number(_ bytes: UnsafeRawBufferPointer) -> Double? {
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
    switch text(bytes) {
    case "true": 1
    case "false": 0
    case let text: Double(text)
    }
  }

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }
}
