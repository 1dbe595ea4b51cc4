// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import Testing
import TimeSeries

@testable import Analysis

/// A plant near Brno whose truth is known; its owner believes that it faces south at 35°.
private struct SyntheticPlant {
  static let location = Location(
    latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(237))
  let truth = plant(tilt: 25, azimuth: 205)
  let metadata = plant(tilt: 35, azimuth: 180)
  let weather: PlantWeather
  let grid = TimeGrid(
    start: Date(timeIntervalSince1970: 1_746_057_600), stepSeconds: 3_600, count: 60 * 24)

  static func plant(tilt: Double, azimuth: Double) -> PVPlant {
    PVPlant(
      location: location,
      arrays: [
        PlantArray(
          name: "roof", tilt: Degrees(tilt), azimuth: Degrees(azimuth), peakPower: Watts(8_000))
      ], inverters: [PlantInverter(ratedPower: Watts(8_000))])
  }

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let sun = SunTrack(grid: grid, location: Self.location)
    let clear = ClearSkySeries(sun: sun, location: Self.location)
    var clearness = 1.0
    var sky: [Double] = []
    for index in grid.indices {
      if index % 24 == 0 { clearness = Double.random(in: 0.3...1, using: &random) }
      sky.append(
        clear.globalHorizontal[index]
          * min(1, clearness * Double.random(in: 0.9...1.1, using: &random)))
    }
    weather = PlantWeather(
      globalHorizontal: Series(grid: grid, rawValues: sky),
      temperature: Series(grid: grid, constant: Celsius(18)))
  }

  /// Power with two per cent of noise, as `change` makes it of the plant's own.
  func power(_ change: (Int, Double) -> Double = { $1 }) -> Series<Watts> {
    var random = SplitMix64(seed: 7)
    let own = truth.power(in: weather).total
    return Series(
      grid: grid,
      values: grid.indices.map { index in
        let watts = (own[index]?.rawValue ?? 0) * Double.random(in: 0.98...1.02, using: &random)
        return Watts(change(index, watts))
      })
  }
}

@Suite("The analysis of a plant")
struct PlantAnalysisTests {
  @Test("finds how the roof lies and nothing wrong with a healthy plant", arguments: [1, 2, 3])
  func healthy(seed: UInt64) {
    let synthetic = SyntheticPlant(seed: seed)
    let record = PlantRecord(
      history: PlantHistory(weather: synthetic.weather, power: synthetic.power()))
    let analysis = PlantAnalysis(record, of: synthetic.metadata)
    let array = analysis.calibration.plant.arrays[0]
    #expect(analysis.calibration.isAccepted)
    #expect(abs(array.tilt.rawValue - 25) < 8 && abs(array.azimuth.rawValue - 205) < 8)
    #expect(analysis.curtailment.curtailedSteps.isEmpty)
    #expect(analysis.policy.cap == nil && analysis.policy.priceRule == nil)
    #expect(analysis.findings.isEmpty && analysis.canJudge)
  }

  @Test("finds the cap of the export and keeps the held-back hours out of the calibration")
  func capped() throws {
    let synthetic = SyntheticPlant(seed: 4)
    // a house that takes 500 W and may export 3 kW
    let power = synthetic.power { min($1, 3_500) }
    let export = Series(
      grid: synthetic.grid,
      values: power.values.map { Watts(max(0, ($0?.rawValue ?? 0) - 500)) })
    let record = PlantRecord(
      history: PlantHistory(weather: synthetic.weather, power: power), export: export)
    let analysis = PlantAnalysis(record, of: synthetic.metadata)
    let cap = try #require(analysis.policy.cap)
    #expect(abs(cap.limit.rawValue - 3_000) < 60)
    let own = synthetic.power().values.compactMap { $0?.rawValue }
    let lost = own.reduce(0) { $0 + max(0, $1 - 3_500) } / 1_000
    #expect(abs(analysis.curtailment.lostEnergy.rawValue - lost) < 0.35 * lost)
    let array = analysis.calibration.plant.arrays[0]
    #expect(abs(array.azimuth.rawValue - 205) < 15)
  }

  @Test("sees a lost string after the roof's true orientation is known")
  func string() {
    let synthetic = SyntheticPlant(seed: 5)
    let power = synthetic.power { $0 < 35 * 24 ? $1 : 0.6 * $1 }
    let record = PlantRecord(
      history: PlantHistory(weather: synthetic.weather, power: power))
    let losses = PlantAnalysis(record, of: synthetic.truth).findings.compactMap {
      finding -> (Date, Double)? in
      guard case .stepLoss(let since, let share, _, _) = finding else { return nil }
      return (since, share.rawValue)
    }
    #expect(losses.count == 1)
    let since = synthetic.grid.date(at: 35 * 24)
    #expect(losses.allSatisfy { abs($0.0.timeIntervalSince(since)) <= 3 * 86_400 })
    #expect(losses.allSatisfy { abs($0.1 - 0.4) < 0.12 })
  }

  @Test("keeps the metadata of a plant that is a week old")
  func young() {
    let synthetic = SyntheticPlant(seed: 6)
    let week = synthetic.grid.date(at: 7 * 24)
    let power = Series(
      grid: synthetic.grid,
      values: synthetic.grid.indices.map {
        synthetic.grid.date(at: $0) < week ? synthetic.power()[$0] : nil
      })
    let analysis = PlantAnalysis(
      PlantRecord(history: PlantHistory(weather: synthetic.weather, power: power)),
      of: synthetic.metadata)
    #expect(!analysis.calibration.isAccepted)
    #expect(analysis.calibration.plant.arrays == synthetic.metadata.arrays)
    #expect(!analysis.calibration.evidence.notes.isEmpty)
    // A lost string needs five days on each side of it; a week has seven at most.
    #expect(!analysis.canJudge && (1...7).contains(analysis.brightDays))
  }
}
