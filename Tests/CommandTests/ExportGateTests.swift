// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Foundation
import Household
import Planning
import Simulation
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite(
  "Export while it costs money", .serialized,
  .enabled(if: TestBroker.isAvailable, Comment(rawValue: TestBroker.missing)))
struct ExportGateTests {
  /// A sunny house whose feeding in costs money when the spot price is below two crowns.
  private func home() throws -> Home {
    let folder = try TemporaryFolder()
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: Gate, latitude: 49.195, longitude: 16.607, altitude_m: 237,
      time_zone: Europe/Prague, holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 16, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {spot: {factor: 1, fee_per_kwh: 2}}, value_added_tax_percent: 21,
      export: {spot: {factor: 1, fee_per_kwh: 2}}}
    pv:
      inverter: {rated_power_w: 10000, efficiency_percent: 97}
      arrays: [{name: south, peak_power_w: 9000, tilt_degrees: 35, azimuth_degrees: 180}]
    battery: {name: battery, capacity_kwh: 5, minimum_soc_percent: 10, maximum_soc_percent: 90,
      maximum_charge_w: 3000, maximum_discharge_w: 3000, charge_efficiency_percent: 96,
      discharge_efficiency_percent: 96, wear_cost_per_kwh: 0.5}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return try HomeConfiguration(contentsOf: path, environment: [:]).home
  }

  private let period = instant("2026-06-11T06:00:00Z")..<instant("2026-06-11T19:00:00Z")

  private func twin(_ home: Home) throws -> SimulatedHome {
    let weather = SimulatedWeather(location: home.site.location, seed: 3)
    let market = SimulatedDayAheadMarket(
      weather: weather, calendar: home.site.calendar, seed: 3)
    return try SimulatedHome(
      home: home, weather: weather, market: market, seed: 3, start: period.lowerBound)
  }

  /// Lets pems run a twin of the house through a day.
  private func record<Twin: HomeTwin & Sendable>(_ twin: Twin, _ home: Home) async throws
    -> RunRecord
  {
    let outlook = SimulatedOutlook(home: try self.twin(home), period: period)
    let period = period
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        var twin = twin
        continuation.resume(
          with: Result {
            let run = HouseRun(
              model: try HomeModel(
                home: home, settings: ControlSettings(cycleSeconds: 900, planStepCount: 64)),
              strategy: .planned(.quick), controller: "pems")
            return try run.run(&twin, outlook: outlook, period: period)
          })
      }
    }
  }

  private func exported(_ record: RunRecord, _ isMeant: (Double) -> Bool) -> Double {
    record.grid.indices.filter { isMeant(record.exportPrice[$0].rawValue) }
      .reduce(0) { $0 + record.exported[$1].rawValue }
  }

  @Test("is stopped by the inverter over the wire, quarter-hour by quarter-hour, and let go after")
  func gate() async throws {
    let home = try home()
    let broker = try TestBroker()
    let wired = try await WiredHome(
      try twin(home), broker: BrokerSettings(host: "127.0.0.1", port: broker.port))
    let record = try await record(wired, home)
    let (traffic, switching) = (wired.traffic, wired.switching.text)
    let ledger = wired.ledger
    #expect(traffic.unconfirmed == 0 && traffic.failed == 0, "\(traffic)")
    // The stick shows nothing of the minute in which the price changes before it was told.
    #expect(exported(record) { $0 < 0 } < 0.05, "\(switching)")
    #expect(exported(record) { $0 > 0 } > 3, "\(switching)")
    #expect(ledger.pvCurtailed.rawValue > 3)
    #expect(wired.hub.status[.pv]?.confirmed == .limitPV(nil), "the evening is free again")
    await wired.close()
  }

  @Test("costs money where nobody can stop it")
  func withoutGate() async throws {
    let home = try home()
    var deaf = try twin(home)
    deaf.faults = [
      ScheduledFault(.ignoresCommands(device: "pv"), during: period)
    ]
    let record = try await record(deaf, home)
    #expect(exported(record) { $0 < 0 } > 3)
  }
}
