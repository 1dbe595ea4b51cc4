// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

/// A plant whose truth is known because the test made it up: hours of clear and cloudy weather, and a
/// meter with noise.
struct InventedPlant {
  let truth: PVPlant
  let grid: TimeGrid
  let weather: PlantWeather
  let power: [Double]

  init(
    _ truth: PVPlant, days: Int, seed: UInt64, from start: String = "2025-04-01T00:00:00Z"
  ) {
    var random = SplitMix64(seed: seed)
    let grid = TimeGrid(start: instant(start), stepSeconds: 3_600, count: 24 * days)
    let clear = ClearSkySeries(
      sun: SunTrack(grid: grid, location: truth.location), location: truth.location)
    var clearness = 1.0
    let light = grid.indices.map { index in
      if index % 3 == 0 { clearness = Double.random(in: 0.2...1, using: &random).squareRoot() }
      return clear.globalHorizontal[index] * clearness
    }
    let weather = PlantWeather(
      globalHorizontal: Series(grid: grid, rawValues: light),
      temperature: Series(
        grid: grid, rawValues: grid.indices.map { 12 - 5 * cos(Double($0 % 24) / 24 * 6.283) }),
      windSpeed: Series(grid: grid, constant: MetresPerSecond(3)))
    self.truth = truth
    self.grid = grid
    self.weather = weather
    power = truth.power(in: weather).total.values.map {
      max(0, ($0?.rawValue ?? 0) * Double.random(in: 0.94...1.06, using: &random))
    }
  }

  func history(_ power: [Double]? = nil, excluded: Set<Int> = []) -> PlantHistory {
    PlantHistory(
      weather: weather, power: Series(grid: grid, rawValues: power ?? self.power),
      excluded: excluded)
  }

  static func roof(
    _ tilt: Double, _ azimuth: Double, peak: Double = 5_000, limit: Double = 5_000
  ) -> PVPlant {
    PVPlant(
      location: SunPlantTests.brno,
      arrays: [
        PlantArray(
          name: "roof", tilt: Degrees(tilt), azimuth: Degrees(azimuth), peakPower: Watts(peak))
      ],
      inverters: [PlantInverter(ratedPower: Watts(limit))])
  }
}

@Suite("Plant calibration")
struct SunCalibrationTests {
  @Test("finds tilt, azimuth and size from a guess that is off", arguments: 1...3)
  func orientation(seed: UInt64) {
    let invented = InventedPlant(InventedPlant.roof(28, 205, peak: 4_300), days: 60, seed: seed)
    let result = PlantCalibration().calibrated(
      InventedPlant.roof(40, 180), with: invented.history())
    #expect(result.isAccepted)
    #expect(abs(result.plant.arrays[0].tilt.rawValue - 28) < 3)
    #expect(abs(result.plant.arrays[0].azimuth.rawValue - 205) < 3)
    #expect(abs(result.plant.arrays[0].peakPower.rawValue / 4_300 - 1) < 0.03)
    #expect(result.evidence.errorOfOrientation < result.evidence.errorOfMetadata)
    #expect(result.evidence.clock.isEmpty)
  }

  @Test("finds two arrays behind one inverter from their common meter")
  func twoArrays() {
    var truth = SunPlantTests.plant(limit: 12_000)
    truth.arrays[0].plane = Plane(tiltDegrees: 30, azimuthDegrees: 105)
    truth.arrays[1].plane = Plane(tiltDegrees: 30, azimuthDegrees: 285)
    truth.arrays[1].peakPower = Watts(3_000)
    let invented = InventedPlant(truth, days: 60, seed: 4)
    let result = PlantCalibration().calibrated(
      SunPlantTests.plant(limit: 12_000), with: invented.history())
    #expect(result.isAccepted)
    for (found, real) in zip(result.plant.arrays, truth.arrays) {
      #expect(abs(found.azimuth.rawValue - real.azimuth.rawValue) < 15)
      #expect(abs(found.peakPower.rawValue / real.peakPower.rawValue - 1) < 0.15)
    }
    // which array gives what is hard to tell from the sum; the sum itself is not: noise is 3.5 % of it
    #expect(result.evidence.errorOfOrientation.rawValue < 0.013)
    #expect(result.evidence.errorOfMetadata.rawValue > 0.04)
  }

