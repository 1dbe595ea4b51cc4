// SPDX-License-Identifier: MIT
public import Foundation

/// What is expected of a quantity on a grid and how sure we are, with the time it was issued.
///
/// The issue time lets a backtest see only what was known. Quantiles never cross: they are sorted
/// on entry, which never makes a pinball loss worse. Source: V. Chernozhukov, I. Fernández-Val,
/// A. Galichon, Econometrica 78 (2010) 1093, doi:10.3982/ECTA7880.
public struct QuantileForecast<Value: Quantity>: Sendable, Hashable, Codable {
  /// When the forecast was made: nothing later entered it.
  public let issuedAt: Date
  /// The steps.
  public let grid: TimeGrid
  /// The value exceeded with probability 0.9; one a step.
  public let p10: [Value]
  /// The median; one a step.
  public let p50: [Value]
  /// The value exceeded with probability 0.1; one a step.
  public let p90: [Value]
  /// The expected value, which may lie away from the median; one a step. Costs add up on it.
  public let mean: [Value]

  /// A forecast of three quantiles a step, which are sorted where they cross, and the mean.
  ///
  /// - Precondition: one value of each for each step.
  public init(
    issuedAt: Date, grid: TimeGrid, p10: [Value], p50: [Value], p90: [Value], mean: [Value]
  ) {
    precondition(
      [p10, p50, p90, mean].allSatisfy { $0.count == grid.count },
      "a forecast has one value of each quantile and a mean a step")
    self.issuedAt = issuedAt
    self.grid = grid
    self.mean = mean
    var sorted = (low: p10, middle: p50, high: p90)
    for index in grid.indices {
      let ordered = [p10[index], p50[index], p90[index]].sorted()
      sorted.low[index] = ordered[0]
      sorted.middle[index] = ordered[1]
      sorted.high[index] = ordered[2]
    }
    (self.p10, self.p50, self.p90) = (sorted.low, sorted.middle, sorted.high)
  }

  /// A forecast that claims to be certain.
  public init(issuedAt: Date, grid: TimeGrid, certain: [Value]) {
    self.init(
      issuedAt: issuedAt, grid: grid, p10: certain, p50: certain, p90: certain, mean: certain)
  }

  /// The expected values as a series.
  public var expected: Series<Value> { Series(grid: grid, values: mean) }
}
