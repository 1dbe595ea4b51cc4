// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Keeps the forecasts that were issued of every room, judges them when their time has come, and
/// gives the next ones the P10 and P90 that would have held.
///
/// For each room and lead a bias and two quantiles of the error are tracked by their own misses: a
/// target below P10 moves it down by nine shares of what a target above moves it up (quantile
/// tracking). The state is a few numbers, so that it survives restarts. Source: A. Angelopoulos, E.
/// Candès, R. Tibshirani, Conformal PID control for time series prediction, NeurIPS 2023.
public struct RoomOutlookRecord: Sendable, Hashable, Codable {
  /// The leads that are judged, hours; between them the quantiles are interpolated.
  public static let leads = [1.0, 3, 6, 12, 24]
  /// What a reading is off by itself, K.
  private static let sensorNoise = 0.07
  /// Judged targets over which bias and scale forget: a week of hourly issues.
  private static let memory = 168.0
  /// Targets after which misses move the quantiles.
  private static let learning = 48
  /// P90 of a normal distribution over its mean magnitude: 1.2816 / √(2/π).
  private static let normalQuantile = 1.606
  /// How far one target moves a quantile, in mean errors.
  private static let adaptation = 0.05

  /// The errors of one room at one lead (reading minus forecast, K).
  private struct Errors: Sendable, Hashable, Codable {
    var count = 0
    var bias = 0.0
    var scale: Double
    var low: Double
    var high: Double
    var inside = 0

    init(leadHours: Double) {
      // Until errors are known: a sensor's noise and a little more for every hour.
      let assumed = 0.1 + 0.03 * leadHours
      (scale, low, high) = (assumed / 1.3, -assumed, assumed)
    }

    mutating func note(_ modelError: Double, corrected: Double) {
      count += 1
      inside += low <= corrected && corrected <= high ? 1 : 0
      let rate = 1 / min(Double(count) + 1, RoomOutlookRecord.memory)
      bias += (modelError - bias) * rate
      scale += (abs(corrected) - scale) * rate
      guard count > RoomOutlookRecord.learning else {
        // Until there are enough for quantiles: those of a normal distribution.
        high = RoomOutlookRecord.normalQuantile * scale
        low = -high
        return
      }
      let step = RoomOutlookRecord.adaptation * max(scale, 0.02)
      low += step * (0.1 - (corrected < low ? 1 : 0))
      high += step * (0.9 - (corrected < high ? 1 : 0))
      (low, high) = (min(low, 0), max(high, 0))
    }
  }

  /// A forecast that waits for its outcome.
  private struct Pending: Sendable, Hashable, Codable {
    let room: String
    let lead: Int
    let target: Date
    let model: Double
    let middle: Double
  }

  private var errors: [String: [Errors]] = [:]
  private var pending: [Pending] = []
  private var issued = Date.distantPast

  /// Nothing is known of any forecast.
  public init() {}

  /// How many targets were judged, and the share of them inside P10 … P90.
  public var coverage: (targets: Int, inside: Fraction) {
    let all = errors.values.flatMap { $0 }
    let count = all.reduce(0) { $0 + $1.count }
    let inside = all.reduce(0) { $0 + $1.inside }
    return (count, Fraction(count > 0 ? Double(inside) / Double(count) : 0))
  }

  /// Judges the forecasts whose time has come; those without a reading are dropped.
  public mutating func settle(_ readings: [String: Celsius], at time: Date) {
    for item in pending where item.target <= time {
      guard let reading = readings[item.room]?.rawValue else { continue }
      errors[item.room, default: Self.fresh][item.lead].note(
        reading - item.model, corrected: reading - item.middle)
    }
    pending.removeAll { $0.target <= time }
  }

  /// What a planned course of a room becomes, and what of it will be judged: at most once an hour.
  ///
  /// - Parameters:
  ///   - course: expected temperature at the end of each step of `grid`, by room.
  ///   - time: now, at or after the start of the grid.
  /// - Returns: a forecast of each room on the grid.
  public mutating func issue(
    _ course: [String: [Celsius]], on grid: TimeGrid, at time: Date
  ) -> [String: QuantileForecast<Celsius>] {
    let isJudged = time.timeIntervalSince(issued) >= 3_600
    if isJudged { issued = time }
    var forecasts: [String: QuantileForecast<Celsius>] = [:]
    for (room, expected) in course where expected.count == grid.count {
      let errors = errors[room] ?? Self.fresh
      let parts = grid.indices.map { step in
        let lead = max(0, grid.date(at: step + 1).timeIntervalSince(time) / 3_600)
        return Self.parts(errors, leadHours: lead)
      }
      let middle = zip(expected, parts).map { $0.rawValue + $1.correction }
      forecasts[room] = QuantileForecast(
        issuedAt: time, grid: grid, p10: zip(middle, parts).map { Celsius($0 + $1.low) },
        p50: middle.map { Celsius($0) }, p90: zip(middle, parts).map { Celsius($0 + $1.high) },
        mean: middle.map { Celsius($0) })
      guard isJudged else { continue }
      for (index, lead) in Self.leads.enumerated() {
        let wanted = time.addingTimeInterval(lead * 3_600)
        guard
          let step = grid.indices.first(where: {
            abs(grid.date(at: $0 + 1).timeIntervalSince(wanted)) <= Double(grid.stepSeconds) / 2
          })
        else { continue }
        pending.append(
          Pending(
            room: room, lead: index, target: grid.date(at: step + 1),
            model: expected[step].rawValue, middle: middle[step]))
      }
    }
    return forecasts
  }

  private static var fresh: [Errors] { leads.map { Errors(leadHours: $0) } }

  /// Correction and distances at a lead, on straight lines between the judged ones; at the first
  /// moment nothing is wrong but the sensor.
  private static func parts(
    _ errors: [Errors], leadHours: Double
  ) -> (correction: Double, low: Double, high: Double) {
    func at(_ index: Int) -> (correction: Double, low: Double, high: Double) {
      let one = errors[index]
      // A day of targets counts as much as the guess that nothing is wrong.
      let share = Double(one.count) / Double(one.count + 24)
      return (share * one.bias, one.low, one.high)
    }
    guard let above = leads.firstIndex(where: { leadHours <= $0 }) else {
      return at(leads.count - 1)
    }
    var from = (correction: 0.0, low: -sensorNoise, high: sensorNoise)
    if above > 0 { from = at(above - 1) }
    let begin = above > 0 ? leads[above - 1] : 0
    let share = (leadHours - begin) / (leads[above] - begin)
    let to = at(above)
    return (
      from.correction + (to.correction - from.correction) * share,
      from.low + (to.low - from.low) * share, from.high + (to.high - from.high) * share
    )
  }
}
