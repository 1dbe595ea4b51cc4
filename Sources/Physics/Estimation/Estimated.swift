// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// A number found from data, with the interval that holds the truth in nine of ten cases.
public struct Estimated<Value: Quantity>: Sendable, Hashable, Codable {
  /// The best single number.
  public let value: Value
  /// The lower end of the 90 % interval.
  public let low: Value
  /// The upper end of the 90 % interval.
  public let high: Value

  /// A number inside its interval; ends that would exclude it are moved to it.
  public init(value: Value, low: Value, high: Value) {
    self.value = value
    self.low = min(low, value)
    self.high = max(high, value)
  }

  /// A positive number known up to a factor: the interval is symmetric in the logarithm.
  ///
  /// - Parameter logDeviation: standard deviation of the logarithm.
  init(value: Double, logDeviation: Double) {
    let factor = exp(normalQuantile95 * logDeviation)
    self.init(value: Value(value), low: Value(value / factor), high: Value(value * factor))
  }

  /// Whether a truth lies inside the interval.
  public func contains(_ truth: Value) -> Bool { low <= truth && truth <= high }
}

/// The 95 % quantile of the normal distribution: 5 % remain on each side of a 90 % interval.
let normalQuantile95 = 1.644_853_626_951_472_2
