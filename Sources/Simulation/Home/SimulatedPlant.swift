// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// The PV plant as it really is: dirty, behind a horizon, under snow in winter.
struct SimulatedPlant: Sendable, Hashable {
  /// What a day of sun offers, in quarter-hours.
  struct Offer: Sendable, Hashable {
    /// Alternating current without snow and without the inverter's limit, W.
    var watts: [Double]
    /// Irradiance on the arrays, the mean of all by their power, W/m².
    var planeOfArray: [Double]
  }

  private let plant: PVPlant?

  init(home: Home, truth: TruthParameters) {
    guard let inverter = home.inverter, !home.pvArrays.isEmpty else {
      plant = nil
      return
    }
    let horizon = ShadingTable(
      skylineDegrees: Array(
        repeating: truth.horizonElevation.rawValue, count: ShadingTable.columns))
    let arrays = home.pvArrays.map { array -> PlantArray in
      var real = PlantArray(array)
      real.losses = Fraction(1 - (1 - array.losses.rawValue) * truth.soilingFactor)
      real.shading = horizon
      return real
    }
    plant = PVPlant(
      location: home.site.location, arrays: arrays, inverters: [PlantInverter(inverter)],
      models: PlantModels(transposition: .perez))
  }

  /// What the sun of a UTC day offers.
  func offer(of day: WeatherDay, dayNumber: Int) -> Offer {
    let none = [Double](repeating: 0, count: SimulatedWeather.stepsADay)
    guard let plant else { return Offer(watts: none, planeOfArray: none) }
    let grid = TimeGrid(
      start: Date(timeIntervalSince1970: Double(dayNumber) * 86_400),
      stepSeconds: SimulatedWeather.stepSeconds, count: SimulatedWeather.stepsADay)
    let power = plant.power(
      in: PlantWeather(
        globalHorizontal: Series(grid: grid, rawValues: day.irradiance),
        temperature: Series(grid: grid, rawValues: day.celsius),
        windSpeed: Series(grid: grid, rawValues: day.wind)))
    let inverter = plant.inverters[0]
    let limit = inverter.ratedPower.rawValue / inverter.efficiency.rawValue
    var offer = Offer(watts: none, planeOfArray: none)
    for step in grid.indices {
      var (direct, irradiance) = (0.0, 0.0)
      for (array, result) in zip(plant.arrays, power.arrays) {
        direct += result.directCurrent.values[step]?.rawValue ?? 0
        irradiance +=
          array.peakPower / plant.peakPower
          * (result.planeOfArrayIrradiance.values[step]?.rawValue ?? 0)
      }
      offer.planeOfArray[step] = irradiance
      offer.watts[step] =
        direct > limit
        ? direct * inverter.efficiency.rawValue : power.total.values[step]?.rawValue ?? 0
    }
    return offer
  }
}

/// The snow on the modules, from quarter-hour to quarter-hour.
///
/// Fresh snow of one centimetre within some hours covers the modules, where the forecast's model
/// wants it within one hour; it slides off by the same law (``SnowCoverage``).
struct ModuleSnow: Sendable, Hashable {
  /// This much fresh snow covers the modules, mm.
  private static let coveringMillimetres = 10.0
  /// Fresh snow counts as fresh over this time, h.
  private static let freshHours = 6.0
  /// Strings one above the other: snow covers them one by one.
  private static let strings = 3

  private let tiltDegrees: Double
  private var coverage: SnowCoverage
  private var freshMillimetres = 0.0

  init(home: Home) {
    tiltDegrees = home.pvArrays.map(\.tilt.rawValue).max() ?? 35
    coverage = SnowCoverage(tiltDegrees: tiltDegrees)
  }

  /// The share of the power that snow leaves.
  var powerShare: Double {
    1 - SnowCoverage.directCurrentLoss(share: coverage.share, strings: Self.strings)
  }

  /// Lets a quarter-hour pass.
  mutating func advance(snowfallMillimetres: Double, planeOfArray: Double, celsius: Double) {
    guard coverage.share > 0 || freshMillimetres > 0.01 || snowfallMillimetres > 0 else { return }
    freshMillimetres = freshMillimetres * exp(-0.25 / Self.freshHours) + snowfallMillimetres
    coverage.advance(
      SnowCoverage.Step(
        snowfallCentimetres: 0, planeOfArrayIrradiance: planeOfArray, airCelsius: celsius,
        hours: 0.25))
    if snowfallMillimetres > 0, freshMillimetres > Self.coveringMillimetres {
      coverage = SnowCoverage(tiltDegrees: tiltDegrees, share: 1)
    }
  }
}
