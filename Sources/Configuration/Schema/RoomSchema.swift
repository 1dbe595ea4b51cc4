// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// The section `rooms`.
enum RoomSchema {
  static func rooms(_ top: Section, safety: SafetySettings) -> [Room] {
    let comfort = ComfortSchema(top, safety: safety)
    let sections = top.sections("rooms")
    let names = sections.map { $0.name() }
    sections.reportDuplicates(of: names, kind: "room")
    let thermal = sections.map {
      $0.requiredSection("thermal", "heat_loss_w_per_k and heat_capacity_kwh_per_k")
    }
    let adjacencies = AdjacencySchema(names: names, thermal: thermal)
    return zip(sections, names).enumerated().map { index, entry in
      let (section, name) = entry
      return Room(
        name: name, heater: section.section("heater").map(heater),
        comfort: comfort.comfort(of: section),
        thermal: properties(thermal[index], adjacencies.adjacencies(of: name)),
        priority: section.integer("priority", in: 0...100, default: 50))
    }
  }

  private static func heater(_ section: Section) -> RoomHeater {
    RoomHeater(
      power: section.quantity("power_w", in: 10...50_000),
      minimumOn: section.minutes("minimum_on_min", in: 0...240, default: 15),
      minimumOff: section.minutes("minimum_off_min", in: 0...240, default: 15),
      switchingCost: section.quantity("switching_cost", in: 0...1_000, default: Money.zero),
      heatPump: HeatPumpCurve(section.sections("heat_pump").map(heatPumpPoint)),
      water: section.section("water").flatMap(water))
  }

  private static func water(_ section: Section) -> WaterCircuit? {
    let curve = section.sections("curve").map {
      WaterCircuit.Point(
        outdoors: $0.quantity("outdoor_c", in: -40...40), water: $0.quantity("water_c", in: 15...90)
      )
    }
    if curve.isEmpty { section.report("is empty; give at least one point", "curve") }
    return WaterCircuit(
      curve: curve, conductance: section.quantity("conductance_w_per_k", in: 0.1...5_000),
      exponent: section.number("exponent", in: 1...1.5, default: 1.1))
  }

  private static func heatPumpPoint(_ section: Section) -> HeatPumpCurve.Point {
    HeatPumpCurve.Point(
      outdoors: section.quantity("outdoor_c", in: -40...40),
      factor: section.number("cop", in: 0.5...10))
  }

  private static func window(_ section: Section) -> RoomWindow {
    RoomWindow(
      facade: Facade(
        azimuth: section.quantity("azimuth_degrees", in: 0...360),
        tilt: section.quantity("tilt_degrees", in: 0...90, default: Degrees(90))),
      aperture: section.quantity("aperture_m2", in: 0...100))
  }

  private static func properties(
    _ section: Section, _ adjacencies: [RoomThermalProperties.Adjacency]
  ) -> RoomThermalProperties {
    RoomThermalProperties(
      heatLoss: section.quantity("heat_loss_w_per_k", in: 0.1...5_000),
      heatCapacity: section.quantity("heat_capacity_kwh_per_k", in: 0.01...500),
      solarAperture: section.quantity("solar_aperture_m2", in: 0...100, default: .zero),
      windows: section.sections("windows").map(window),
      internalGain: section.quantity("internal_gain_w", in: 0...5_000, default: .zero),
      heaterTimeConstant: section.minutes("heater_time_constant_min", in: 0...600, default: 0),
      adjacencies: adjacencies)
  }
}
