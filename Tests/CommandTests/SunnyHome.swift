// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import Simulation
import TestSupport

/// A house with a plant of 9 kWp and a battery, whose feeding in costs money below two crowns of spot.
enum SunnyHome {
  /// - Parameters:
  ///   - batteryKilowattHours: capacity of the battery.
  ///   - further: sections that only this home has.
  static func home(batteryKilowattHours: Int, further: String = "") throws -> Home {
    let folder = try TemporaryFolder()
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: Sunny, latitude: 49.195, longitude: 16.607, altitude_m: 237,
      time_zone: Europe/Prague, holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 16, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {spot: {factor: 1, fee_per_kwh: 2}}, value_added_tax_percent: 21,
      export: {spot: {factor: 1, fee_per_kwh: 2}}}
    pv:
      inverter: {rated_power_w: 10000, efficiency_percent: 97}
      arrays: [{name: south, peak_power_w: 9000, tilt_degrees: 35, azimuth_degrees: 180}]
    battery: {name: battery, capacity_kwh: \(batteryKilowattHours), minimum_soc_percent: 10,
      maximum_soc_percent: 90, maximum_charge_w: 3000, maximum_discharge_w: 3000,
      charge_efficiency_percent: 96, discharge_efficiency_percent: 96, wear_cost_per_kwh: 0.5}
    \(further)
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return try HomeConfiguration(contentsOf: path, environment: [:]).home
  }

  static func twin(_ home: Home, start: Date) throws -> SimulatedHome {
    let weather = SimulatedWeather(location: home.site.location, seed: 3)
    let market = SimulatedDayAheadMarket(
      weather: weather, calendar: home.site.calendar, seed: 3)
    return try SimulatedHome(home: home, weather: weather, market: market, seed: 3, start: start)
  }
}
