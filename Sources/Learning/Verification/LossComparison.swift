// SPDX-License-Identifier: MIT
import TimeSeries

/// Whether one forecaster's losses are really smaller than another's, on the same days.
public struct LossComparison: Sendable, Hashable, Codable {
  /// How many days were compared.
  public let count: Int
  /// Mean loss of the first minus mean loss of the second; below 0 the first is better.
  public let meanDifference: Double
  /// The same as a share of the second's mean loss.
  public let relativeDifference: Double
  /// The Diebold–Mariano statistic; below −1.96 the first is better at 95 %.
  public let dieboldMariano: Double
  /// The central interval of the mean difference from block resampling.
  public let confidence: ClosedRange<Double>

  /// Compares mean losses by day.
  ///
  /// - Parameters:
  ///   - first: one loss a day.
  ///   - second: the other's losses on the same days.
  ///   - blockDays: days drawn together, so that weather spells stay whole.
  ///   - level: the confidence of the interval, 0.95 by default.
  /// - Returns: `nil` with fewer than eight days.
  public init?(
    _ first: [Double], _ second: [Double], blockDays: Int = 5, level: Double = 0.95,
    resamples: Int = 2_000, seed: UInt64 = 1
  ) {
    guard first.count == second.count, first.count >= 8 else { return nil }
    let differences = zip(first, second).map { $0 - $1 }
    count = differences.count
    meanDifference = differences.reduce(0, +) / Double(count)
    relativeDifference =
      meanDifference / max(second.reduce(0, +) / Double(count), .leastNormalMagnitude)
    dieboldMariano = Self.dieboldMariano(differences)
    var generator = SplitMix64(seed: seed)
    let means = Self.resampledMeans(
      differences, blockDays: blockDays, resamples: resamples, using: &generator
    ).sorted()
    let tail = (1 - level) / 2
    let low = EmpiricalQuantile.of(sorted: means, tail)
    confidence = low...max(low, EmpiricalQuantile.of(sorted: means, 1 - tail))
  }

  /// The test statistic with a Newey–West variance of one lag and the small-sample factor.
  ///
  /// Source: F. Diebold, R. Mariano, J. Business & Economic Statistics 13 (1995) 253;
  /// D. Harvey, S. Leybourne, P. Newbold, Int. J. Forecasting 13 (1997) 281, eq. 9 with h = 1.
  static func dieboldMariano(_ differences: [Double]) -> Double {
    let n = Double(differences.count)
    let mean = differences.reduce(0, +) / n
    let centred = differences.map { $0 - mean }
    var variance = centred.reduce(0) { $0 + $1 * $1 } / n
    variance += zip(centred.dropFirst(), centred).reduce(0) { $0 + $1.0 * $1.1 } / n
    let statistic = mean / (max(variance, 1e-30) / n).squareRoot()
    return statistic * ((n - 1) / n).squareRoot()
  }

  /// Means of resamples made of whole blocks that wrap around.
  ///
  /// Source: D. Politis, J. Romano, circular block bootstrap, in: Exploring the Limits of Bootstrap,
  /// Wiley 1992, p. 263.
  private static func resampledMeans(
    _ values: [Double], blockDays: Int, resamples: Int, using generator: inout SplitMix64
  ) -> [Double] {
    let block = max(1, min(blockDays, values.count))
    return (0..<resamples).map { _ in
      var sum = 0.0
      var taken = 0
      while taken < values.count {
        let start = Int.random(in: 0..<values.count, using: &generator)
        let length = min(block, values.count - taken)
        for offset in 0..<length { sum += values[(start + offset) % values.count] }
        taken += length
      }
      return sum / Double(values.count)
    }
  }
}
