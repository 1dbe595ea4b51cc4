// SPDX-License-Identifier: MIT
import TimeSeries

extension Section {
  /// A number of a quantity's unit inside a range; the key ends with the unit.
  ///
  /// - Parameter fallback: what counts when the key is left out; `nil` for a key that is needed.
  /// - Returns: the value, or the smallest allowed where it is wrong.
  func quantity<Value: Quantity>(
    _ key: String, in range: ClosedRange<Double>, default fallback: Value? = nil
  ) -> Value {
    Value(
      number(key, in: range, unit: Value.unit, default: fallback?.rawValue))
  }

  /// A quantity that may be left out; nothing counts in its place.
  func optionalQuantity<Value: Quantity>(
    _ key: String, in range: ClosedRange<Double>
  ) -> Value? {
    has(key) ? quantity(key, in: range) : nil
  }

  /// A share that people write in per cent.
  func percent(
    _ key: String, in range: ClosedRange<Double> = 0...100, default fallback: Fraction? = nil
  ) -> Fraction {
    .percent(number(key, in: range, unit: "%", default: fallback?.percent))
  }

  /// A length of time in minutes, which may have a fraction.
  func minutes(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil
  ) -> Duration {
    .seconds(number(key, in: range, unit: "minutes", default: fallback) * 60)
  }

  /// A plain number.
  func number(
    _ key: String, in range: ClosedRange<Double>, unit: String = "", default fallback: Double? = nil
  ) -> Double {
    let suffix = unit.isEmpty ? "" : unit == "°" ? "°" : " " + unit
    let allowed = "\(Self.text(range.lowerBound))…\(Self.text(range.upperBound))\(suffix)"
    if let fallback, !has(key) {
      assume(Self.text(fallback) + suffix, key)
      return fallback
    }
    guard let node = requiredNode(key, "allowed: \(allowed)") else { return range.lowerBound }
    guard let number = node.scalar?.number else {
      let hint = node.scalar?.numberHint ?? ""
      report("\(node.shown) is not a number\(hint.isEmpty ? "; allowed: \(allowed)" : hint)", key)
      return range.lowerBound
    }
    guard range.contains(number) else {
      report("\(node.shown) is outside \(allowed)", key)
      return range.lowerBound
    }
    return number
  }

  /// A whole number inside a range.
  func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int {
    let allowed = "\(range.lowerBound)…\(range.upperBound)"
    if let fallback, !has(key) {
      assume("\(fallback)", key)
      return fallback
    }
    guard let node = requiredNode(key, "allowed: \(allowed)") else { return range.lowerBound }
    guard let number = node.scalar?.integer, range.contains(number) else {
      report("\(node.shown) is not a whole number in \(allowed)", key)
      return range.lowerBound
    }
    return number
  }

  /// One of a few whole numbers.
  func integer(_ key: String, oneOf allowed: [Int]) -> Int {
    let text = allowed.map(String.init).joined(separator: " or ")
    guard let node = requiredNode(key, "allowed: \(text)") else { return allowed.first ?? 0 }
    guard let number = node.scalar?.integer, allowed.contains(number) else {
      report("\(node.shown) is not allowed; write \(text)", key)
      return allowed.first ?? 0
    }
    return number
  }

  /// A number as people write it.
  static func text(_ number: Double) -> String {
    number.rounded() == number && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}
