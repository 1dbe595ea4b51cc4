// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

@Suite("Limits of production")
struct ProductionLimitTests {
  private let rated = Watts(10_000)

  private func limits(_ action: Command.Action, connection: Watts = Watts(10_000)) -> GrowattLimits?
  {
    GrowattLimits(action, rated: rated, connection: connection)
  }

  @Test("become thousandths and per cent of the rated power, rounded down")
  func registers() throws {
    let none = try #require(limits(.limitPV(nil)))
    #expect(none.exportThousandths == 1_000 && none.activeRate == 100)
    #expect(try #require(limits(.limitExport(.zero))).exportThousandths == 0)
    #expect(try #require(limits(.limitExport(Watts(1_239)))).exportThousandths == 123)
    let less = try #require(limits(.limitPV(Watts(2_590))))
    #expect(less.activeRate == 25 && less.exportThousandths == 1_000)
    #expect(limits(.heat(room: "obyvak", isOn: true)) == nil)
  }

  @Test("never let in more than the connection does")
  func connection() throws {
    let free = try #require(limits(.limitPV(nil), connection: Watts(5_000)))
    #expect(free.exportThousandths == 500)
    #expect(
      try #require(limits(.limitExport(Watts(9_000)), connection: Watts(5_000)))
        .exportThousandths == 500)
  }

  @Test("are written only where they do something else: register 255 is no limit, 122 off neither")
  func writes() throws {
    let factory = GrowattLimits(limitsExport: false, exportThousandths: 0, activeRate: 255)
    #expect(factory.doesTheSame(as: try #require(limits(.limitPV(nil)))))
    #expect(
      factory.writes(to: try #require(limits(.limitExport(.zero)))) == [.export(thousandths: 0)])
    let gated = GrowattLimits(limitsExport: true, exportThousandths: 0, activeRate: 100)
    #expect(
      gated.writes(to: try #require(limits(.limitPV(Watts(3_000)))))
        == [.export(thousandths: 1_000), .activeRate(percent: 30)])
  }

  private func context(_ change: (inout Snapshot) -> Void) -> DriverContext {
    let home = deviceHome()
    let now = instant("2026-06-11T11:00:00Z")
    let board = ReadingBoard(home: home)
    board.post(change)
    return DriverContext(
      settings: device("mqtt_limit"), home: home, broker: nil, board: board, mayCommand: true,
      now: { now }, notice: { _ in })
  }

  @Test("of the export become what house and battery take, for an inverter without a meter")
  func taken() throws {
    let now = instant("2026-06-11T11:00:00Z")
    // 3000 W of PV, 1800 W of them fed in: the house takes 1200 W. The battery is full.
    let full = context {
      $0.pvPower = Reading(Watts(3_000), at: now)
      $0.gridPower = Reading(Watts(-1_800), at: now)
      $0.batteryStateOfCharge = Reading(.percent(90), at: now)
    }
    #expect(try ProductionLimit.watts(for: .limitExport(.zero), full) == Watts(1_200))
    #expect(try ProductionLimit.watts(for: .limitExport(Watts(500)), full) == Watts(1_700))
    // A battery that charges with 1000 W of its 5000 W may take 4000 W more.
    let free = context {
      $0.pvPower = Reading(Watts(3_000), at: now)
      $0.gridPower = Reading(Watts(-800), at: now)
      $0.batteryPower = Reading(Watts(-1_000), at: now)
      $0.batteryStateOfCharge = Reading(.percent(50), at: now)
    }
    #expect(try ProductionLimit.watts(for: .limitExport(.zero), free) == Watts(6_200))
    #expect(try ProductionLimit.watts(for: .limitPV(nil), free) == nil)
  }

  @Test("of the export need fresh meters")
  func stale() throws {
    let before = instant("2026-06-11T10:58:00Z")
    let old = context {
      $0.pvPower = Reading(Watts(3_000), at: before)
      $0.gridPower = Reading(Watts(-1_800), at: before)
    }
    #expect(throws: DeviceError.self) { try ProductionLimit.watts(for: .limitExport(.zero), old) }
  }
}

extension ServerSuites {
  @Suite(
    "Export over the wire", .serialized,
    .enabled(
      if: TestBroker.isAvailable && Simulator.has("growatt_mqtt.py"),
      Comment(rawValue: Simulator.missing)))
  struct ExportTests {
    private func export(_ test: TestHub) -> Watts? {
      test.hub.snapshot(at: Date()).gridPower.map { -$0.value }
    }

    @Test("stops at the meter when it is forbidden, and comes back when the house is handed back")
    func stops() async throws {
      let device = try await TrialDevice.growattStick()
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      // Full, so that nothing but the grid can take what the house does not.
      try await #require(device.hand).order(#"{"pv":6000,"load":500,"soc":1.0}"#)
      let exports = await test.eventually { export(test) ?? .zero > Watts(5_000) }
      try #require(exports, "it exports \(export(test)?.description ?? "nothing known")")
      test.want(.limitExport(.zero))
      try await test.requireConfirmation(of: .limitExport(.zero))
      let stops = await test.eventually { (export(test) ?? Watts(1)) < Watts(50) }
      try #require(stops, "it exports \(export(test)?.description ?? "nothing known")")
      #expect(test.hub.snapshot(at: Date()).pvPower.map { $0.value < Watts(600) } == true)
      let left = await test.hub.handBack()
      #expect(left.isEmpty, "\(left)")
      #expect(await test.eventually { export(test) ?? .zero > Watts(5_000) })
      await test.hub.close()
    }

    @Test("an inverter that refuses is degraded with the reason, and the plan goes on beside it")
    func refused() async throws {
      let device = try await TrialDevice.growattStick()
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      try await test.requireStateOfCharge()
      try await #require(device.hand).order(#"{"fail":1}"#)
      test.want(.limitExport(.zero), .battery(name: "battery", mode: .selfConsumption))
      func alarms() -> Int {
        test.events.all.count { if case .degraded(.pv, _) = $0 { true } else { false } }
      }
      try #require(await test.eventually { alarms() > 0 }, "\(test.events.texts)")
      #expect(test.hub.status[.pv]?.isDegraded == true)
      #expect(test.hub.status[.pv]?.problem?.contains("Failed to disable export") == true)
      try await test.requireConfirmation(of: .battery(name: "battery", mode: .selfConsumption))
      #expect(alarms() == 1)
      await test.hub.close()
    }

    @Test("in stage partial the limit of the inverter is not touched, not even at the end")
    func partial() async throws {
      let device = try await TrialDevice.growattStick()
      defer { device.stop() }
      let spy = try await TopicSpy(port: try #require(device.broker?.port))
      let test = try await TestHub(
        [device.settings], broker: device.broker?.port, stage: .partial)
      test.want(.limitExport(.zero), .battery(name: "battery", mode: .selfConsumption))
      try await test.requireConfirmation(of: .battery(name: "battery", mode: .selfConsumption))
      let left = await test.hub.handBack(all: true)
      #expect(left.isEmpty, "\(left)")
      await test.hub.close()
      #expect(!spy.all.contains { $0.topic.contains("/command/export") })
      #expect(!spy.all.contains { $0.topic.contains("/command/power") })
      spy.stop()
    }
  }
}
