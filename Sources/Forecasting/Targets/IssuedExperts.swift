// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What several forecasters said at one issue, kept until its hours are over.
struct IssuedExperts: Sendable, Codable {
  /// The starts of the hours.
  let targets: [Date]
  /// P10, P50, P90 of each hour by each forecaster.
  let experts: [[[Double]]]
  /// What was expected of each hour, where the target has such a thing.
  let expected: [Double]

  init(
    hours: [Int], grid: TimeGrid, experts: [[QuantileTrees.Prediction]], expected: [Double] = []
  ) {
    self.expected = expected
    targets = hours.map(grid.date(at:))
    self.experts = experts.map { $0.map { [$0.p10, $0.p50, $0.p90] } }
  }

  /// Whether all hours are over at an instant.
  func isOver(at time: Date) -> Bool {
    targets.allSatisfy { $0.addingTimeInterval(3_600) <= time }
  }

  /// Adds the pinball losses of all mixes over the hours that were measured.
  func teach(_ weights: inout ExpertWeights, actual: [Double?]) {
    guard experts.count == weights.count else { return }
    let known = actual.indices.filter { actual[$0] != nil }
    weights.observe { mix in
      known.reduce(0) { sum, row in
        let quantiles = (0..<3).map { quantile in
          mix.indices.reduce(0) { $0 + mix[$1] * experts[$1][row][quantile] }
        }
        return sum
          + ForecastOutcome(
            actual: actual[row] ?? 0, p10: quantiles[0], p50: quantiles[1], p90: quantiles[2],
            mean: quantiles[1]
          ).pinball
      }
    }
  }
}

extension QuantileTrees.Prediction {
  /// Zero for sure.
  static let nothing = QuantileTrees.Prediction(p10: 0, p50: 0, p90: 0, mean: 0)

  /// Beside what came.
  func outcome(_ actual: Double) -> ForecastOutcome {
    ForecastOutcome(actual: actual, p10: p10, p50: p50, p90: p90, mean: mean)
  }

  /// The weighted mean of each number: quantiles of forecasters that agree stay what they are.
  static func mix(
    _ predictions: [QuantileTrees.Prediction], _ shares: [Double]
  ) -> QuantileTrees.Prediction {
    func sum(_ part: KeyPath<QuantileTrees.Prediction, Double>) -> Double {
      zip(predictions, shares).reduce(0) { $0 + $1.0[keyPath: part] * $1.1 }
    }
    return QuantileTrees.Prediction(
      p10: sum(\.p10), p50: sum(\.p50), p90: sum(\.p90), mean: sum(\.mean))
  }
}
