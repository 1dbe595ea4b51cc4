// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Equipment and readings")
struct EquipmentTests {
  @Test(
    "a charge point's powers are its currents on all phases",
    arguments: [(3, 6.0, 4_140.0), (3, 16.0, 11_040.0), (1, 6.0, 1_380.0), (1, 32.0, 7_360.0)])
  func chargePoint(phases: Int, current: Double, power: Double) {
    let point = ChargePoint(
      name: "wallbox", phases: phases, minimumCurrent: Amperes(6), maximumCurrent: Amperes(32),
      voltage: Volts(230))
    #expect(point.power(at: Amperes(current)) == Watts(power))
    #expect(point.minimumPower == point.power(at: Amperes(6)))
    #expect(point.maximumPower == point.power(at: Amperes(32)))
  }

  @Test("a fuse of 25 A carries 17.25 kW on three phases and 5.75 kW on one")
  func fuse() {
    func limit(_ phases: Int) -> Watts {
      GridConnection(
        mainFuse: Amperes(25), phases: phases, voltage: Volts(230), exportLimit: .zero
      ).importLimit
    }
    #expect(limit(3) == Watts(17_250))
    #expect(limit(1) == Watts(5_750))
  }

  @Test(
    "a reading is fresh up to its age, and not from further in the future than that",
    arguments: [(0.0, true), (60.0, true), (60.5, false), (-60.0, true), (-61.0, false)])
  func freshness(age: Double, isFresh: Bool) {
    let now = instant("2026-03-02T12:00:00Z")
    let reading = Reading(Watts(1), at: now.addingTimeInterval(-age))
    #expect(reading.isFresh(at: now, maximumAge: .seconds(60)) == isFresh)
  }

  @Test(
    "a signal's name ends with its unit",
    arguments: [
      ("pv_power_w", .watts), ("ghi_w_m2", .wattsPerSquareMetre), ("room_kitchen_c", .celsius),
      ("price_import_czk_per_kwh", .pricePerKilowattHour), ("pv_energy_kwh", .kilowattHours),
      ("battery_soc_percent", .percent), ("wind_speed_m_s", .metresPerSecond),
      ("rain_mm", .millimetres), ("relay_share", .share),
    ] as [(String, SignalName.Unit)])
  func signalUnits(text: String, unit: SignalName.Unit) {
    #expect(SignalName(text)?.unit == unit)
    #expect(SignalName(text)?.description == text)
  }

  @Test(
    "a name without a unit, with other letters or with nothing but a unit is none",
    arguments: ["pv_power", "PV_power_w", "pv power_w", "_w", "", "pokoj_č_c", "pv-power_w"])
  func noSignal(text: String) { #expect(SignalName(text) == nil) }

  @Test("the house's own signals are names like any other")
  func ownSignals() {
    let own: [SignalName] = [
      .pvPower, .loadPower, .baseLoadPower, .gridPower, .batteryPower, .batteryStateOfCharge,
      .outdoorTemperature, .globalHorizontalIrradiance, .windSpeed, .snowfall,
      .spotPrice(currency: "CZK"), .roomTemperature("kitchen"), .roomHeat("kitchen"),
      .chargePointPower("wallbox"),
    ]
    for signal in own { #expect(SignalName(signal.text) == signal) }
    #expect(Set(own).count == own.count)
    #expect(SignalName.spotPrice(currency: "CZK").text == "price_spot_czk_per_kwh")
    #expect(SignalName.batteryPower < SignalName.pvPower)
  }

  @Test("a new snapshot claims nothing")
  func emptySnapshot() {
    let snapshot = Snapshot(time: instant("2026-03-02T12:00:00Z"))
    #expect(snapshot.gridPower == nil && snapshot.batteryStateOfCharge == nil)
    #expect(snapshot.roomTemperatures.isEmpty && snapshot.relays.isEmpty)
  }
}
