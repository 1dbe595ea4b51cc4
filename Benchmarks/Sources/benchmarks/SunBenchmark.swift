// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// A year of quarter-hours through the whole chain of a plant with two arrays, against pvlib.
///
/// Where PEMS_PVLIB_PYTHON names a Python that has pvlib, `pvlib_chain.py` runs on the same weather.
enum SunBenchmark {
  static let location = Location(
    latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(237))
  static let grid = TimeGrid(
    start: Date(timeIntervalSince1970: 1_735_689_600), stepSeconds: 900, count: 35_040)

  static func run() throws {
    let plant = plant()
    let weather = weather(for: plant)
    var energy = 0.0
    let chain = Timing(runs: 15) {
      energy = plant.power(in: weather).total.values.reduce(0) { $0 + ($1?.rawValue ?? 0) }
    }
    let track = Timing(runs: 15) { _ = SunTrack(grid: grid, location: location) }
    let sun = SunTrack(grid: grid, location: location)
    let rest = Timing(runs: 15) { _ = plant.power(in: weather, track: sun) }
    print("pems, 35 040 steps × 2 arrays: median \(shown(chain.median)) ms, ", terminator: "")
    print("fastest \(shown(chain.fastest)) ms, \(shown(energy / 4e6)) MWh")
    print("  sun \(shown(track.median)) ms, irradiance to power \(shown(rest.median)) ms")
    let positions = Timing(runs: 3) {
      for index in grid.indices where index % 10 == 0 {
        _ = SolarPosition(at: grid.middle(at: index), location: location)
      }
    }
    print("  exact solar position \(shown(positions.median / 3.504)) µs each")
    try compare(plant, weather, chain)
  }

  private static func shown(_ value: Double) -> String { String(format: "%.2f", value) }

  private static func plant() -> PVPlant {
    let arrays = [(35.0, 180.0), (15, 90)].map { tilt, azimuth in
      PlantArray(
        name: "\(azimuth)", tilt: Degrees(tilt), azimuth: Degrees(azimuth),
        peakPower: Watts(5_000), temperatureCoefficientPerKelvin: -0.0035,
        losses: Fraction(PVWatts.Losses.typical.total))
    }
    return PVPlant(
      location: location, arrays: arrays,
      inverters: [PlantInverter(ratedPower: Watts(7_680))])
  }

  /// A seeded year of clear and cloudy quarter-hours with all columns given.
  private static func weather(for plant: PVPlant) -> PlantWeather {
    let sun = SunTrack(grid: grid, location: location)
    let clear = ClearSkySeries(sun: sun, location: location)
    var random = SplitMix64(seed: 2025)
    var columns = (global: [Double](), beam: [Double](), diffuse: [Double]())
    var (air, wind) = ([Double](), [Double]())
    for index in grid.indices {
      let clearness = Double.random(in: 0.2...1, using: &random)
      let global = clear.globalHorizontal[index] * clearness
      let parts = Decomposition.parts(
        .erbs, globalHorizontal: global, cosZenith: sun.cosZenith[index],
        extraterrestrial: sun.extraterrestrial[index])
      columns.global.append(global)
      columns.beam.append(parts.beamNormal)
      columns.diffuse.append(parts.diffuseHorizontal)
      air.append(10 - 10 * cos(Double(index) / 35_040 * 2 * .pi) + 5 * sun.cosZenith[index])
      wind.append(Double.random(in: 0...8, using: &random))
    }
    return PlantWeather(
      globalHorizontal: Series(grid: grid, rawValues: columns.global),
      temperature: Series(grid: grid, rawValues: air),
      beamNormal: Series(grid: grid, rawValues: columns.beam),
      diffuseHorizontal: Series(grid: grid, rawValues: columns.diffuse),
      windSpeed: Series(grid: grid, rawValues: wind))
  }

  /// Runs pvlib's ModelChain on the same weather and prints both times and the difference.
  private static func compare(
    _ plant: PVPlant, _ weather: PlantWeather, _ ours: Timing
  ) throws {
    guard let python = ProcessInfo.processInfo.environment["PEMS_PVLIB_PYTHON"] else {
      print("  no comparison: PEMS_PVLIB_PYTHON does not name a Python with pvlib")
      return
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let power = plant.power(in: weather).total
    var text = "unix_s,ghi,dni,dhi,temp_air,wind_speed,power\n"
    for index in grid.indices {
      let fields: [Double?] = [
        grid.middle(at: index).timeIntervalSince1970, weather.globalHorizontal[index]?.rawValue,
        weather.beamNormal?[index]?.rawValue, weather.diffuseHorizontal?[index]?.rawValue,
        weather.temperature[index]?.rawValue, weather.windSpeed?[index]?.rawValue,
        power[index]?.rawValue,
      ]
      text += fields.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",") + "\n"
    }
    let file = folder.appending(path: "weather.csv")
    try Data(text.utf8).write(to: file)
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../pvlib_chain.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python, "-W", "ignore", script.path, file.path, "\(ours.median)"]
    try process.run()
    process.waitUntilExit()
  }
}
