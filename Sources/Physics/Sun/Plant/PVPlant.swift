// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// Any number of arrays and inverters at one place: weather in, alternating current out.
///
/// `power(in:)` is the function to read first. The mathematics is in docs/models/sun.md.
public struct PVPlant: Sendable, Hashable {
  /// Where it stands.
  public var location: Location
  /// Its arrays; each names its inverter by position.
  public var arrays: [PlantArray]
  /// Its inverters.
  public var inverters: [PlantInverter]
  /// The formulas of the chain.
  public var models: PlantModels

  /// A plant of arrays and inverters.
  ///
  /// - Precondition: each array's inverter exists.
  public init(
    location: Location, arrays: [PlantArray], inverters: [PlantInverter],
    models: PlantModels = PlantModels()
  ) {
    precondition(
      arrays.allSatisfy { inverters.indices.contains($0.inverter) },
      "each array is behind an inverter of the plant")
    self.location = location
    self.arrays = arrays
    self.inverters = inverters
    self.models = models
  }

  /// The plant of a home's configuration: all arrays behind one inverter.
  public init(
    location: Location, arrays: [PVArray], inverter: Inverter, models: PlantModels = PlantModels()
  ) {
    self.init(
      location: location, arrays: arrays.map { PlantArray($0) },
      inverters: [PlantInverter(inverter)], models: models)
  }

  /// The most it gives: the sum of the inverters' limits.
  public var ratedPower: Watts { inverters.map(\.ratedPower).reduce(.zero, +) }

  /// The peak power of all arrays.
  public var peakPower: Watts { arrays.map(\.peakPower).reduce(.zero, +) }

  /// What the plant gives in a weather.
  ///
  /// The sun of each step is the one at its middle. A step with missing global irradiance or air
  /// temperature is missing in the result, at night it is 0; implausible irradiance (`IrradianceLimits`)
  /// counts as missing; both are told in the diagnostics. Missing wind is `windWithoutMeasurement`,
  /// missing snowfall is none. Cost O(steps × arrays), some 0.3 µs each.
  ///
  /// - Parameters:
  ///   - weather: means over the steps of a grid.
  ///   - track: the sun over the same grid, where the caller has it already.
  public func power(in weather: PlantWeather, track: SunTrack? = nil) -> PlantPower {
    let sun = track ?? SunTrack(grid: weather.grid, location: location)
    precondition(sun.count == weather.grid.count, "the sun is on the grid of the weather")
    let sky = PlantSky(weather: weather, sun: sun, models: models)
    var currents = arrays.map { self.currents(of: $0, sky: sky, sun: sun) }
    if let snowfall = sky.snowfallCentimetres {
      for index in arrays.indices {
        cover(
          &currents[index], of: arrays[index], with: snowfall, sky: sky,
          stepHours: weather.grid.stepHours)
      }
    }
    return collected(currents, sky: sky, grid: weather.grid)
  }

  /// What the plant gives in the weather of a service or a history.
  public func power(in weather: Weather) -> PlantPower { power(in: PlantWeather(weather)) }

  /// What the plant would give under a sky without clouds.
  ///
  /// - Parameters:
  ///   - grid: the steps.
  ///   - temperature: air temperature; by default 15 °C, which is worth about 4 % either way.
  ///   - linkeTurbidity: by default the climatology of the place.
  public func clearSkyPower(
    on grid: TimeGrid, temperature: Series<Celsius>? = nil, linkeTurbidity: Double? = nil
  ) -> PlantPower {
    let sun = SunTrack(grid: grid, location: location)
    let sky = ClearSkySeries(sun: sun, location: location, linkeTurbidity: linkeTurbidity)
    return power(
      in: PlantWeather(
        globalHorizontal: Series(grid: grid, rawValues: sky.globalHorizontal),
        temperature: temperature ?? Series(grid: grid, constant: Celsius(15)),
        beamNormal: Series(grid: grid, rawValues: sky.beamNormal),
        diffuseHorizontal: Series(grid: grid, rawValues: sky.diffuseHorizontal)),
      track: sun)
  }
}