  @Test("leaves metadata alone that are right, and waits for ten days with sun")
  func restraint() {
    let invented = InventedPlant(InventedPlant.roof(35, 180), days: 40, seed: 5)
    let same = PlantCalibration().calibrated(
      InventedPlant.roof(35, 180), with: invented.history())
    #expect(!same.isAccepted && same.plant == InventedPlant.roof(35, 180))
    let short = InventedPlant(InventedPlant.roof(20, 220), days: 7, seed: 6)
    let early = PlantCalibration().calibrated(
      InventedPlant.roof(35, 180), with: short.history())
    #expect(!early.isAccepted && early.evidence.sunnyDays < 10)
    #expect(early.evidence.notes.contains { $0.message.contains("of 10 days") })
  }

  @Test("works from some ten partly sunny days")
  func tenDays() {
    let invented = InventedPlant(InventedPlant.roof(28, 215), days: 16, seed: 7)
    let result = PlantCalibration().calibrated(
      InventedPlant.roof(35, 180), with: invented.history())
    #expect(result.evidence.sunnyDays >= 10 && result.isAccepted)
    #expect(abs(result.plant.arrays[0].azimuth.rawValue - 215) < 6)
  }

  @Test("is not misled by hours that are left out because the plant was curtailed")
  func curtailed() {
    let invented = InventedPlant(InventedPlant.roof(30, 200), days: 60, seed: 8)
    var power = invented.power
    var excluded: Set<Int> = []
    for index in power.indices where index / 24 % 3 == 0 && power[index] > 1_500 {
      power[index] = 1_500
      excluded.insert(index)
    }
    let result = PlantCalibration().calibrated(
      InventedPlant.roof(35, 180), with: invented.history(power, excluded: excluded))
    #expect(abs(result.plant.arrays[0].tilt.rawValue - 30) < 3)
    #expect(abs(result.plant.arrays[0].azimuth.rawValue - 200) < 3)
  }

  @Test("tells a clock that is an hour late from a roof that faces west", arguments: [-1, 1, 2])
  func clock(hours: Int) {
    let invented = InventedPlant(InventedPlant.roof(30, 190), days: 60, seed: 9)
    let power = invented.power.indices.map { index in
      invented.power.indices.contains(index - hours) ? invented.power[index - hours] : 0
    }
    let result = PlantCalibration().calibrated(
      InventedPlant.roof(35, 180), with: invented.history(power))
    #expect(result.evidence.clock.map(\.lateMinutes) == [60 * hours])
    #expect(abs(result.plant.arrays[0].azimuth.rawValue - 190) < 4)
    #expect(result.evidence.notes.contains { $0.subject == "clock of the PV power" })
  }

  @Test("finds the inverter's limit where the power stays at one")
  func inverterLimit() throws {
    let invented = InventedPlant(
      InventedPlant.roof(30, 180, peak: 6_000, limit: 3_000), days: 60, seed: 10)
    let power = invented.power.map { min($0, 3_000) }
    let result = PlantCalibration().calibrated(
      InventedPlant.roof(30, 180, peak: 6_000, limit: 5_000), with: invented.history(power))
    let limit = try #require(result.evidence.inverterLimit)
    #expect(abs(limit.rawValue - 3_000) < 60)
    #expect(result.plant.inverters[0].ratedPower == limit)
  }

  @Test("finds the hill in the east from clear mornings")
  func shading() throws {
    var truth = InventedPlant.roof(30, 150)
    truth.arrays[0].shading = ShadingTable(
      skylineDegrees: (0..<36).map { (5..<12).contains($0) ? 30 : 0 })
    let invented = InventedPlant(truth, days: 120, seed: 12)
    let result = PlantCalibration().calibrated(
      InventedPlant.roof(30, 150), with: invented.history())
    let table = try #require(result.plant.arrays[0].shading)
    // 85°, 22° high: behind the hill; 225°, 42°: free
    let hidden = SkyDirection(zenithDegrees: 68, azimuthDegrees: 85)
    let free = SkyDirection(zenithDegrees: 48, azimuthDegrees: 225)
    #expect(table.beamShare(hidden) < 0.5 && table.beamShare(free) > 0.8)
    #expect(result.evidence.errorWithShading < result.evidence.errorOfOrientation)
  }
}
