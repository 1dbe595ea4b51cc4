// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History

extension CommandLineInput {
  /// The instant an option or argument names, UTC where it names no offset; `nil` when it is left out.
  func instant(_ name: String) throws(CommandLineError) -> Date? {
    guard let text = string(name) else { return nil }
    guard let instant = Date(isoText: text) else {
      let shown = name == name.uppercased() ? name : "--\(name)"
      throw .usage("\(shown): '\(text)' is not an instant such as 2026-01-12T06:00Z")
    }
    return instant
  }

  /// The number an option gives, inside a range; `nil` when it is left out.
  func number<Number: LosslessStringConvertible & Comparable>(
    _ name: String, in range: ClosedRange<Number>, _ unit: String = ""
  ) throws(CommandLineError) -> Number? {
    guard let number = try value(name, as: Number.self) else { return nil }
    guard range.contains(number) else {
      throw .usage(
        "--\(name): \(number) is not in \(range.lowerBound)…\(range.upperBound)"
          + (unit.isEmpty ? "" : " " + unit))
    }
    return number
  }
}
