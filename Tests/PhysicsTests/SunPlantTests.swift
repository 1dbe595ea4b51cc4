// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

@Suite("Cells, inverter and snow")
struct SunModuleTests {
  @Test("warm the cells as the papers' formulas say")
  func cellTemperature() {
    func cell(_ model: CellTemperature) -> Double {
      model.cellCelsius(irradiance: 1_000, airCelsius: 20, wind: 1)
    }
    // 1000·exp(−3.47 − 0.0594) + 20 + 3; 1000/31.84; 810/29; 0.03·1000
    #expect(abs(cell(.sapm(.openRackGlassGlass)) - 52.3225) < 1e-4)
    #expect(abs(cell(.faimanDefault) - 51.4070) < 1e-4)
    #expect(abs(cell(.pvsyst(.freestanding)) - 47.9310) < 1e-4)
    #expect(abs(cell(.ross(k: 0.03)) - 50) < 1e-12)
    // 1000/800·25·(1 − 0.18/0.9)·9.5/(5.7 + 3.8·0.51)
    let sheet = CellTemperature.NominalOperating(nominalCelsius: 45, efficiency: 0.18)
    #expect(abs(cell(.nominalOperating(sheet)) - 51.0945) < 1e-4)
  }

  @Test("lose 14.08 % with the losses of the manual's table")
  func losses() {
    #expect(abs(PVWatts.Losses.typical.total - 0.1408) < 5e-5)
  }

  @Test("give the rated power at the rated input and no more above it")
  func inverter() {
    func watts(_ direct: Double) -> Double {
      PVWatts.alternatingCurrentWatts(
        directCurrentWatts: direct, directCurrentLimit: 5_000, efficiency: 0.96)
    }
    #expect(abs(watts(5_000) - 4_800) < 1e-9)
    #expect(watts(9_000) == 4_800)
    // 0.96/0.9637·(−0.0081 − 0.0118 + 0.9858)·2500
    #expect(abs(watts(2_500) - 2_405.48) < 0.01)
    #expect(watts(0) == 0 && watts(-10) == 0 && watts(.nan) == 0 && watts(1) == 0)
  }

  @Test("lose nothing at 1000 W/m² and k of the peak at 200 W/m² in weak light")
  func weakLight() {
    func watts(_ irradiance: Double) -> Double {
      PVWatts.weakLightDirectCurrentWatts(
        5 * irradiance, effectiveIrradiance: irradiance, peakWatts: 5_000, k: 0.004)
    }
    #expect(watts(1_000) == 5_000)
    #expect(abs(watts(200) - 980) < 1e-9)
    #expect(watts(0) == 0)
  }

  @Test("lie under fresh snow and shed it while sun and warmth allow")
  func snow() {
    var coverage = SnowCoverage(tiltDegrees: 30)
    func step(_ snowfall: Double, _ light: Double, _ air: Double) -> SnowCoverage.Step {
      SnowCoverage.Step(
        snowfallCentimetres: snowfall, planeOfArrayIrradiance: light, airCelsius: air, hours: 1)
    }
    #expect(coverage.advance(step(0.5, 0, -3)) == 0)
    #expect(coverage.advance(step(2, 0, -3)) == 1)
    // −3 °C needs 240 W/m²
    #expect(coverage.advance(step(0, 200, -3)) == 1)
    // 0.197·sin 30° in an hour
    #expect(abs(coverage.advance(step(0, 300, -3)) - 0.9015) < 1e-12)
    for _ in 0..<20 { coverage.advance(step(0, 300, 5)) }
    #expect(coverage.share == 0)
    #expect(SnowCoverage.directCurrentLoss(share: 0.26, strings: 4) == 0.5)
    #expect(SnowCoverage.directCurrentLoss(share: 0, strings: 4) == 0)
  }
}

@Suite("PV plant")
struct SunPlantTests {
  static let brno = Location(
    latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(237))

  static func plant(
    limit: Double = 8_000, location: Location = brno, models: PlantModels = PlantModels()
  ) -> PVPlant {
    PVPlant(
      location: location,
      arrays: [
        PlantArray(
          name: "east", tilt: Degrees(35), azimuth: Degrees(90), peakPower: Watts(5_000)),
        PlantArray(
          name: "west", tilt: Degrees(35), azimuth: Degrees(270), peakPower: Watts(5_000)),
      ],
      inverters: [PlantInverter(ratedPower: Watts(limit))], models: models)
  }

  static func day(_ text: String = "2025-06-21T00:00:00Z", minutes: Int = 15) -> TimeGrid {
    TimeGrid(
      start: instant(text), stepSeconds: minutes * 60, count: 24 * 60 / minutes)
  }

  static func weather(
    _ grid: TimeGrid, global: Double?, air: Double? = 20
  ) -> PlantWeather {
    PlantWeather(
      globalHorizontal: Series(grid: grid, constant: global.map { WattsPerSquareMetre($0) }),
      temperature: Series(grid: grid, constant: air.map { Celsius($0) }))
  }

