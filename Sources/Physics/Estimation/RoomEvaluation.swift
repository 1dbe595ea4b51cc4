// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// A walk through a record: 24-h forecasts of all rooms from every second hour, with weather and
/// heat as they were, each from the state and the errors known at its origin.
public struct RoomEvaluation: Sendable {
  /// One forecast of one room for one target.
  public struct Point: Sendable, Hashable {
    /// Position of the origin: the last reading that entered.
    public let origin: Int
    /// Position of the target, 1 … 24 h later.
    public let target: Int
    /// The room.
    public let room: Int
    /// The reading.
    public let reading: Celsius
    /// Quantiles; P50 is also what a mean absolute error is counted on.
    public let p10: Celsius
    /// The median.
    public let p50: Celsius
    /// The upper quantile.
    public let p90: Celsius
    /// The expectation.
    public let mean: Celsius
  }

  /// All forecasts, by origin, lead and room.
  public let points: [Point]
  /// Mean magnitude of P50 minus reading for each room.
  public let errors: [Kelvins]
  /// Share of readings inside P10 … P90.
  public let coverage: Fraction

  /// Mean magnitude over all rooms' points.
  public var error: Kelvins {
    guard !points.isEmpty else { return .zero }
    return Kelvins(
      points.reduce(0) { $0 + abs($1.p50.rawValue - $1.reading.rawValue) } / Double(points.count))
  }
}

extension HouseIdentification {
  /// Forecasts all rooms from every second hour in `from ..< end`.
  ///
  /// - Parameters:
  ///   - house: from ``house(_:)``.
  ///   - from: position of the first origin; not before the end of what was learned from.
  ///   - strideHours: distance of origins.
  /// - Returns: `nil` when a model cannot be simulated.
  public func evaluate(
    _ house: IdentifiedHouse, from first: Int, strideHours: Double = 2
  ) -> RoomEvaluation? {
    let record = wholeRecord
    let horizon = record.steps(ofHours: 24)
    guard let course = HouseCourse(house.rooms, record, horizon: horizon) else { return nil }
    let count = house.rooms.count
    var histories = house.rooms.map { room in
      RoomErrorHistory(
        stepHours: record.stepHours, fittedUntil: range.upperBound,
        inflation: room.unseenInflation)
    }
    var points: [RoomEvaluation.Point] = []
    let stride = record.steps(ofHours: strideHours)
    let warmUp = first - (first / stride) * stride + stride * max(1, Int(12 / strideHours))
    for origin in Swift.stride(from: warmUp, to: record.count - horizon, by: stride) {
      let air = course.air(from: origin, steps: horizon)
      for room in 0..<count {
        let model = (0..<horizon).map { air[$0 * count + room] }
        let readings = (1...horizon).map { step -> Double? in
          record.rooms[room].usable[origin + step]
            ? record.rooms[room].temperature[origin + step] : nil
        }
        let quantiles = histories[room].quantiles(of: model, origin: origin)
        histories[room].record(quantiles, model: model, readings: readings, origin: origin)
        guard origin >= first else { continue }
        for (step, reading) in readings.enumerated() {
          guard let reading else { continue }
          points.append(
            RoomEvaluation.Point(
              origin: origin, target: origin + step + 1, room: room, reading: Celsius(reading),
              p10: Celsius(quantiles.low[step]), p50: Celsius(quantiles.middle[step]),
              p90: Celsius(quantiles.high[step]), mean: Celsius(quantiles.middle[step])))
        }
      }
    }
    return RoomEvaluation(points: points, roomCount: count)
  }
}

extension RoomIdentification {
  /// How much larger the errors of a corrected forecast are on days that the fit has not seen.
  ///
  /// The square root of what the model's own errors grow by, since the correction by past errors
  /// takes part of the growth away: measured on six homes, whose coverage it brings nearest to 80 %.
  var unseenInflation: Double {
    min(1.5, max(1, (fit.heldBackError ?? 0) / max(fit.fittedError, 1e-3))).squareRoot()
  }
}

extension RoomEvaluation {
  init(points: [Point], roomCount: Int) {
    self.points = points
    var sums = [Double](repeating: 0, count: roomCount)
    var counts = sums
    var inside = 0
    for point in points {
      sums[point.room] += abs(point.p50.rawValue - point.reading.rawValue)
      counts[point.room] += 1
      if point.p10 <= point.reading, point.reading <= point.p90 { inside += 1 }
    }
    errors = zip(sums, counts).map { Kelvins($1 > 0 ? $0 / $1 : 0) }
    coverage = Fraction(points.isEmpty ? 0 : Double(inside) / Double(points.count))
  }
}
