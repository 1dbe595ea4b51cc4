// SPDX-License-Identifier: MIT
public import TimeSeries

/// The rules by which a house seems to let power into the grid, found in its history.
///
/// A finding to ask the owner about, not to act on.
public struct ExportPolicy: Sendable, Hashable {
  /// A cap on the export.
  public struct Cap: Sendable, Hashable {
    /// The most that flowed; 0 for a house that never exports.
    public let limit: Watts
    /// Steps by day at the cap.
    public let steps: Int
    /// Their share of the steps by day.
    public let share: Fraction
  }

  /// A price below which the house holds its power back.
  public struct PriceRule: Sendable, Hashable {
    /// Above this it exports.
    public let smallestPrice: PricePerKilowattHour
    /// Sunny steps below the price.
    public let stepsBelow: Int
    /// How many of them were curtailed.
    public let curtailedBelow: Int
    /// Sunny steps at the price or above.
    public let stepsAbove: Int
    /// How many of them were curtailed.
    public let curtailedAbove: Int
  }

  /// The cap, if the export piles up at one.
  public let cap: Cap?
  /// The price rule, if curtailment goes with the price.
  public let priceRule: PriceRule?

  /// Steps by day at the top before it counts as a cap: a mass point, not the end of a distribution.
  static let smallestShare = 0.03
  static let smallestSteps = 12
  /// Steps on each side before a price counts as a rule.
  static let smallestPriceSteps = 8

  /// The rules in 14 days or more of observations.
  ///
  /// - Parameters:
  ///   - steps: the observations, with export and price where they are known.
  ///   - capacity: the plant's most alternating current.
  ///   - curtailed: steps known or found to be curtailed, for the price rule.
  public init(_ steps: [PVObservation], capacity: Watts, curtailed: Set<Int>) {
    cap = Self.cap(steps, capacity: capacity.rawValue)
    priceRule = Self.priceRule(steps, capacity: capacity.rawValue, curtailed: curtailed)
  }

  private static func cap(_ steps: [PVObservation], capacity: Double) -> Cap? {
    let exports: [Double] = steps.compactMap { step in
      guard let expected = step.expected?.rawValue, expected > 0.05 * capacity else { return nil }
      return step.export?.rawValue
    }
    guard exports.count >= 100, let top = quantile(exports, 0.99) else { return nil }
    let width = max(0.02 * top, 0.005 * capacity)
    let near = exports.count { abs($0 - top) <= width }
    let share = Double(near) / Double(exports.count)
    // a distribution that thins out has half as many again just below the top as in it
    let below = exports.count { $0 < top - width && $0 >= top - 3 * width }
    guard share > smallestShare, near >= smallestSteps, near > 2 * below else { return nil }
    return Cap(limit: Watts(max(top, 0)), steps: near, share: Fraction(share))
  }

  /// The price that parts curtailed from free steps best, by the difference of the shares.
  private static func priceRule(
    _ steps: [PVObservation], capacity: Double, curtailed: Set<Int>
  ) -> PriceRule? {
    let sunny: [(price: Double, isCurtailed: Bool)] = steps.indices.compactMap { index in
      guard
        let price = steps[index].exportPrice?.rawValue,
        let expected = steps[index].expected?.rawValue, expected > 0.2 * capacity
      else { return nil }
      return (price, curtailed.contains(index))
    }.sorted { $0.price < $1.price }
    let total = sunny.count { $0.isCurtailed }
    var (best, seen, bestPosition) = (0.0, 0, 0)
    for position in sunny.indices.dropLast() {
      seen += sunny[position].isCurtailed ? 1 : 0
      let below = position + 1
      guard
        below >= smallestPriceSteps, sunny.count - below >= smallestPriceSteps,
        sunny[position].price < sunny[position + 1].price
      else { continue }
      let gain =
        Double(seen) / Double(below) - Double(total - seen) / Double(sunny.count - below)
      if gain > best { (best, bestPosition) = (gain, below) }
    }
    guard best > 0.4 else { return nil }
    let curtailedBelow = sunny[..<bestPosition].count { $0.isCurtailed }
    return PriceRule(
      smallestPrice: PricePerKilowattHour(sunny[bestPosition].price),
      stepsBelow: bestPosition, curtailedBelow: curtailedBelow,
      stepsAbove: sunny.count - bestPosition, curtailedAbove: total - curtailedBelow)
  }
}
