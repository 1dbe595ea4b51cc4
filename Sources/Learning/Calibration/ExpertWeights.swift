// SPDX-License-Identifier: MIT
import Foundation

/// How much each of several forecasters counts in their mix, learned from the losses of the mixes.
///
/// All mixes on a grid of the simplex are scored day by day; each gets the weight exp(−η · loss) over
/// the remembered days and the answer is their mean, pulled towards equal parts while little is known.
/// Scoring the mixes instead of the forecasters sees when errors cancel.
///
/// Source: V. Vovk, Aggregating strategies, COLT 1990; N. Littlestone, M. Warmuth, Information and
/// Computation 108 (1994) 212.
public struct ExpertWeights: Sendable, Hashable, Codable {
  /// Days that are remembered.
  public static let window = 60
  /// Steps of the grid on each edge of the simplex.
  static let gridSteps = 4
  /// The weight of a mix falls by e for each per cent of loss above the best.
  static let sharpness = 100.0
  /// After this many days the learned weights count as much as equal parts.
  static let priorDays = 20.0
  /// The fewest days before anything but equal parts is used.
  static let fewestDays = 14

  /// How many forecasters are mixed.
  public let count: Int
  /// All mixes that are scored, each summing to 1.
  public let mixes: [[Double]]
  private var losses: [[Double]] = []

  /// Weights of `count` forecasters that know nothing yet.
  ///
  /// - Precondition: at least one forecaster.
  public init(count: Int) {
    precondition(count > 0, "there is at least one forecaster")
    self.count = count
    mixes = Self.compositions(of: Self.gridSteps, into: count)
      .map { $0.map { Double($0) / Double(Self.gridSteps) } }
  }

  /// Takes one more day that is over.
  ///
  /// - Parameter loss: the day's loss of a mix; called once for each mix.
  public mutating func observe(_ loss: ([Double]) -> Double) {
    losses.append(mixes.map(loss))
    if losses.count > Self.window { losses.removeFirst() }
  }

  /// The weights now, pulled towards equal parts; they sum to 1.
  public var weights: [Double] {
    weights(prior: Array(repeating: 1 / Double(count), count: count))
  }

  /// The weights now, pulled towards weights that were right before anything was learned.
  ///
  /// - Parameter prior: one a forecaster; sums to 1.
  public func weights(prior: [Double]) -> [Double] {
    precondition(prior.count == count, "there is one weight a forecaster")
    guard losses.count >= Self.fewestDays else { return prior }
    let totals = mixes.indices.map { mix in losses.reduce(0) { $0 + $1[mix] } }
    guard let best = totals.min(), best > 0 else { return prior }
    let raw = totals.map { exp(-Self.sharpness * ($0 - best) / best) }
    let sum = raw.reduce(0, +)
    let trust = Double(losses.count) / (Double(losses.count) + Self.priorDays)
    return (0..<count).map { expert in
      let learned = zip(raw, mixes).reduce(0) { $0 + $1.0 * $1.1[expert] } / sum
      return trust * learned + (1 - trust) * prior[expert]
    }
  }

  private static func compositions(of total: Int, into parts: Int) -> [[Int]] {
    guard parts > 1 else { return [[total]] }
    return (0...total).flatMap { first in
      compositions(of: total - first, into: parts - 1).map { [first] + $0 }
    }
  }
}
