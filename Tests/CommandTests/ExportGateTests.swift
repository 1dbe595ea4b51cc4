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
  private let period = instant("2026-06-11T06:00:00Z")..<instant("2026-06-11T19:00:00Z")

  /// Lets pems run a twin of the house through a day.
  private func record<Twin: HomeTwin & Sendable>(_ twin: Twin, _ home: Home) async throws
    -> RunRecord
  {
    let outlook = SimulatedOutlook(
      home: try SunnyHome.twin(home, start: period.lowerBound), period: period)
    let period = period
    return try await onOwnThread {
      var twin = twin
      let run = HouseRun(
        model: try HomeModel(
          home: home, settings: ControlSettings(cycleSeconds: 900, planStepCount: 64)),
        strategy: .planned(.quick), controller: "pems")
      return try run.run(&twin, outlook: outlook, period: period)
    }
  }

  private func exported(_ record: RunRecord, _ isMeant: (Double) -> Bool) -> Double {
    record.grid.indices.filter { isMeant(record.exportPrice[$0].rawValue) }
      .reduce(0) { $0 + record.exported[$1].rawValue }
  }

  @Test("is stopped by the inverter over the wire, quarter-hour by quarter-hour, and let go after")
  func gate() async throws {
    let home = try SunnyHome.home(batteryKilowattHours: 5)
    let broker = try TestBroker()
    let wired = try await WiredHome(
      try SunnyHome.twin(home, start: period.lowerBound),
      broker: BrokerSettings(host: "127.0.0.1", port: broker.port), patience: .seconds(300))
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
    let home = try SunnyHome.home(batteryKilowattHours: 5)
    var deaf = try SunnyHome.twin(home, start: period.lowerBound)
    deaf.faults = [
      ScheduledFault(.ignoresCommands(device: "pv"), during: period)
    ]
    let record = try await record(deaf, home)
    #expect(exported(record) { $0 < 0 } > 3)
  }
}
