// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import Physics
import TimeSeries

/// Calibrates plants whose orientation is known and prints what it found, as a table for the docs: once
/// from the setup itself and once from an owner's guess of 35° south.
///
/// Reads `../shared`: SERF East (Colorado) with satellite irradiance, and Turin, whose satellite
/// irradiance is taken back out of PVGIS's simulated power for the plant's own orientation.
enum SunCalibrationBenchmark {
  static let shared = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared").standardizedFileURL

  struct Case {
    let name: String
    let plant: PVPlant
    let history: PlantHistory

    /// The plant of an owner who does not know his roof.
    var guessed: PVPlant {
      var guess = plant
      guess.arrays[0].plane = Plane(tiltDegrees: 35, azimuthDegrees: 180)
      return guess
    }
  }

  static func run() throws {
    print(
      "| plant | days (sunny) | setup | metadata | fitted | size | nRMSE of unseen days: ",
      terminator: "")
    print("metadata, orientation, with shading | late stamps |")
    print("|---|---|---|---|---|---|---|---|")
    let cases = try [serf(days: 105), serf(days: 45), serf(days: 15), turin(), turin(days: 60)]
    for item in cases {
      for metadata in [item.plant, item.guessed] { show(item, metadata) }
    }
  }

  private static func show(_ item: Case, _ metadata: PVPlant) {
    let days = item.history.grid.count * item.history.grid.stepSeconds / 86_400
    let result = PlantCalibration().calibrated(metadata, with: item.history)
    let (before, after) = (metadata.arrays[0], result.plant.arrays[0])
    let evidence = result.evidence
    let errors = [
      evidence.errorOfMetadata, evidence.errorOfOrientation, evidence.errorWithShading,
    ].map { shown($0.percent, 1) + " %" }.joined(separator: ", ")
    let clock = evidence.clock.map {
      "\($0.lateMinutes) min until \($0.range.upperBound.formatted(.iso8601.year().month().day()))"
    }.joined(separator: ", ")
    let cells = [
      item.name, "\(days) (\(evidence.sunnyDays))", angles(item.plant.arrays[0]), angles(before),
      result.isAccepted ? angles(after) : "kept",
      shown(after.peakPower.rawValue / before.peakPower.rawValue, 2), errors,
      clock.isEmpty ? "none" : clock,
    ]
    print("| " + cells.joined(separator: " | ") + " |")
  }

  private static func angles(_ array: PlantArray) -> String {
    "\(shown(array.tilt.rawValue, 0))°/\(shown(array.azimuth.rawValue, 0))°"
  }

  private static func shown(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// Measured power and satellite irradiance of 105 summer and autumn days.
  private static func serf(days: Int) throws -> Case {
    let table = try CSVTable(path: shared.appending(path: "baselines/series/serf_east.csv.gz").path)
    let instants = try table.instants("time_utc")
    let grid = TimeGrid(
      start: instants[0], stepSeconds: 3_600, count: min(days * 24, instants.count))
    func series<Value: Quantity>(_ column: String) throws -> Series<Value> {
      let numbers = try table.numbers(column)
      return Series(
        grid: grid, values: grid.indices.map { numbers[$0].map { Value(rawValue: $0) } })
    }
    let location = Location(
      latitude: Degrees(39.742), longitude: Degrees(-105.1727), altitude: Metres(1_795))
    let plant = PVPlant(
      location: location,
      arrays: [
        PlantArray(
          name: "east", tilt: Degrees(45), azimuth: Degrees(158), peakPower: Watts(6_000),
          cellTemperature: .sapm(.openRackGlassPolymer))
      ],
      inverters: [PlantInverter(ratedPower: Watts(6_000))])
    return Case(
      name: "SERF East", plant: plant,
      history: PlantHistory(
        weather: PlantWeather(
          globalHorizontal: try series("ghi_w_m2"),
          temperature: try series("temperature_outdoor_c")),
        power: try series("pv_power_w")))
  }

  private static func turin(days: Int = 365) throws -> Case {
    let table = try CSVTable(
      path: shared.appending(path: "data/a_pv_measured_sites/dev/Turin2019.csv.gz").path)
    let location = Location(
      latitude: Degrees(45.065), longitude: Degrees(7.659), altitude: Metres(240))
    let plant = PVPlant(
      location: location,
      arrays: [
        PlantArray(
          name: "roof", tilt: Degrees(26), azimuth: Degrees(206), peakPower: Watts(1_000),
          losses: Fraction(0.1))
      ],
      inverters: [PlantInverter(ratedPower: Watts(1_000))])
    let begin = Date(timeIntervalSince1970: 1_546_300_800)
    let whole = TimeGrid(start: begin, stepSeconds: 3_600, count: 8_760)
    let first = days < 365 ? 120 * 24 : 0
    let grid = whole[first..<min(first + days * 24, whole.count)]
    let measured = try table.completeNumbers("PV-MEAS").map { $0 * 1_000 }
    let simulated = try table.completeNumbers("PG-SARAH2").map { $0 * 1_000 }
    let weather = satelliteWeather(plant, simulated: simulated, grid: whole)
    return Case(
      name: days < 365 ? "Turin, May–June" : "Turin 2019", plant: plant,
      history: PlantHistory(
        weather: PlantWeather(
          globalHorizontal: weather.slice(grid.range),
          temperature: Series(grid: grid, constant: Celsius(15))),
        power: Series(grid: grid, rawValues: Array(measured[first..<first + grid.count]))))
  }

  /// The global irradiance that lets the plant give the simulated power, which PVGIS stamps with the
  /// satellite's ten minutes past the hour; brought to the middle of the hour by its share of the clear
  /// sky.
  private static func satelliteWeather(
    _ plant: PVPlant, simulated: [Double], grid: TimeGrid
  ) -> Series<WattsPerSquareMetre> {
    let scanned = TimeGrid(
      start: grid.start.addingTimeInterval(-1_200), stepSeconds: grid.stepSeconds, count: grid.count
    )
    let sun = SunTrack(grid: scanned, location: plant.location)
    let clear = ClearSkySeries(sun: sun, location: plant.location).globalHorizontal
    var (low, high) = (clear.map { _ in 0.0 }, clear.map { $0 * 1.3 })
    for _ in 0..<40 {
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      let power = plant.power(
        in: PlantWeather(
          globalHorizontal: Series(grid: scanned, rawValues: middle),
          temperature: Series(grid: scanned, constant: Celsius(15))), track: sun)
      for index in grid.indices {
        let watts = power.total[index]?.rawValue ?? 0
        if watts < simulated[index] {
          low[index] = middle[index]
        } else {
          high[index] = middle[index]
        }
      }
    }
    let shares: [Double?] = grid.indices.map { clear[$0] > 50 ? low[$0] / clear[$0] : nil }
    let target = ClearSkySeries(
      sun: SunTrack(grid: grid, location: plant.location), location: plant.location
    ).globalHorizontal
    return Series(
      grid: grid,
      values: grid.indices.map { index in
        let next = index + 1 < shares.count ? shares[index + 1] : nil
        guard let share = shares[index] ?? next else { return .zero }
        // the hour's middle lies a third of the way to the next scan
        return WattsPerSquareMetre(target[index] * (share * 2 / 3 + (next ?? share) / 3))
      })
  }
}