  @Test("gives east its power in the morning and west in the afternoon")
  func orientation() throws {
    let power = Self.plant().clearSkyPower(on: Self.day())
    let noon = power.grid.index(of: instant("2025-06-21T11:00:00Z")) ?? 0
    let halves = power.arrays.map { array in
      let watts = array.alternatingCurrent.values.map { $0?.rawValue ?? 0 }
      return (watts[..<noon].reduce(0, +), watts[noon...].reduce(0, +))
    }
    #expect(halves[0].0 > 2 * halves[0].1 && halves[1].1 > 2 * halves[1].0)
    // mirror images around the true noon, 10:55
    #expect(abs(halves[0].0 / halves[1].1 - 1) < 0.03)
    let energy = power.total.values.reduce(0) { $0 + ($1?.rawValue ?? 0) } / 4_000
    // 8.3 kWh/m² fall on the level on the clearest days at 50° N, 15 % less on steep halves; times
    // 10 kWp, 86 % after losses and 90 % of warm cells and inverter
    #expect((45...58).contains(energy))
  }

  @Test("shares the inverter's power among its arrays and never passes its limit", arguments: 1...5)
  func limit(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let grid = Self.day(minutes: 60)
    let light = grid.indices.map { _ in Double.random(in: 0...1_000, using: &random) }
    let weather = PlantWeather(
      globalHorizontal: Series(grid: grid, rawValues: light),
      temperature: Series(grid: grid, constant: Celsius(-5)))
    let power = Self.plant(limit: 4_000).power(in: weather)
    for index in grid.indices {
      guard let total = power.total[index] else { continue }
      #expect(total.rawValue >= 0 && total.rawValue <= 4_000 + 1e-9)
      let parts = power.arrays.reduce(0) { $0 + ($1.alternatingCurrent[index]?.rawValue ?? 0) }
      #expect(abs(parts - total.rawValue) < 1e-6)
      #expect(power.inverters[0][index] == total)
    }
  }

  @Test("adds up inverters that clip by themselves")
  func twoInverters() {
    var plant = Self.plant(limit: 2_000)
    plant.inverters.append(PlantInverter(ratedPower: Watts(20_000)))
    plant.arrays[1].inverter = 1
    let power = plant.clearSkyPower(on: Self.day())
    let peak = power.inverters.map { $0.values.compactMap { $0?.rawValue }.max() ?? 0 }
    #expect(peak[0] == 2_000 && peak[1] > 3_000 && power.clippedSteps > 10)
  }

  @Test("is dark at night whatever a sensor says, and missing by day where the sun's light is")
  func missingLight() {
    let grid = Self.day(minutes: 60)
    let power = Self.plant().power(in: Self.weather(grid, global: nil))
    #expect(power.total[0] == Watts(0))
    #expect(power.total[11] == nil)
    #expect(power.diagnostics.contains { $0.subject == "global irradiance" })
    let offset = Self.plant().power(in: Self.weather(grid, global: 3))
    #expect(offset.total[0] == Watts(0))
  }

  @Test(
    "refuses light that the sun cannot give, and says so",
    arguments: [-50.0, 2_500, .infinity, .nan])
  func implausibleLight(global: Double) {
    let power = Self.plant().power(in: Self.weather(Self.day(minutes: 60), global: global))
    #expect(power.total[11] == nil)
    #expect(power.diagnostics.contains { $0.severity == .warning })
  }

  @Test("takes a pyranometer's small negative offset for darkness")
  func negativeOffset() {
    let power = Self.plant().power(in: Self.weather(Self.day(minutes: 60), global: -2))
    #expect(power.total[11] == Watts(0))
  }

  @Test("is missing by day without a temperature and almost calm without wind")
  func missingTemperature() throws {
    let grid = Self.day(minutes: 60)
    let without = Self.plant().power(in: Self.weather(grid, global: 500, air: nil))
    #expect(without.total[11] == nil && without.total[0] == Watts(0))
    var calm = Self.weather(grid, global: 500)
    let noWind = Self.plant().power(in: calm)
    #expect(noWind.diagnostics.contains { $0.subject == "wind" && $0.severity == .note })
    calm.windSpeed = Series(grid: grid, constant: MetresPerSecond(1))
    #expect(Self.plant().power(in: calm).total == noWind.total)
    calm.windSpeed = Series(grid: grid, constant: MetresPerSecond(8))
    let windy = Self.plant().power(in: calm)
    #expect(try #require(windy.total[11]) > (try #require(noWind.total[11])))
  }

