// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// The weather that a plant needs, means over the steps of one grid; `nil` where a value is missing.
public struct PlantWeather: Sendable, Hashable {
  /// Global irradiance on the level.
  public var globalHorizontal: Series<WattsPerSquareMetre>
  /// Beam (direct normal) irradiance, where a source has it.
  public var beamNormal: Series<WattsPerSquareMetre>?
  /// Diffuse irradiance on the level, where a source has it.
  public var diffuseHorizontal: Series<WattsPerSquareMetre>?
  /// Air temperature.
  public var temperature: Series<Celsius>
  /// Wind at ten metres, where a source has it.
  public var windSpeed: Series<MetresPerSecond>?
  /// Depth of the fresh snow that falls in a step, where a source has it.
  public var snowfall: Series<Millimetres>?

  /// Weather by its series.
  ///
  /// - Precondition: all series are on the grid of `globalHorizontal`.
  public init(
    globalHorizontal: Series<WattsPerSquareMetre>, temperature: Series<Celsius>,
    beamNormal: Series<WattsPerSquareMetre>? = nil,
    diffuseHorizontal: Series<WattsPerSquareMetre>? = nil,
    windSpeed: Series<MetresPerSecond>? = nil, snowfall: Series<Millimetres>? = nil
  ) {
    let grid = globalHorizontal.grid
    precondition(
      temperature.grid == grid && beamNormal?.grid ?? grid == grid
        && diffuseHorizontal?.grid ?? grid == grid && windSpeed?.grid ?? grid == grid
        && snowfall?.grid ?? grid == grid, "all weather of a plant is on one grid")
    self.globalHorizontal = globalHorizontal
    self.temperature = temperature
    self.beamNormal = beamNormal
    self.diffuseHorizontal = diffuseHorizontal
    self.windSpeed = windSpeed
    self.snowfall = snowfall
  }

  /// The weather of a service or a history.
  public init(_ weather: Weather) {
    self.init(
      globalHorizontal: weather.globalHorizontalIrradiance, temperature: weather.temperature,
      windSpeed: weather.windSpeed, snowfall: weather.snowfall)
  }

  /// The steps.
  public var grid: TimeGrid { globalHorizontal.grid }
}
