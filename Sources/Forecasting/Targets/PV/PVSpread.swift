// SPDX-License-Identifier: MIT
import Learning

/// How production spreads around unbiased physics, by the height of the expected power: at first as
/// elsewhere, then as this plant and its weather source have shown.
struct PVSpread: Sendable, Codable {
  /// The classes end at these shares of the capacity.
  static let classEnds = [0.1, 0.35]

  /// Quantiles of production over expectation, weighted by energy.
  ///
  /// Source: Utrecht plant January 2014 to June 2015, reanalysis weather.
  private static let elsewhere: [[Double]] = [
    [0.33, 0.91, 1.93], [0.35, 0.92, 1.78], [0.56, 1.05, 1.32],
  ]
  /// Hours of a class after which the plant's own spread counts as much as the one elsewhere.
  static let priorHours = 40.0
  /// Hours of a class that are remembered.
  static let memory = 400
  /// Ratios beyond this come from hours in which hardly anything was expected.
  static let largestRatio = 5.0

  private struct Hour: Sendable, Codable {
    let ratio: Double
    let expected: Double
  }

  private var hours: [[Hour]] = [[], [], []]

  /// The class of an expected share of the capacity.
  static func classOf(_ height: Double) -> Int { classEnds.count { height >= $0 } }

  /// Takes an hour that is over; powers as shares of the capacity.
  mutating func observe(expected: Double, actual: Double) {
    guard expected > 0.005 else { return }
    let place = Self.classOf(expected)
    hours[place].append(Hour(ratio: min(Self.largestRatio, actual / expected), expected: expected))
    if hours[place].count > Self.memory { hours[place].removeFirst() }
  }

  /// The 10, 50 and 90 % quantiles of production over expectation at an expected share.
  func quantiles(at height: Double) -> [Double] {
    let place = Self.classOf(height)
    let own = hours[place]
    guard own.count >= 10 else { return Self.elsewhere[place] }
    let trust = Double(own.count) / (Double(own.count) + Self.priorHours)
    let quantiles = EmpiricalQuantile.weighted(
      own.map { ($0.ratio, $0.expected) }, [0.1, 0.5, 0.9])
    return zip(quantiles, Self.elsewhere[place]).map { trust * $0 + (1 - trust) * $1 }
  }
}
