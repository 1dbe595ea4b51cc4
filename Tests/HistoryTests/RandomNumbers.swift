// SPDX-License-Identifier: MIT

extension RandomNumberGenerator {
  /// Any finite number, of every size, with few or many digits; never -0.
  mutating func finiteDouble() -> Double {
    let number: Double =
      switch Int.random(in: 0..<3, using: &self) {
      case 0: Double(bitPattern: next())
      case 1: Double(Int.random(in: -20_000...20_000, using: &self)) / 10
      default: Double.random(in: -1e4...1e4, using: &self)
      }
    return number.isFinite && number != 0 ? number : 0
  }
}
