// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import Physics
public import TimeSeries

/// PV production from weather and the physics of the plant, with the spread that such forecasts had
/// elsewhere: the forecast of the first day, before the plant itself has been measured.
public struct PhysicalPVForecast: Sendable {
  private let plant: PVPlant

  /// A forecast for a plant.
  public init(plant: PVPlant) { self.plant = plant }

  /// How production was spread around the physical chain, as shares of its output.
  ///
  /// Source: measured on a Dutch plant 2014–2016 against the chain with reanalysis weather, energy
  /// weighted, in three classes of the chain's output over its clear-sky output, after removal of
  /// the mean bias (series `utrecht`, docs/models/pv-forecast.md).
  private struct Spread {
    let upToClearness: Double
    let p10: Double
    let p50: Double
    let p90: Double
    let mean: Double
  }

  private static let spreads = [
    Spread(upToClearness: 0.33, p10: 0.33, p50: 0.99, p90: 2.57, mean: 1.29),
    Spread(upToClearness: 0.66, p10: 0.31, p50: 0.97, p90: 1.76, mean: 1.01),
    Spread(upToClearness: .infinity, p10: 0.50, p50: 1.06, p90: 1.28, mean: 0.97),
  ]

  /// Production on the grid of the weather, never below zero and never above the inverters' limit.
  ///
  /// A step whose weather is missing counts as dark and is told in the diagnostics.
  public func forecast(
    weather: Weather, issuedAt: Date
  ) -> (forecast: QuantileForecast<Watts>, diagnostics: [Diagnostic]) {
    let grid = weather.globalHorizontalIrradiance.grid
    let power = plant.power(in: weather)
    let clear = plant.clearSkyPower(on: grid).total
    let limit = plant.ratedPower.rawValue
    var quantiles = [[Double]](repeating: [], count: 4)
    for index in grid.indices {
      let expected = power.total[index]?.rawValue ?? 0
      let clearness = expected / max(1, clear[index]?.rawValue ?? 0)
      let spread = Self.spreads.first { clearness < $0.upToClearness } ?? Self.spreads[2]
      for (position, share) in [spread.p10, spread.p50, spread.p90, spread.mean].enumerated() {
        quantiles[position].append(min(limit, expected * share))
      }
    }
    var diagnostics = power.diagnostics
    let missing = power.total.missingCount
    if missing > 0 {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "pv", message: "\(missing) of \(grid.count) steps have no weather"))
    }
    let watts = quantiles.map { $0.map { Watts($0) } }
    return (
      QuantileForecast(
        issuedAt: issuedAt, grid: grid, p10: watts[0], p50: watts[1], p90: watts[2],
        mean: watts[3]), diagnostics
    )
  }
}
