// SPDX-License-Identifier: MIT
import Foundation

/// Times as devices write them.
enum Timestamp {
  /// ISO 8601 with or without a fraction of a second; `nil` without a zone.
  static func iso8601(_ text: String) -> Date? {
    if let date = try? Date(text, strategy: .iso8601) { return date }
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    if let date = try? Date(text, strategy: style) { return date }
    // Python writes six digits; three are what the parser takes.
    guard let dot = text.firstIndex(of: ".") else { return nil }
    let digits = text[text.index(after: dot)...].prefix { $0.isNumber }
    let rest = text[digits.endIndex...]
    return try? Date("\(text[..<dot]).\(digits.prefix(3))\(rest)", strategy: style)
  }
}
