// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing
import TimeSeries

@Suite("Conformal calibration")
struct CalibrationTests {
  /// Outcomes even in 0…1, raw quantiles far too narrow on one side and too wide on the other.
  private static func coverage(days: Int, seed: UInt64) -> (below: Double, above: Double) {
    var calibration = ConformalCalibration()
    var generator = SplitMix64(seed: seed)
    var outcomes: [Date: Double] = [:]
    var (below, above, count) = (0, 0, 0)
    for day in 0..<days {
      let issue = instant("2026-01-01T12:00:00Z").addingTimeInterval(Double(day) * 86_400)
      calibration.observe(until: issue) { outcomes[$0] }
      let steps = (1...24).map { hour in
        ConformalCalibration.Step(
          end: issue.addingTimeInterval(Double(hour + 12) * 3_600), bin: 0, p10: 0.4, p90: 1.3)
      }
      let corrected = calibration.issue(at: issue, steps)
      for (step, interval) in zip(steps, corrected) {
        let outcome = Double.random(in: 0...1, using: &generator)
        outcomes[step.end] = outcome
        guard day >= 30 else { continue }
        count += 1
        below += outcome < interval.p10 ? 1 : 0
        above += outcome > interval.p90 ? 1 : 0
      }
    }
    return (Double(below) / Double(count), Double(above) / Double(count))
  }

  /// 170 days of 24 hours: the standard error of a share of 0.1 is 0.005.
  @Test("misses each side as often as it claims", arguments: [1, 2, 3] as [UInt64])
  func coverage(seed: UInt64) {
    let misses = Self.coverage(days: 200, seed: seed)
    #expect(abs(misses.below - 0.1) < 0.02)
    #expect(abs(misses.above - 0.1) < 0.02)
  }

  @Test("does not use an outcome that was not over at the issue")
  func noLeakage() {
    let start = instant("2026-01-01T12:00:00Z")
    func corrected(future: Double) -> [(p10: Double, p90: Double)] {
      var calibration = ConformalCalibration()
      for day in 0..<10 {
        let issue = start.addingTimeInterval(Double(day) * 86_400)
        calibration.observe(until: issue) { end in
          end <= issue ? Double((Int(end.timeIntervalSince1970) / 3_600) % 7) : future
        }
        _ = calibration.issue(at: issue, Self.steps(from: issue))
      }
      let last = start.addingTimeInterval(10 * 86_400)
      return calibration.issue(at: last, Self.steps(from: last))
    }
    let (one, other) = (corrected(future: 1e6), corrected(future: -1e6))
    #expect(one.map(\.p10) == other.map(\.p10) && one.map(\.p90) == other.map(\.p90))
  }

  @Test("a miss of calm days counts in wild ones for as much as it was beside their spread")
  func scaled() {
    let start = instant("2026-01-01T12:00:00Z")
    func corrected(scale: Double) -> (p10: Double, p90: Double)? {
      var calibration = ConformalCalibration()
      for day in 0...5 {
        let issue = start.addingTimeInterval(Double(day) * 86_400)
        // Every other hour lies half a unit above P90, the others half a unit below P10.
        calibration.observe(until: issue) { end in
          (Int(end.timeIntervalSince1970) / 3_600).isMultiple(of: 2) ? 12.5 : 9.5
        }
        let steps = (1...24).map { hour in
          ConformalCalibration.Step(
            end: issue.addingTimeInterval(Double(hour) * 3_600), bin: 0, p10: 10, p90: 12,
            scale: day < 5 ? 1 : scale)
        }
        let intervals = calibration.issue(at: issue, steps)
        if day == 5 { return intervals.first }
      }
      return nil
    }
    #expect(corrected(scale: 1)?.p10 == 9.5 && corrected(scale: 1)?.p90 == 12.5)
    #expect(corrected(scale: 10)?.p10 == 5 && corrected(scale: 10)?.p90 == 17)
  }

  @Test("leaves forecasts alone while it knows too little")
  func young() {
    var calibration = ConformalCalibration()
    let issue = instant("2026-01-01T12:00:00Z")
    let corrected = calibration.issue(at: issue, Self.steps(from: issue))
    #expect(corrected.allSatisfy { $0.p10 == 1 && $0.p90 == 2 })
  }

  @Test("does not learn from a lower bound inside the interval")
  func censored() {
    var calibration = ConformalCalibration()
    let issue = instant("2026-01-01T12:00:00Z")
    _ = calibration.issue(at: issue, Self.steps(from: issue))
    let end = issue.addingTimeInterval(86_400 * 2)
    calibration.observe(until: end, outcome: { _ in 0 }, isCensored: { _ in true })
    #expect(calibration.outcomeCount == 0)
    calibration.observe(until: end, outcome: { _ in 5 }, isCensored: { _ in true })
    #expect(calibration.outcomeCount == 24)
  }

  private static func steps(from issue: Date) -> [ConformalCalibration.Step] {
    (1...24).map {
      ConformalCalibration.Step(
        end: issue.addingTimeInterval(Double($0) * 3_600), bin: 0, p10: 1, p90: 2)
    }
  }
}

@Suite("Weights of forecasters")
struct ExpertWeightsTests {
  @Test("are equal before anything is known and go to the one that is right")
  func converge() {
    var weights = ExpertWeights(count: 3)
    let equalParts: [Double] = [1.0 / 3, 1.0 / 3, 1.0 / 3]
    #expect(weights.weights == equalParts)
    for _ in 0..<60 { weights.observe { mix in 1 + mix[0] + mix[2] } }
    #expect(weights.weights[1] > 0.7)
    #expect(abs(weights.weights.reduce(0, +) - 1) < 1e-12)
  }

  /// The loss is least for half and half although both alone are equally bad.
  @Test("find a mix that is better than each forecaster")
  func mix() {
    var weights = ExpertWeights(count: 2)
    for _ in 0..<60 { weights.observe { 1 + abs($0[0] - 0.5) } }
    #expect(abs(weights.weights[0] - 0.5) < 0.01)
  }

  @Test("start from what was right elsewhere")
  func prior() {
    var weights = ExpertWeights(count: 2)
    #expect(weights.weights(prior: [0.9, 0.1]) == [0.9, 0.1])
    for _ in 0..<20 { weights.observe { 1 + $0[0] } }
    // Twenty days count as much as the prior.
    #expect(abs(weights.weights(prior: [0.9, 0.1])[0] - 0.45) < 0.01)
  }
}
