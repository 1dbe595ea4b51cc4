// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// The hours that a finer grid lies in, and the way from hourly predictions to its steps.
struct HourSpan: Sendable {
  /// The hours of the history's grid, consecutive.
  let hours: [Int]
  private let grid: TimeGrid
  private let hourOfStep: [Int]

  /// - Precondition: the history's hours cover the grid.
  init(grid: TimeGrid, hours siteHours: SiteHours) {
    self.grid = grid
    let places = grid.indices.map { siteHours.grid.index(of: grid.date(at: $0)) }
    precondition(places.allSatisfy { $0 != nil }, "the history's hours cover the forecast's grid")
    let known = places.compactMap { $0 }
    hours = known.isEmpty ? [] : Array((known.min() ?? 0)...(known.max() ?? 0))
    let first = hours.first ?? 0
    hourOfStep = known.map { $0 - first }
  }

  /// A forecast on the grid; each hour's mean stays what was predicted.
  ///
  /// - Parameter shape: how the power runs inside the hours, one value a step of the grid, in any
  ///   unit; level where absent or zero.
  func forecast(
    _ predictions: [QuantileTrees.Prediction], issuedAt: Date, shape: [Double]?
  ) -> QuantileForecast<Watts> {
    let factors = factors(shape)
    func values(_ part: KeyPath<QuantileTrees.Prediction, Double>) -> [Watts] {
      grid.indices.map { Watts(predictions[hourOfStep[$0]][keyPath: part] * factors[$0]) }
    }
    return QuantileForecast(
      issuedAt: issuedAt, grid: grid, p10: values(\.p10), p50: values(\.p50), p90: values(\.p90),
      mean: values(\.mean))
  }

  /// A forecast of prices on the grid: all steps of an hour are alike.
  func prices(
    _ predictions: [QuantileTrees.Prediction], issuedAt: Date
  ) -> QuantileForecast<PricePerKilowattHour> {
    func values(_ part: KeyPath<QuantileTrees.Prediction, Double>) -> [PricePerKilowattHour] {
      hourOfStep.map { PricePerKilowattHour(predictions[$0][keyPath: part]) }
    }
    return QuantileForecast(
      issuedAt: issuedAt, grid: grid, p10: values(\.p10), p50: values(\.p50), p90: values(\.p90),
      mean: values(\.mean))
  }

  private func factors(_ shape: [Double]?) -> [Double] {
    guard let shape, shape.count == grid.count else {
      return Array(repeating: 1, count: grid.count)
    }
    var (sums, counts) = ([Int: Double](), [Int: Double]())
    for (step, hour) in hourOfStep.enumerated() {
      sums[hour, default: 0] += max(0, shape[step])
      counts[hour, default: 0] += 1
    }
    return hourOfStep.enumerated().map { step, hour in
      let mean = (sums[hour] ?? 0) / max(1, counts[hour] ?? 1)
      return mean > 0 ? max(0, shape[step]) / mean : 1
    }
  }
}
