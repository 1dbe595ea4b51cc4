// SPDX-License-Identifier: MIT
public import TimeSeries

/// A poor, a usual and a rich course in place of a distribution, with the mean kept.
///
/// Source of the shares: D. L. Keefer, S. E. Bodily, Management Science 29 (1983) 595, "extended
/// Swanson–Megill".
public enum ThreeCourses {
  /// How likely the three are.
  public static let shares = [0.3, 0.4, 0.3]

  /// The mean courses of the poorest three tenths, the middle and the richest three tenths of all
  /// courses by their sum. Each step is scaled so that its weighted mean is `mean`, as far as 0…limit
  /// allows.
  ///
  /// - Precondition: at least one course; all are as long as `mean`.
  static func reduced(_ courses: [[Double]], mean: [Double], limit: Double) -> [[Double]] {
    let strata = strata(courses)
    return strata.map { stratum in
      stratum.indices.map { step in
        let kept = zip(shares, strata).reduce(0) { $0 + $1.0 * $1.1[step] }
        let value = kept > 0 ? stratum[step] * mean[step] / kept : mean[step]
        return min(limit, max(0, value))
      }
    }
  }

  private static func strata(_ courses: [[Double]]) -> [[Double]] {
    let sorted = courses.map { ($0, $0.reduce(0, +)) }.sorted { $0.1 < $1.1 }.map(\.0)
    var begin = 0
    var share = 0.0
    return shares.map { part in
      share += part
      let end = max(begin + 1, Int((share * Double(sorted.count)).rounded()))
      let own = sorted[min(begin, sorted.count - 1)..<min(end, sorted.count)]
      begin = end
      return own[own.startIndex].indices.map { step in
        own.reduce(0) { $0 + $1[step] } / Double(own.count)
      }
    }
  }
}

extension QuantileForecast {
  /// Its P10, a middle and its P90, the middle chosen so that the mean is kept; `nil` where the
  /// quantiles fall together in every step. Hours go together, which overstates how much a whole day
  /// may differ: cautious by intention.
  public var threeCourses: [[Double]]? {
    let (mean, low, high) = (mean.map(\.rawValue), p10.map(\.rawValue), p90.map(\.rawValue))
    let spread = zip(low, high).map { $1 - $0 }.max() ?? 0
    guard spread > 1e-6 else { return nil }
    let (outer, inner) = (ThreeCourses.shares[0], ThreeCourses.shares[1])
    let middle = mean.indices.map { step in
      let kept = (mean[step] - outer * (low[step] + high[step])) / inner
      return min(high[step], max(low[step], kept))
    }
    return [low, middle, high]
  }
}
