// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What a market teaches from the forecasts it got: how to mix trees and the usual course, and how
/// wide the quantiles must be.
struct PriceEnsemble: Sendable, Codable {
  /// Trees, usual course.
  private static let expertCount = 2

  private var weights = ExpertWeights(count: expertCount)
  private var calibration = ConformalCalibration()
  private var pending: [IssuedExperts] = []
  private var expertsOfLastIssue: Int?
  /// The first hour that the last issue did not know.
  private(set) var lastIssue: Date?

  /// The shares of trees and course now.
  var shares: [Double] { weights.weights }

  /// Learns from every issue whose hours are all known.
  mutating func learn(_ history: PriceHistory, before limit: Int) {
    let grid = history.hours.grid
    let now = grid.date(at: limit)
    calibration.observe(until: now) { end in
      grid.index(of: end.addingTimeInterval(-3_600)).flatMap(history.actual)
    }
    for issue in pending where issue.isOver(at: now) {
      issue.teach(
        &weights, actual: issue.targets.map { grid.index(of: $0).flatMap(history.actual) })
    }
    pending.removeAll { $0.isOver(at: now) }
  }

  /// Mixes and calibrates what the forecasters say, and remembers it.
  mutating func issue(
    _ issue: PriceIssue, trees: [QuantileTrees.Prediction]?, history: PriceHistory
  ) -> [QuantileTrees.Prediction] {
    let experts = (trees.map { [$0] } ?? []) + [issue.course]
    let shares = experts.count == Self.expertCount ? weights.weights : [1]
    let mixed = issue.targets.indices.map { row in
      QuantileTrees.Prediction.mix(experts.map { $0[row] }, shares)
    }
    if let before = expertsOfLastIssue, before != experts.count { calibration.reset() }
    expertsOfLastIssue = experts.count
    let grid = history.hours.grid
    let calibrated = calibration.issue(
      at: grid.date(at: issue.limit),
      zip(issue.targets, zip(mixed, issue.daysAhead)).map { index, forecast in
        ConformalCalibration.Step(
          end: grid.date(at: index + 1), bin: min(2, forecast.1), p10: forecast.0.p10,
          p90: forecast.0.p90, scale: issue.level.spread)
      })
    pending.append(IssuedExperts(hours: issue.targets, grid: grid, experts: experts))
    lastIssue = grid.date(at: issue.limit)
    return zip(mixed, calibrated).map { prediction, interval in
      QuantileTrees.Prediction(
        p10: min(interval.p10, prediction.p50), p50: prediction.p50,
        p90: max(interval.p90, prediction.p50), mean: prediction.mean)
    }
  }
}
