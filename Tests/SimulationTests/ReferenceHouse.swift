// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import TestSupport
import TimeSeries

@testable import Simulation

/// The reference house: its configuration, its records and the December it is compared over.
enum ReferenceHouse {
  /// The home of the example configuration.
  static func home() throws -> Home {
    let path = ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
    return try HomeConfiguration(contentsOf: path, environment: [:]).home
  }

  /// The file of what the house's own analysis recorded.
  static let records = "data/loxone_house/rooms.csv"

  /// What was observed of each room from December 2024 to January 2025.
  static func observations() throws -> [RoomObservation] {
    let text = try String(contentsOf: ReferenceMaterial.url(records), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    return lines.dropFirst().compactMap { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      func number(_ column: String) -> Double? {
        header.firstIndex(of: Substring(column)).flatMap { Double(cells[$0]) }
      }
      guard let mean = number("mean_c"), let duty = number("heating_pct") else { return nil }
      return RoomObservation(
        room: String(cells[0]), mean: Celsius(mean), duty: .percent(duty),
        heatUpKelvinsPerHour: number("heatup_k_per_h"),
        coolDownKelvinsPerHour: number("cooldown_k_per_h"))
    }
  }

  /// A December whose outdoor mean is that of the records, about 1 °C.
  static let december = "2024-12-01T00:00:00Z"
  static let weatherSeed: UInt64 = 22

  /// A simulated December under thermostats.
  static func december(
    _ home: Home, _ estimate: TruthCalibration.Estimate
  ) throws -> (rooms: [RoomObservation], outdoor: Celsius) {
    let trial = ThermostatTrial(
      setpoints: estimate.setpoints, hysteresis: Kelvins(0.6), start: instant(december), days: 31)
    let weather = SimulatedWeather(location: home.site.location, seed: weatherSeed)
    let market = SimulatedDayAheadMarket(
      weather: weather, calendar: home.site.calendar, seed: weatherSeed)
    return try trial.run { start, temperatures in
      try SimulatedHome(
        home: home, truth: estimate.truth, weather: weather, market: market, seed: 1,
        start: start, roomTemperatures: temperatures)
    }
  }
}
