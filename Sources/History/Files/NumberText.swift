// SPDX-License-Identifier: MIT
import Foundation

/// Decimal numbers in text.
enum NumberText {
  /// The number that the bytes in `range` spell, exactly rounded; `nil` when they spell none.
  ///
  /// Infinity and NaN are returned as such. The byte behind the range must be zero. Hexadecimal
  /// numbers and blanks inside are refused.
  static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    guard !range.isEmpty, !isHexadecimal(bytes, range) else { return nil }
    return bytes.withUnsafeBytes { buffer -> Double? in
      guard let start = buffer.baseAddress?.advanced(by: range.lowerBound) else { return nil }
      let text = start.assumingMemoryBound(to: CChar.self)
      var end: UnsafeMutablePointer<CChar>?
      let number = strtod(text, &end)
      guard let end, UnsafePointer(end) == text + range.count else { return nil }
      return number
    }
  }

  /// The shortest text that reads back as the same number: `3.5`, and `3` rather than `3.0`.
  static func text(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func isHexadecimal(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    range.prefix(3).contains { bytes[$0] | 0x20 == UInt8(ascii: "x") || bytes[$0] == 0x20 }
  }
}
