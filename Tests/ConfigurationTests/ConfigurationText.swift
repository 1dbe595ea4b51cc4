// SPDX-License-Identifier: MIT
import Configuration

/// A small home that is right, to be made wrong in one place by a test.
enum ConfigurationText {
  static let small = """
    version: 1
    site:
      name: Cottage
      latitude: 49.2
      longitude: 16.6
      altitude_m: 237
      time_zone: Europe/Prague
      holidays: CZ
      currency: CZK
    grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff:
      import: {spot: {factor: 1, fee_per_kwh: 0.35}}
      layers:
        - name: distribution
          windows:
            - {days: working_days, from: "10:00", to: "11:00", price_per_kwh: 0.8}
            - {from: "22:00", to: "06:00", price_per_kwh: 0.1}
            - {price_per_kwh: 0.2}
        - {name: tax, price_per_kwh: 0.03}
      value_added_tax_percent: 21
      export: {spot: {factor: 1, fee_per_kwh: 0.4, floor_per_kwh: 0}}
    pv:
      inverter: {rated_power_w: 10000, efficiency_percent: 97}
      arrays:
        - {name: south, peak_power_w: 5400, tilt_degrees: 35, azimuth_degrees: 180}
    battery:
      name: battery
      capacity_kwh: 10
      minimum_soc_percent: 10
      maximum_soc_percent: 90
      maximum_charge_w: 5000
      maximum_discharge_w: 4000
      charge_efficiency_percent: 95
      discharge_efficiency_percent: 94
      wear_cost_per_kwh: 0.5
    charge_points:
      - {name: wallbox, phases: 3, maximum_current_a: 16}
    vehicles:
      - name: car
        charge_point: wallbox
        capacity_kwh: 60
        shortfall_cost_per_kwh: 20
        routines:
          - {days: working_days, leaves: "07:30", returns: "17:00", trip_energy_kwh: 9}
    comfort:
      quiet:
        usual: {lower_c: 20, upper_c: 22}
        periods:
          - {from: "22:00", to: "06:00", lower_c: 18.5, upper_c: 21}
    rooms:
      - name: kitchen
        heater: {power_w: 1800, minimum_on_min: 20, minimum_off_min: 10, switching_cost: 0.05}
        comfort: quiet
        thermal:
          heat_loss_w_per_k: 30
          heat_capacity_kwh_per_k: 5.8
          neighbours:
            - {room: pantry, conductance_w_per_k: 40}
        priority: 70
      - name: pantry
        comfort: {usual: {lower_c: 17, upper_c: 21}}
        thermal: {heat_loss_w_per_k: 3.5, heat_capacity_kwh_per_k: 1.5}
    """

  /// The small home with one piece of text replaced.
  static func changed(_ old: String, _ new: String) -> String {
    let text = small.replacing(old, with: new)
    precondition(text != small, "'\(old)' is not in the small home")
    return text
  }

  /// What is wrong in a text, one line a problem; empty when nothing is.
  static func problems(_ text: String) -> [String] {
    do throws(ConfigurationError) {
      _ = try HomeConfiguration(text: text, file: "pems.yaml")
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }
}
