// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A room of 20…22 °C with 50 W/K and 2 kWh/K, whose relay rests for a quarter of an hour.
func controlRoom(
  _ name: String, priority: Int = 1, watts: Double = 2_000, heatLoss: Double = 50,
  heatCapacity: Double = 2, timeConstant: Duration = .zero, switchingCost: Money = .zero
) -> Room {
  Room(
    name: name,
    heater: RoomHeater(
      power: Watts(watts), minimumOn: .minutes(15), minimumOff: .minutes(15),
      switchingCost: switchingCost),
    comfort: ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(22))),
    thermal: RoomThermalProperties(
      heatLoss: WattsPerKelvin(heatLoss), heatCapacity: KilowattHoursPerKelvin(heatCapacity),
      heaterTimeConstant: timeConstant),
    priority: priority)
}

/// A home in Prague's time on a fuse of 3 × 16 A at 230 V, 11 040 W, all of which may be used.
func controlHome(
  rooms: [Room], battery: Battery? = nil, chargePoints: [ChargePoint] = [], fuse: Double = 16,
  fuseMargin: Double = 1, maximumHeating: Watts? = nil,
  energy: Tariff.EnergyPrice = .fixed(PricePerKilowattHour(5)), export: Tariff.ExportPrice = .none,
  pvArrays: [PVArray] = [], cold: Double = 3, warm: Double = 1,
  planning: PlanningSettings = PlanningSettings()
) -> Home {
  Home(
    site: Site(
      name: "test",
      location: Location(latitude: Degrees(49), longitude: Degrees(16), altitude: Metres(200)),
      timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt, holidays: .none, currency: "CZK"),
    tariff: Tariff(energy: energy, layers: [], valueAddedTax: .zero, export: export),
    grid: GridConnection(
      mainFuse: Amperes(fuse), phases: 3, voltage: Volts(230), exportLimit: Watts(5_000)),
    pvArrays: pvArrays,
    inverter: pvArrays.isEmpty
      ? nil : Inverter(ratedPower: Watts(10_000), efficiency: .percent(97)),
    battery: battery, rooms: rooms, chargePoints: chargePoints,
    vehicles: [],
    preferences: Preferences(
      coldCostPerKelvinHour: Money(cold), warmCostPerKelvinHour: Money(warm),
      exportPenalty: .zero, yearlyBaseLoad: KilowattHours(3_000), planning: planning),
    safety: SafetySettings(
      maximumRoomTemperature: Celsius(25), minimumRoomTemperature: Celsius(16),
      fuseMargin: Fraction(fuseMargin), maximumReadingAge: .minutes(15),
      maximumHeating: maximumHeating))
}

/// 10 kWh of which 10…90 % are used, 5 kW both ways.
let controlBattery = Battery(
  name: "battery", capacity: KilowattHours(10),
  stateOfChargeBand: Fraction(0.1)...Fraction(0.9), maximumCharge: Watts(5_000),
  maximumDischarge: Watts(5_000), chargeEfficiency: Fraction(0.95),
  dischargeEfficiency: Fraction(0.95), wearCost: PricePerKilowattHour(0.5))
