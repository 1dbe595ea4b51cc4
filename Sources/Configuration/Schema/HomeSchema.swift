// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The keys of `pems.yaml`, from the top: what each section is called and which of them are needed.
///
/// Everything here returns a value even where the file is wrong; `Findings` knows what is wrong.
enum HomeSchema {
  static func home(_ top: Section) -> Home {
    let site = SiteSchema.site(top.requiredSection("site", "where the home is"))
    let grid = SiteSchema.grid(top.requiredSection("grid", "the connection to the grid"))
    let tariff = TariffSchema.tariff(top.requiredSection("tariff", "what electricity costs"))
    let safety = safety(top.sectionOrDefaults("safety"))
    let pv = top.section("pv").map(EquipmentSchema.pv)
    let chargePoints = EquipmentSchema.chargePoints(top, voltage: grid.voltage)
    return Home(
      site: site, tariff: tariff, grid: grid, pvArrays: pv?.arrays ?? [], inverter: pv?.inverter,
      battery: top.section("battery").map(EquipmentSchema.battery),
      rooms: RoomSchema.rooms(top, safety: safety), chargePoints: chargePoints,
      vehicles: EquipmentSchema.vehicles(top, chargePoints: chargePoints.map(\.name)),
      appliances: EquipmentSchema.appliances(top),
      preferences: preferences(
        top.sectionOrDefaults("preferences"), planning: top.sectionOrDefaults("planning")),
      safety: safety)
  }

  private static func preferences(_ section: Section, planning: Section) -> Preferences {
    Preferences(
      coldCostPerKelvinHour: section.quantity(
        "cold_cost_per_kelvin_hour", in: 0...10_000, default: Money(10)),
      warmCostPerKelvinHour: section.quantity(
        "warm_cost_per_kelvin_hour", in: 0...10_000, default: Money(5)),
      exportPenalty: section.quantity(
        "export_penalty_per_kwh", in: 0...100, default: PricePerKilowattHour.zero),
      yearlyBaseLoad: section.quantity(
        "yearly_base_load_kwh", in: 0...200_000, default: KilowattHours(3_500)),
      planning: PlanningSettings(
        uncertainty: planning.choice("uncertainty", default: PlanningSettings.Uncertainty.expected),
        riskWeight: planning.percent("risk_weight_percent", default: .percent(30)),
        leastSaving: planning.quantity("least_saving", in: 0...10_000, default: Money.zero)))
  }

  private static func safety(_ section: Section) -> SafetySettings {
    let settings = SafetySettings(
      maximumRoomTemperature: section.quantity(
        "maximum_room_temperature_c", in: 15...40, default: Celsius(25)),
      minimumRoomTemperature: section.quantity(
        "minimum_room_temperature_c", in: 0...25, default: Celsius(16)),
      fuseMargin: section.percent("usable_fuse_percent", in: 10...100, default: .percent(90)),
      maximumReadingAge: section.minutes("maximum_reading_age_min", in: 0.5...120, default: 15),
      maximumHeating: section.optionalQuantity("maximum_heating_w", in: 100...500_000))
    section.expect(
      settings.minimumRoomTemperature < settings.maximumRoomTemperature,
      "is not below maximum_room_temperature_c", "minimum_room_temperature_c",
      with: "maximum_room_temperature_c")
    return settings
  }
}

extension [Section] {
  /// Tells names that stand twice.
  func reportDuplicates(of names: [String], kind: String) {
    var seen: Set<String> = []
    for (section, name) in zip(self, names) where !name.isEmpty {
      if !seen.insert(name).inserted {
        section.report("there is already a \(kind) '\(name)'", "name")
      }
    }
  }
}
