// SPDX-License-Identifier: MIT

/// A number with a unit in its type: one `Double` that cannot be mixed up with another unit's.
///
/// Quantities cross function and module boundaries; inside a numeric kernel the plain `Double` is
/// used with the unit in its name. A missing value is `nil`, never a special number.
public protocol Quantity: RawRepresentable<Double>, Sendable, Hashable, Comparable, Codable,
  CustomStringConvertible
{
  /// The unit as people write it, for example `kWh`.
  static var unit: String { get }
  /// Wraps a number that is already in this unit.
  init(rawValue: Double)
}

extension Quantity {
  /// Wraps a number that is already in this unit.
  @inlinable public init(_ value: Double) { self.init(rawValue: value) }

  /// Nothing of the quantity.
  @inlinable public static var zero: Self { Self(rawValue: 0) }

  /// Orders by the number.
  @inlinable public static func < (left: Self, right: Self) -> Bool {
    left.rawValue < right.rawValue
  }

  /// Adds two values of one unit.
  @inlinable public static func + (left: Self, right: Self) -> Self {
    Self(rawValue: left.rawValue + right.rawValue)
  }

  /// Subtracts two values of one unit.
  @inlinable public static func - (left: Self, right: Self) -> Self {
    Self(rawValue: left.rawValue - right.rawValue)
  }

  /// Turns the sign.
  @inlinable public static prefix func - (value: Self) -> Self { Self(rawValue: -value.rawValue) }

  /// Scales by a plain number.
  @inlinable public static func * (value: Self, factor: Double) -> Self {
    Self(rawValue: value.rawValue * factor)
  }

  /// Scales by a plain number.
  @inlinable public static func * (factor: Double, value: Self) -> Self { value * factor }

  /// Divides by a plain number.
  @inlinable public static func / (value: Self, divisor: Double) -> Self {
    Self(rawValue: value.rawValue / divisor)
  }

  /// The ratio of two values of one unit, a plain number.
  @inlinable public static func / (left: Self, right: Self) -> Double {
    left.rawValue / right.rawValue
  }

  /// Adds in place.
  @inlinable public static func += (left: inout Self, right: Self) { left = left + right }

  /// Subtracts in place.
  @inlinable public static func -= (left: inout Self, right: Self) { left = left - right }

  /// Whether the number is neither infinite nor NaN; data are refused at the door when it is not.
  @inlinable public var isFinite: Bool { rawValue.isFinite }

  /// The number and its unit, `2.5 kWh`.
  public var description: String { Self.unit.isEmpty ? "\(rawValue)" : "\(rawValue) \(Self.unit)" }
}