  @Test("uses beam and diffuse where they are given and completes the other")
  func givenParts() throws {
    let grid = Self.day(minutes: 60)
    let sun = SunTrack(grid: grid, location: Self.brno)
    let plain = Self.weather(grid, global: 500)
    let parts = grid.indices.map { index in
      Decomposition.parts(
        .erbs, globalHorizontal: 500, cosZenith: sun.cosZenith[index],
        extraterrestrial: sun.extraterrestrial[index])
    }
    var beamOnly = plain
    beamOnly.beamNormal = Series(grid: grid, rawValues: parts.map(\.beamNormal))
    var diffuseOnly = plain
    diffuseOnly.diffuseHorizontal = Series(
      grid: grid, rawValues: parts.map(\.diffuseHorizontal))
    let expected = try #require(Self.plant().power(in: plain).total[10]).rawValue
    for weather in [beamOnly, diffuseOnly] {
      let watts = try #require(Self.plant().power(in: weather).total[10]).rawValue
      #expect(abs(watts - expected) < 1e-6)
    }
  }

  @Test("takes the isotropic sky where Perez has none, unless told otherwise")
  func perezFallback() throws {
    let grid = Self.day(minutes: 5)
    let sun = SunTrack(grid: grid, location: Self.brno)
    // the sun stands just below the horizon, but the sky gives light
    let twilight = try #require(
      grid.indices.first { sun.airmass[$0].isNaN && sun.cosZenith[$0] > -0.015 })
    let weather = Self.weather(grid, global: 2)
    let light = [false, true].map { keeps in
      let models = PlantModels(transposition: .perez, keepsUndefinedDiffuse: keeps)
      let power = Self.plant(models: models).power(in: weather)
      return power.arrays[0].planeOfArrayIrradiance[twilight]?.rawValue ?? -1
    }
    let ground = 2 * 0.2 * (1 - cos(35 * Double.pi / 180)) / 2
    #expect(abs(light[0] - 2 * (1 + cos(35 * Double.pi / 180)) / 2 - ground) < 1e-9)
    #expect(abs(light[1] - ground) < 1e-9)
  }

  @Test("loses a day of power to a night of snow")
  func snow() {
    let grid = Self.day("2025-02-01T00:00:00Z", minutes: 60)
    var weather = Self.weather(grid, global: 100, air: -8)
    let bare = Self.plant().power(in: weather)
    weather.snowfall = Series(grid: grid, rawValues: grid.indices.map { $0 == 3 ? 30 : 0 })
    let covered = Self.plant().power(in: weather)
    #expect((bare.total[11]?.rawValue ?? 0) > 100)
    #expect(covered.total[11] == Watts(0))
  }

  @Test("has no beam from behind the skyline")
  func shading() throws {
    var plant = Self.plant()
    let open = plant.clearSkyPower(on: Self.day())
    for index in plant.arrays.indices {
      plant.arrays[index].shading = ShadingTable(
        skylineDegrees: (0..<36).map { (3..<15).contains($0) ? 40 : 0 })
    }
    let shaded = plant.clearSkyPower(on: Self.day())
    let morning = try #require(open.grid.index(of: instant("2025-06-21T05:00:00Z")))
    let evening = try #require(open.grid.index(of: instant("2025-06-21T15:00:00Z")))
    #expect(
      try #require(shaded.total[morning]).rawValue
        < 0.5 * (try #require(open.total[morning]).rawValue))
    #expect(shaded.total[evening] == open.total[evening])
  }

  @Test(
    "gives finite power at both poles, the date line and in leap years from 1975 to 2100",
    arguments: [1975, 2000, 2024, 2100])
  func places(year: Int) throws {
    for (latitude, longitude) in [(90.0, 0.0), (-90, 0), (0, 180), (0, -180), (65, 25)] {
      let location = Location(
        latitude: Degrees(latitude), longitude: Degrees(longitude), altitude: Metres(0))
      for day in ["02-28T12:00:00Z", "06-21T00:00:00Z", "12-21T00:00:00Z", "12-31T12:00:00Z"] {
        let grid = TimeGrid(
          start: try Date("\(year)-\(day)", strategy: .iso8601), stepSeconds: 3_600, count: 36)
        let power = Self.plant(location: location).clearSkyPower(on: grid)
        #expect(power.total.missingCount == 0)
        #expect(power.total.values.allSatisfy { (0...8_000).contains($0?.rawValue ?? -1) })
      }
    }
  }

  @Test("is built from a home's equipment")
  func equipment() {
    let plant = PVPlant(
      location: Self.brno,
      arrays: [
        PVArray(
          name: "roof", peakPower: Watts(4_000), tilt: Degrees(30), azimuth: Degrees(170),
          temperatureCoefficientPerKelvin: -0.0035, losses: Fraction(0.1))
      ], inverter: Inverter(ratedPower: Watts(3_600), efficiency: Fraction(0.97)))
    #expect(plant.arrays[0].tilt == Degrees(30) && plant.peakPower == Watts(4_000))
    #expect(plant.ratedPower == Watts(3_600))
  }
}
