// SPDX-License-Identifier: MIT
import Household
public import Physics
public import TimeSeries

/// What a home measured at and around its PV plant, on one grid.
public struct PlantRecord: Sendable {
  /// Weather and power.
  public let history: PlantHistory
  /// What flowed into the grid, 0 or more.
  public var export: Series<Watts>?
  /// What one exported kilowatt-hour earned.
  public var exportPrice: Series<PricePerKilowattHour>?
  /// How full the battery was.
  public var batteryStateOfCharge: Series<Fraction>?
  /// Rain.
  public var rain: Series<Millimetres>?

  /// A record; what was not measured stays `nil` and is no witness.
  ///
  /// - Precondition: all series are on the grid of the history.
  public init(
    history: PlantHistory, export: Series<Watts>? = nil,
    exportPrice: Series<PricePerKilowattHour>? = nil,
    batteryStateOfCharge: Series<Fraction>? = nil, rain: Series<Millimetres>? = nil
  ) {
    let grids = [export?.grid, exportPrice?.grid, batteryStateOfCharge?.grid, rain?.grid]
    precondition(grids.allSatisfy { $0 == nil || $0 == history.grid }, "one grid for all series")
    self.history = history
    self.export = export
    self.exportPrice = exportPrice
    self.batteryStateOfCharge = batteryStateOfCharge
    self.rain = rain
  }

  /// The record as observations beside what a plant would have given.
  func observations(expected plant: PVPlant, history: PlantHistory) -> [PVObservation] {
    let sun = SunTrack(grid: history.grid, location: plant.location)
    let expected = plant.power(in: history.weather, track: sun).total
    let clear = ClearSkySeries(sun: sun, location: plant.location).globalHorizontal
    return history.grid.indices.map { index in
      PVObservation(
        power: history.power[index], expected: expected[index],
        clearIndex: clear[index] > Self.brightness
          ? history.weather.globalHorizontal[index].map { $0.rawValue / clear[index] } : nil,
        export: export?[index], exportPrice: exportPrice?[index],
        isBatteryFull: batteryStateOfCharge?[index].map { $0 >= Self.full },
        temperature: history.weather.temperature[index],
        snowfall: history.weather.snowfall?[index], rain: rain?[index])
    }
  }

  /// A clear sky darker than this says nothing of clouds, W/m².
  private static let brightness = 20.0
  private static let full = Fraction(0.98)
}
