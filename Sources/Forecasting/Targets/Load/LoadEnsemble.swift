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
    let experts: IssuedExperts
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

  /// The last issue that was remembered.
  private(set) var lastIssue: Date?

  /// Learns from every issue whose hours are all over.
  mutating func learn(_ history: LoadHistory, before issueHour: Int) {
    let grid = history.hours.grid
    let now = grid.date(at: issueHour)
    calibration.observe(until: now) { end in
      grid.index(of: end.addingTimeInterval(-3_600)).flatMap(history.actual)
    }
    for issue in pending where issue.experts.isOver(at: now) {
      let actual = issue.experts.targets.map { grid.index(of: $0).flatMap(history.actual) }
      let known = actual.compactMap { $0 }
      guard known.count >= max(1, actual.count * 3 / 4) else { continue }
      issue.experts.teach(&weights, actual: actual)
      if let last24 = issue.last24, let mean = known.mean {
        level.observe(forecast: issue.forecastMean, actual: mean, last24: last24)
      }
    }
    pending.removeAll { $0.experts.isOver(at: now) }
  }

  /// Mixes, moves and calibrates what the forecasters say, and remembers it.
  mutating func issue(
    _ issue: LoadIssue, experts: [[QuantileTrees.Prediction]], history: LoadHistory
  ) -> [QuantileTrees.Prediction] {
    let shares =
      experts.count == Self.expertCount
      ? weights.weights
      : Array(repeating: 1 / Double(experts.count), count: experts.count)
    var mixed = issue.targets.indices.map { row in
      QuantileTrees.Prediction.mix(
        experts.map { $0[row] }, shares)
    }
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
        experts: IssuedExperts(hours: issue.targets, grid: grid, experts: experts),
        forecastMean: forecastMean, last24: issue.past.last24))
    lastIssue = grid.date(at: issue.issueHour)
    return zip(mixed, calibrated).map { prediction, interval in
      QuantileTrees.Prediction(
        p10: max(0, interval.p10), p50: max(0, prediction.p50), p90: max(0, interval.p90),
        mean: max(0, prediction.mean))
    }
  }
}
