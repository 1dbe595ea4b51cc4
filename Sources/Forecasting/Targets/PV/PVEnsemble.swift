// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What a plant teaches from the forecasts it got: how to mix trees and physics, and how wide the
/// quantiles must be.
struct PVEnsemble: Sendable, Codable {
  /// Trees on the residual, trees on the production, unbiased physics.
  private static let expertCount = 3
  /// After this many valid days the trees count as much as the physics.
  ///
  /// Source: the best or within 0.03 points of the best at every length of history tried
  /// (`docs/models/pv-forecast.md`).
  static let priorDays = 30.0

  private var weights = ExpertWeights(count: expertCount)
  private var spread = PVSpread()
  private var calibration = ConformalCalibration()
  private var pending: [IssuedExperts] = []
  /// The last issue that was remembered.
  private(set) var lastIssue: Date?
  /// How many forecasters the last issue mixed.
  private var expertsOfLastIssue: Int?

  /// The shares of the forecasters after a history of so many valid days.
  func shares(validDays: Int) -> [Double] {
    let days = Double(validDays)
    // Trees of less than a month have seen too little weather to be an equal.
    let trees = days / (days + Self.priorDays) * min(1, days / Self.priorDays)
    return weights.weights(prior: [trees / 2, trees / 2, 1 - trees])
  }

  /// Learns from every issue whose hours are all over; hours held down teach nothing.
  mutating func learn(_ history: PVHistory, before issueHour: Int) {
    let grid = history.hours.grid
    let now = grid.date(at: issueHour)
    func hour(endingAt end: Date) -> Int? { grid.index(of: end.addingTimeInterval(-3_600)) }
    calibration.observe(until: now) { end in
      hour(endingAt: end).flatMap(history.actual)
    } isCensored: { end in
      hour(endingAt: end).map { history.isCensored[$0] } ?? false
    }
    for issue in pending where issue.isOver(at: now) {
      let actual = issue.targets.map { grid.index(of: $0).flatMap(history.freeActual) }
      learnSpread(issue, actual, history)
      if actual.count(where: { $0 != nil }) >= max(1, actual.count / 2) {
        issue.teach(&weights, actual: actual)
      }
    }
    pending.removeAll { $0.isOver(at: now) }
  }

  private mutating func learnSpread(
    _ issue: IssuedExperts, _ actual: [Double?], _ history: PVHistory
  ) {
    for (place, (expected, actual)) in zip(issue.expected, actual).enumerated() {
      guard let actual else { continue }
      let sky = history.hours.grid.index(of: issue.targets[place]).flatMap(history.skyClass)
      spread.observe(
        expected: expected / history.capacity, actual: actual / history.capacity, sky: sky)
    }
  }

  /// One prediction for each target of an issue: night is zero, nothing above the limit.
  ///
  /// - Parameter trees: what the trees say of the daylight hours; empty while there are none.
  mutating func issue(
    _ issue: PVIssue, trees: [[QuantileTrees.Prediction]], history: PVHistory
  ) -> [QuantileTrees.Prediction] {
    let hours = issue.daylight.map { issue.targets[$0] }
    let physics = hours.map { physical(history, index: $0, bias: issue.past.bias) }
    let experts = trees + [physics]
    let shares =
      experts.count == Self.expertCount ? shares(validDays: issue.past.validDays) : [1]
    let mixed = hours.indices.map { row in
      QuantileTrees.Prediction.mix(experts.map { $0[row] }, shares)
    }
    if let before = expertsOfLastIssue, before != experts.count {
      // What the misses of physics alone taught is wrong for trees.
      calibration.reset()
    }
    expertsOfLastIssue = experts.count
    let intervals = calibrate(mixed, hours: hours, issue: issue, history: history)
    if !hours.isEmpty {
      pending.append(
        IssuedExperts(
          hours: hours, grid: history.hours.grid, experts: experts,
          expected: physics.map(\.mean)))
    }
    lastIssue = history.hours.grid.date(at: issue.issueHour)
    var result = [QuantileTrees.Prediction](repeating: .nothing, count: issue.targets.count)
    for (row, place) in issue.daylight.enumerated() {
      result[place] = QuantileTrees.Prediction(
        p10: intervals[row].p10, p50: mixed[row].p50, p90: intervals[row].p90,
        mean: mixed[row].mean
      ).map { min(history.limit, max(0, $0)) }
    }
    return result
  }

  private mutating func calibrate(
    _ mixed: [QuantileTrees.Prediction], hours: [Int], issue: PVIssue, history: PVHistory
  ) -> [(p10: Double, p90: Double)] {
    let grid = history.hours.grid
    return calibration.issue(
      at: grid.date(at: issue.issueHour),
      zip(hours, mixed).map { index, prediction in
        ConformalCalibration.Step(
          end: grid.date(at: index + 1),
          bin: history.skyClass(index).map { PVSpread.classEnds.count + 1 + $0 }
            ?? PVSpread.classOf(prediction.p50 / history.capacity),
          p10: prediction.p10, p90: prediction.p90)
      })
  }

  /// Unbiased physics for all targets of an issue: the forecast that needs no trees.
  func physical(_ history: PVHistory, _ issue: PVIssue) -> [QuantileTrees.Prediction] {
    issue.targets.map { index in
      history.sun.isDay[index]
        ? physical(history, index: index, bias: issue.past.bias) : .nothing
    }
  }

  private func physical(
    _ history: PVHistory, index: Int, bias: Double
  ) -> QuantileTrees.Prediction {
    let expected = min(history.limit, (history.physics[index] ?? 0) * bias)
    let ratios = spread.quantiles(at: expected / history.capacity, sky: history.skyClass(index))
    return QuantileTrees.Prediction(
      p10: ratios[0] * expected, p50: ratios[1] * expected, p90: ratios[2] * expected,
      mean: expected)
  }
}
