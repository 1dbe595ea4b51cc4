// SPDX-License-Identifier: MIT
import Foundation

/// Numbers as devices tell them, which may be anything.
enum DeviceNumber {
  /// The finite number that a text is.
  static func real(_ text: String) -> Double? {
    Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The finite number of a JSON document.
  static func real(json value: Any?) -> Double? {
    (value as? NSNumber).flatMap { $0.doubleValue.isFinite ? $0.doubleValue : nil }
  }

  /// The number without its fraction; `nil` beyond what an `Int` holds.
  static func whole(_ number: Double) -> Int? { Int(exactly: number.rounded(.towardZero)) }
}
