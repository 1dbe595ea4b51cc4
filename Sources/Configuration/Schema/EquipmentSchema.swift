// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// The sections `pv`, `battery`, `charge_points` and `vehicles`.
enum EquipmentSchema {
  static func pv(_ section: Section) -> (inverter: Inverter, arrays: [PVArray]) {
    let unit = section.requiredSection("inverter", "rated_power_w and efficiency_percent")
    let inverter = Inverter(
      ratedPower: unit.quantity("rated_power_w", in: 100...1_000_000),
      efficiency: unit.percent("efficiency_percent", in: 50...100, default: .percent(97)))
    let sections = section.sections("arrays")
    if sections.isEmpty { section.report("a PV system has at least one array", "arrays") }
    let arrays = sections.map(array)
    sections.reportDuplicates(of: arrays.map(\.name), kind: "array")
    return (inverter, arrays)
  }

  private static func array(_ section: Section) -> PVArray {
    PVArray(
      name: section.name(),
      peakPower: section.quantity("peak_power_w", in: 50...1_000_000),
      tilt: section.quantity("tilt_degrees", in: 0...90),
      azimuth: section.quantity("azimuth_degrees", in: 0...360),
      temperatureCoefficientPerKelvin: section.number(
        "temperature_coefficient_percent_per_k", in: -1...0, unit: "% per K", default: -0.35)
        / 100,
      losses: section.percent("losses_percent", in: 0...50, default: .percent(10)))
  }

  static func battery(_ section: Section) -> Battery {
    let lowest = section.percent("minimum_soc_percent", default: .percent(10))
    let highest = section.percent("maximum_soc_percent", default: .percent(100))
    section.expect(
      lowest < highest, "is not above minimum_soc_percent", "maximum_soc_percent",
      with: "minimum_soc_percent")
    return Battery(
      name: section.name(),
      capacity: section.quantity("capacity_kwh", in: 0.1...10_000),
      stateOfChargeBand: min(lowest, highest)...max(lowest, highest),
      maximumCharge: section.quantity("maximum_charge_w", in: 0...1_000_000),
      maximumDischarge: section.quantity("maximum_discharge_w", in: 0...1_000_000),
      chargeEfficiency: section.percent("charge_efficiency_percent", in: 50...100),
      dischargeEfficiency: section.percent("discharge_efficiency_percent", in: 50...100),
      wearCost: section.quantity("wear_cost_per_kwh", in: 0...100))
  }

  static func chargePoints(_ top: Section, voltage: Volts) -> [ChargePoint] {
    let sections = top.sections("charge_points")
    let points = sections.map { section in
      let point = ChargePoint(
        name: section.name(), phases: section.integer("phases", oneOf: [1, 3]),
        minimumCurrent: section.quantity("minimum_current_a", in: 6...63, default: Amperes(6)),
        maximumCurrent: section.quantity("maximum_current_a", in: 6...63),
        voltage: section.quantity("voltage_v", in: 100...260, default: voltage))
      section.expect(
        point.maximumCurrent >= point.minimumCurrent, "is below minimum_current_a",
        "maximum_current_a", with: "minimum_current_a")
      return point
    }
    sections.reportDuplicates(of: points.map(\.name), kind: "charge point")
    return points
  }

  static func vehicles(_ top: Section, chargePoints: [String]) -> [Vehicle] {
    let sections = top.sections("vehicles")
    let vehicles = sections.map { section in
      Vehicle(
        name: section.name(),
        chargePoint: section.reference("charge_point", to: chargePoints, kind: "charge point"),
        capacity: section.quantity("capacity_kwh", in: 0.5...1_000),
        target: section.percent("target_soc_percent", default: .percent(80)),
        chargeEfficiency: section.percent(
          "charge_efficiency_percent", in: 50...100, default: .percent(90)),
        shortfallCost: section.quantity("shortfall_cost_per_kwh", in: 0...1_000),
        routines: section.sections("routines").map(routine))
    }
    sections.reportDuplicates(of: vehicles.map(\.name), kind: "vehicle")
    return vehicles
  }

  static func appliances(_ top: Section) -> [Appliance] {
    let sections = top.sections("appliances")
    let appliances = sections.map { section in
      Appliance(
        name: section.name(), power: section.quantity("power_w", in: 10...100_000),
        readyByMinute: section.minuteOfDay("ready_by", in: 0...1_439),
        running: section.choice("runs", default: Appliance.Running.inParts))
    }
    sections.reportDuplicates(of: appliances.map(\.name), kind: "appliance")
    return appliances
  }

  private static func routine(_ section: Section) -> VehicleRoutine {
    let routine = VehicleRoutine(
      days: section.choice("days", default: .all),
      departureMinute: section.minuteOfDay("leaves", in: 0...1_439),
      arrivalMinute: section.minuteOfDay("returns", in: 0...1_440),
      tripEnergy: section.quantity("trip_energy_kwh", in: 0...500))
    section.expect(
      routine.arrivalMinute > routine.departureMinute,
      "is not after leaves; a trip ends on the day it begins", "returns", with: "leaves")
    return routine
  }
}
