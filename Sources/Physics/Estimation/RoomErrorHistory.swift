// SPDX-License-Identifier: MIT
import Foundation

/// The errors of a room's issued forecasts and what they say about the next one: a correction of
/// the median and the distance of P10 and P90.
///
/// Only targets that are over when the next forecast is issued are used. The correction is the mean
/// error of the last week at the same lead and nearly the same hour of the day, shrunk; the
/// distances are empirical quantiles of the corrected errors of the last weeks at similar leads,
/// times a factor that grows while targets are missed too often and shrinks while too seldom.
/// Source: A. Angelopoulos, E. Candès, R. Tibshirani, Conformal PID control for time series
/// prediction, NeurIPS 2023 (quantile tracking, here of a factor).
struct RoomErrorHistory: Sendable {
  /// Days whose errors correct the median.
  private static let correctionDays = 7.0
  /// Share of the mean error that is corrected: between 0.4 and 0.8 the error of five measured
  /// homes hardly changes.
  private static let correctionShare = 0.6
  /// Hours of the day that count as the same.
  private static let sameHours = 2.0
  /// Days whose errors give the quantiles.
  private static let quantileDays = 28.0
  /// Upper ends of the lead classes in hours.
  static let leadClasses = [1.0, 3, 6, 12, 24, .infinity]
  /// The share of targets that shall be missed on each side: those of P10 and P90.
  private static let missedShare = 0.1
  /// How far the logarithm of the factor moves at an origin where all targets were missed, less the
  /// share that shall be. Six homes: 0.1 to 0.4 hold 78–84 % of the targets, 0.2 holds 78.4–82.1 %.
  private static let adaptation = 0.2
  /// What the factor stays within.
  private static let factors = 0.5...3.0

  /// An issued forecast: error of the model and, after its correction, of the median (reading minus
  /// forecast, K) at each lead, from 1; NaN where there was no reading.
  private struct Issue {
    let origin: Int
    var modelErrors: [Double]
    var medianErrors: [Double]
    var low: [Double]
    var high: [Double]
  }

  private let stepHours: Double
  private let perDay: Int
  private var issues: [Issue] = []
  /// Factor on distances while all errors are of days the model was fitted to.
  private let inflation: Double
  /// Position before which the model was fitted.
  private let fittedUntil: Int
  /// The distances over the empirical quantiles, for each lead class.
  private var scale: [Double]
  private var adaptedUntil = 0
  /// The class of each lead of two days.
  private var classes: [Int] = []

  /// An empty history.
  init(stepHours: Double, fittedUntil: Int, inflation: Double) {
    self.stepHours = stepHours
    perDay = Int((24 / stepHours).rounded())
    self.fittedUntil = fittedUntil
    self.inflation = inflation
    scale = Array(repeating: 1, count: Self.leadClasses.count)
    classes = (0...2 * perDay).map(leadClass)
  }

  /// What a forecast becomes.
  struct Quantiles {
    var low: [Double]
    var middle: [Double]
    var high: [Double]
  }

  /// The class of a lead.
  func leadClass(_ lead: Int) -> Int {
    if lead < classes.count { return classes[lead] }
    let hours = Double(lead) * stepHours
    return Self.leadClasses.firstIndex { hours <= $0 } ?? 0
  }

  /// The forecast with its correction and quantiles, from what was known at its origin.
  mutating func quantiles(of model: [Double], origin: Int) -> Quantiles {
    adapt(until: origin)
    let middle = model.indices.map { model[$0] + correction(origin: origin, lead: $0 + 1) }
    let distances = distances(origin: origin)
    return Quantiles(
      low: middle.indices.map { middle[$0] + distances[leadClass($0 + 1)].low },
      middle: middle, high: middle.indices.map { middle[$0] + distances[leadClass($0 + 1)].high })
  }

  /// Keeps an issued forecast with the readings it will be judged by (`nil` where missing).
  mutating func record(
    _ quantiles: Quantiles, model: [Double], readings: [Double?], origin: Int
  ) {
    func errors(_ forecast: [Double]) -> [Double] {
      zip(readings, forecast).map { reading, value in reading.map { $0 - value } ?? .nan }
    }
    issues.append(
      Issue(
        origin: origin, modelErrors: errors(model), medianErrors: errors(quantiles.middle),
        low: errors(quantiles.low), high: errors(quantiles.high)))
    // Nothing older is asked for; a tracker runs for years.
    let oldest = origin - Int(Self.quantileDays * Double(perDay)) - model.count
    if let first = issues.first, first.origin < oldest - perDay {
      issues.removeAll { $0.origin < oldest }
    }
  }

  private func correction(origin: Int, lead: Int) -> Double {
    let first = origin - Int(Self.correctionDays * Double(perDay))
    let same = Int((Self.sameHours / stepHours).rounded())
    var (sum, count) = (0.0, 0.0)
    for issue in issues.reversed() {
      guard issue.origin + lead > first else { break }
      guard issue.origin + lead <= origin else { continue }
      let apart = (origin - issue.origin) % perDay
      guard min(apart, perDay - apart) <= same, lead <= issue.modelErrors.count else { continue }
      let error = issue.modelErrors[lead - 1]
      guard !error.isNaN else { continue }
      sum += error
      count += 1
    }
    return count > 0 ? Self.correctionShare * sum / (count + 1) : 0
  }

  private func distances(origin: Int) -> [(low: Double, high: Double)] {
    var errors = [[Double]](repeating: [], count: Self.leadClasses.count)
    let first = origin - Int(Self.quantileDays * Double(perDay))
    let stride = max(1, Int((0.5 / stepHours).rounded()))
    for issue in issues.reversed() {
      guard issue.origin > first else { break }
      let factor = issue.origin < fittedUntil ? inflation : 1
      for lead in Swift.stride(from: 1, through: issue.medianErrors.count, by: stride) {
        guard issue.origin + lead <= origin else { break }
        let error = issue.medianErrors[lead - 1]
        guard !error.isNaN else { continue }
        errors[leadClass(lead)].append(error * factor)
      }
    }
    return errors.indices.map { index in
      let levels = [Self.missedShare, 1 - Self.missedShare]
      if let ends = errors[index].reorderForQuantiles(levels) {
        return (scale[index] * ends[0], scale[index] * ends[1])
      }
      // Until errors are known: a sensor's noise and a little more for every hour.
      let assumed = 0.1 + 0.03 * min(24, Self.leadClasses[index])
      return (-assumed, assumed)
    }
  }

  /// Moves the factors by the targets that were reached since the last forecast: of each lead class
  /// the share that was missed, whatever their number.
  private mutating func adapt(until origin: Int) {
    var missed = [Double](repeating: 0, count: scale.count)
    var reached = missed
    for issue in issues.reversed() where issue.origin >= fittedUntil {
      // Issues are in order of time: nothing of the earlier ones is new.
      guard issue.origin + issue.low.count > adaptedUntil else { break }
      for lead in issue.low.indices {
        let target = issue.origin + lead + 1
        guard target > adaptedUntil, target <= origin, !issue.low[lead].isNaN else { continue }
        let index = leadClass(lead + 1)
        reached[index] += 1
        if issue.low[lead] < 0 || issue.high[lead] > 0 { missed[index] += 1 }
      }
    }
    for index in scale.indices where reached[index] > 0 {
      let excess = missed[index] / reached[index] - 2 * Self.missedShare
      let moved = scale[index] * exp(Self.adaptation * excess / 2)
      scale[index] = min(max(moved, Self.factors.lowerBound), Self.factors.upperBound)
    }
    adaptedUntil = max(adaptedUntil, origin)
  }
}
