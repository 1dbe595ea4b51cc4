// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What a home teaches from the forecasts it got: how to mix the forecasters, how much of the last
/// day's level to take over, how wide the quantiles must be.
struct LoadEnsemble: Sendable, Codable {
  /// Compact trees, rich trees, climatology.
  private static let expertCount = 3

  private struct Issued: Sendable, Codable {
    let targets: [Int]
    /// P10, P50, P90 of each target by each forecaster.
    let experts: [[[Double]]]
    let forecastMean: Double
    let last24: Double?
  }

  private var weights = ExpertWeights(count: expertCount)
  private var level = LevelBlend()
  private var calibration: ConformalCalibration
  private var pending: [Issued] = []

  init(calibration: ConformalCalibration = ConformalCalibration()) {
    self.calibration = calibration
  }

  /// The shares of the forecasters now.
  var shares: [Double] { weights.weights }
  /// The share of the last day's level now.
  var levelShare: Double { level.share }

  /// Learns from every issue whose hours are all over.
  mutating func learn(_ history: LoadHistory, before issueHour: Int) {
    calibration.observe(until: history.hours.grid.date(at: issueHour)) { end in
      history.hours.grid.index(of: end.addingTimeInterval(-3_600)).flatMap(history.actual)
    }
    let finished = pending.filter { ($0.targets.last ?? 0) < issueHour }
    pending.removeAll { ($0.targets.last ?? 0) < issueHour }
    for issue in finished { learn(issue, history) }
  }

  private mutating func learn(_ issue: Issued, _ history: LoadHistory) {
    let actual = issue.targets.map(history.actual)
    let known = actual.indices.filter { actual[$0] != nil }
    guard known.count >= issue.targets.count * 3 / 4, !known.isEmpty else { return }
    if issue.experts.count == Self.expertCount {
      weights.observe { mix in
        known.reduce(0) { sum, row in
          let quantiles = (0..<3).map { quantile in
            mix.indices.reduce(0) { $0 + mix[$1] * issue.experts[$1][row][quantile] }
          }
          let outcome = ForecastOutcome(
            actual: actual[row] ?? 0, p10: quantiles[0], p50: quantiles[1], p90: quantiles[2],
            mean: quantiles[1])
          return sum + outcome.pinball
        }
      }
    }
    if let last24 = issue.last24, let mean = known.compactMap({ actual[$0] }).mean {
      level.observe(forecast: issue.forecastMean, actual: mean, last24: last24)
    }
  }

  /// Mixes, moves and calibrates what the forecasters say, and remembers it.
  mutating func issue(
    _ issue: LoadIssue, experts: [[QuantileTrees.Prediction]], history: LoadHistory
  ) -> [QuantileTrees.Prediction] {
    let shares =
      experts.count == Self.expertCount
      ? weights.weights
      : Array(repeating: 1 / Double(experts.count), count: experts.count)
    var mixed = issue.targets.indices.map { row in Self.mix(experts.map { $0[row] }, shares) }
    let forecastMean = mixed.map(\.mean).mean ?? 0
    if let last24 = issue.past.last24 {
      let factor = level.factor(forecast: forecastMean, last24: last24)
      mixed = mixed.map { $0.map { $0 * factor } }
    }
    let grid = history.hours.grid
    let calibrated = calibration.issue(
      at: grid.date(at: issue.issueHour),
      zip(issue.targets, mixed).map { index, prediction in
        ConformalCalibration.Step(
          end: grid.date(at: index + 1), bin: 0, p10: prediction.p10, p90: prediction.p90)
      })
    pending.append(
      Issued(
        targets: issue.targets,
        experts: experts.map { $0.map { [$0.p10, $0.p50, $0.p90] } },
        forecastMean: forecastMean, last24: issue.past.last24))
    return zip(mixed, calibrated).map { prediction, interval in
      QuantileTrees.Prediction(
        p10: max(0, interval.p10), p50: max(0, prediction.p50), p90: max(0, interval.p90),
        mean: max(0, prediction.mean))
    }
  }

  private static func mix(
    _ predictions: [QuantileTrees.Prediction], _ shares: [Double]
  ) -> QuantileTrees.Prediction {
    func sum(_ part: KeyPath<QuantileTrees.Prediction, Double>) -> Double {
      zip(predictions, shares).reduce(0) { $0 + $1.0[keyPath: part] * $1.1 }
    }
    return QuantileTrees.Prediction(
      p10: sum(\.p10), p50: sum(\.p50), p90: sum(\.p90), mean: sum(\.mean))
  }
}
