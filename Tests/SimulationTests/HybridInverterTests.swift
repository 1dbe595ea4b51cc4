// SPDX-License-Identifier: MIT
import Household
import Testing
import TimeSeries

@testable import Simulation

/// Every expected value is arithmetic with the test home's numbers: 10 kWh between 10 and 100 %,
/// legs of 90 and 95 %, 5 kW both ways, 10 kW inverter.
@Suite("Hybrid inverter") struct HybridInverterTests {
  private func flows(
    _ mode: BatteryMode, load: Double, sun: Double, stored: Double = 5, limit: Double? = nil,
    exportLimit: Double = 20_000, hours: Double = 1.0 / 60
  ) -> PowerFlows {
    HybridInverter(home: TestHome.home(exportLimit: Watts(exportLimit)))
      .flows(
        load: load, available: sun, limit: limit, mode: mode, stored: stored, stepHours: hours)
  }

  @Test("self-consumption stores what the house leaves over")
  func storesSurplus() {
    let result = flows(.selfConsumption, load: 1_000, sun: 4_000)
    #expect(result.charge == 3_000)
    #expect(result.gridImport == 0 && result.gridExport == 0)
  }

  @Test("self-consumption covers the house before it buys")
  func coversLoad() {
    let result = flows(.selfConsumption, load: 6_000, sun: 500)
    #expect(result.discharge == 5_000)
    #expect(result.gridImport == 500)
  }

  @Test("self-consumption stores direct current that the inverter could not pass")
  func storesClippedSun() {
    let result = flows(.selfConsumption, load: 11_000, sun: 12_000)
    #expect(result.charge == 2_000)
    #expect(result.pv == 12_000)
    #expect(result.gridImport == 1_000)
  }

  @Test("hold neither charges nor discharges")
  func hold() {
    let sunny = flows(.hold, load: 1_000, sun: 4_000)
    #expect(sunny.charge == 0 && sunny.gridExport == 3_000)
    let dark = flows(.hold, load: 1_000, sun: 0)
    #expect(dark.discharge == 0 && dark.gridImport == 1_000)
  }

  @Test("charging takes its power whatever the sun gives, the grid the rest")
  func chargesFromGrid() {
    let result = flows(
      .chargeFromGrid(power: Watts(4_000), until: Fraction(0.9)), load: 1_000, sun: 1_500)
    #expect(result.charge == 4_000)
    #expect(result.gridImport == 3_500)
  }

  @Test("charging stops at its state of charge and then holds")
  func chargeStops() {
    // 0.003 kWh below 90 % take 0.003 / 0.9 kWh in one minute: 200 W.
    let nearly = flows(
      .chargeFromGrid(power: Watts(4_000), until: Fraction(0.9)), load: 0, sun: 0, stored: 8.997)
    #expect(abs(nearly.charge - 200) < 1e-6)
    let above = flows(
      .chargeFromGrid(power: Watts(4_000), until: Fraction(0.9)), load: 500, sun: 900, stored: 9.5)
    #expect(above.charge == 0 && above.discharge == 0 && above.gridExport == 400)
  }

  @Test("discharging gives its power into the grid and holds at its state of charge")
  func dischargesToGrid() {
    let result = flows(
      .dischargeToGrid(power: Watts(3_000), until: Fraction(0.2)), load: 500, sun: 0)
    #expect(result.discharge == 3_000 && result.gridExport == 2_500)
    let atStop = flows(
      .dischargeToGrid(power: Watts(3_000), until: Fraction(0.5)), load: 500, sun: 900)
    #expect(atStop.discharge == 0 && atStop.charge == 0 && atStop.gridExport == 400)
  }

  @Test("sun and battery share the inverter's limit")
  func sharedLimit() {
    let result = flows(
      .dischargeToGrid(power: Watts(5_000), until: Fraction(0.1)), load: 0, sun: 8_000)
    #expect(result.discharge == 2_000)
    #expect(result.gridExport == 10_000)
    let clipped = flows(.hold, load: 0, sun: 12_000)
    #expect(clipped.pv == 10_000 && clipped.curtailed == 2_000)
  }

  @Test("the export limit takes the battery back first, then the sun")
  func exportLimit() {
    let result = flows(
      .dischargeToGrid(power: Watts(4_000), until: Fraction(0.1)), load: 0, sun: 5_000,
      exportLimit: 6_000)
    #expect(result.discharge == 1_000 && result.pv == 5_000 && result.gridExport == 6_000)
    let sunny = flows(.hold, load: 1_000, sun: 9_000, exportLimit: 6_000)
    #expect(sunny.pv == 7_000 && sunny.curtailed == 2_000)
  }

  @Test("a limit on PV is kept")
  func pvLimit() {
    let result = flows(.hold, load: 500, sun: 4_000, limit: 0)
    #expect(result.pv == 0 && result.curtailed == 4_000 && result.gridImport == 500)
  }

  @Test("the device itself keeps the band of the state of charge")
  func band() {
    // 0.01 kWh above 10 % give 0.0095 kWh in one minute: 570 W.
    let nearlyEmpty = flows(.selfConsumption, load: 3_000, sun: 0, stored: 1.01)
    #expect(abs(nearlyEmpty.discharge - 570) < 1e-6)
    let beyond = flows(
      .dischargeToGrid(power: Watts(5_000), until: Fraction(0)), load: 0, sun: 0, stored: 1)
    #expect(beyond.discharge == 0)
    let full = flows(
      .chargeFromGrid(power: Watts(5_000), until: Fraction(1)), load: 0, sun: 0, stored: 10)
    #expect(full.charge == 0)
  }

  @Test("a round trip keeps the product of both legs")
  func roundTrip() {
    var battery = SimulatedBattery(TestHome.battery)
    battery.stored = 1
    let lostIn = battery.pass(charge: 5_000, discharge: 0, hours: 1)
    #expect(abs(battery.stored - 5.5) < 1e-12)
    let lostOut = battery.pass(charge: 0, discharge: 4_500 * 0.95, hours: 1)
    #expect(abs(battery.stored - 1) < 1e-12)
    // 5 kWh in, 4.275 kWh out.
    #expect(abs(lostIn + lostOut - 0.725) < 1e-12)
  }

  @Test("flows balance in every mode, for any load and sun", arguments: UInt64(1)...20)
  func balance(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func draw(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
    for _ in 0..<200 {
      let power = Watts(draw(-1_000...9_000))
      let until = Fraction(draw(-0.2...1.2))
      let mode: BatteryMode =
        [
          .selfConsumption, .hold, .chargeFromGrid(power: power, until: until),
          .dischargeToGrid(power: power, until: until),
        ].randomElement(using: &random) ?? .hold
      let (load, sun) = (draw(0...15_000), draw(0...14_000))
      let result = flows(
        mode, load: load, sun: sun, stored: draw(1...10), exportLimit: draw(0...12_000))
      let net =
        result.gridImport + result.pv + result.discharge
        - result.gridExport - result.charge - load
      #expect(abs(net) < 1e-9)
      #expect(min(result.pv, result.charge, result.discharge, result.curtailed) >= 0)
      #expect(result.pv + result.discharge - result.charge <= 10_000 + 1e-9)
      #expect(abs(result.pv + result.curtailed - sun) < 1e-9)
    }
  }
}
