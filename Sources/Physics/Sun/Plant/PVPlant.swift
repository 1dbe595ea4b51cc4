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
    var currents = arrays.map { arrayCurrents($0, sky: sky, sun: sun) }
    if let snowfall = sky.snowfallCentimetres {
      for index in arrays.indices {
        cover(
          &currents[index], with: snowfall, array: arrays[index], sky: sky,
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

/// The numbers of one array over all steps; NaN where an input is missing.
struct ArrayCurrents {
  var planeOfArray: [Double] = []
  var cellCelsius: [Double] = []
  var directCurrent: [Double] = []

  mutating func reserve(_ count: Int) {
    planeOfArray.reserveCapacity(count)
    cellCelsius.reserveCapacity(count)
    directCurrent.reserveCapacity(count)
  }

  @inline(__always)
  mutating func append(planeOfArray plane: Double, cellCelsius cell: Double, watts: Double) {
    planeOfArray.append(plane)
    cellCelsius.append(cell)
    directCurrent.append(watts)
  }
}

extension PVPlant {
  /// The chain of one array over all steps.
  func arrayCurrents(_ array: PlantArray, sky: PlantSky, sun: SunTrack) -> ArrayCurrents {
    var currents = ArrayCurrents()
    currents.reserve(sun.count)
    let windShare = array.cellTemperature.windShare
    for index in 0..<sun.count {
      let light = sky.light(index, sun: sun)
      if light.globalHorizontal == 0, light.diffuseHorizontal == 0, light.beamNormal == 0 {
        currents.append(planeOfArray: 0, cellCelsius: sky.airCelsius[index], watts: 0)
        continue
      }
      let step = ArrayStep(
        array, models, light, airCelsius: sky.airCelsius[index], wind: sky.wind[index] * windShare)
      currents.append(
        planeOfArray: step.planeOfArrayIrradiance, cellCelsius: step.cellCelsius,
        watts: step.directCurrentWatts)
    }
    return currents
  }

  /// Takes off what snow on the array costs.
  private func cover(
    _ currents: inout ArrayCurrents, with snowfall: [Double], array: PlantArray, sky: PlantSky,
    stepHours: Double
  ) {
    var coverage = SnowCoverage(tiltDegrees: array.plane.tiltDegrees)
    for index in snowfall.indices {
      coverage.advance(
        SnowCoverage.Step(
          snowfallCentimetres: snowfall[index],
          planeOfArrayIrradiance: currents.planeOfArray[index],
          airCelsius: sky.airCelsius[index], hours: stepHours))
      if coverage.share > 0 {
        currents.directCurrent[index] *=
          1 - SnowCoverage.directCurrentLoss(share: coverage.share, strings: array.strings)
      }
    }
  }

  /// Direct currents through the inverters, as series.
  private func collected(
    _ currents: [ArrayCurrents], sky: PlantSky, grid: TimeGrid
  ) -> PlantPower {
    var alternating = currents.map { $0.directCurrent.map { _ in 0.0 } }
    var total = [Double](repeating: 0, count: grid.count)
    var ofInverters: [[Double]] = []
    var clippedSteps = 0
    for (position, inverter) in inverters.enumerated() {
      let members = arrays.indices.filter { arrays[$0].inverter == position }
      let limit = inverter.ratedPower.rawValue
      var output = [Double](repeating: 0, count: grid.count)
      for index in grid.indices {
        var direct = 0.0
        for member in members { direct += currents[member].directCurrent[index] }
        guard direct != 0 else { continue }
        let watts =
          direct.isNaN ? .nan : inverter.alternatingCurrentWatts(directCurrentWatts: direct)
        output[index] = watts
        total[index] += watts
        if watts >= limit { clippedSteps += 1 }
        for member in members {
          alternating[member][index] = watts * currents[member].directCurrent[index] / direct
        }
      }
      ofInverters.append(output)
    }
    return PlantPower(
      total: series(total, grid), inverters: ofInverters.map { series($0, grid) },
      arrays: arrays.indices.map { index in
        PlantPower.Array(
          name: arrays[index].name,
          planeOfArrayIrradiance: series(currents[index].planeOfArray, grid),
          cellTemperature: series(currents[index].cellCelsius, grid),
          directCurrent: series(currents[index].directCurrent, grid),
          alternatingCurrent: series(alternating[index], grid))
      },
      clippedSteps: clippedSteps, diagnostics: sky.diagnostics)
  }

  private func series<Value: Quantity>(_ numbers: [Double], _ grid: TimeGrid) -> Series<Value> {
    Series(grid: grid, values: numbers.map { $0.isNaN ? nil : Value(rawValue: $0) })
  }
}
