// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Foundation
import Household
import Simulation
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// Trust from end to end: a simulated home that goes wrong, its readings and confirmations over a real
/// broker and the real drivers, the safety loop, and the guard that takes trust away.
@Suite(
  "A home that goes wrong", .serialized,
  .enabled(if: TestBroker.isAvailable, Comment(rawValue: TestBroker.missing)))
struct WrongHomeTests {
  /// 22 h of a January night: no sun, prices do not matter.
  private let start = instant("2026-01-12T21:00:00Z")

  /// The room gains 3 kW · 1 h / 1 kWh/K, some 2.5 K an hour, when it is heated.
  private func home() throws -> Home {
    try SunnyHome.home(
      batteryKilowattHours: 10,
      further: """
        comfort: {house: {usual: {lower_c: 20, upper_c: 23}}}
        rooms:
          - {name: kitchen, comfort: house, heater: {power_w: 3000},
             thermal: {heat_loss_w_per_k: 20, heat_capacity_kwh_per_k: 1}}
        """)
  }

  private func twin(_ home: Home, _ fault: Fault) throws -> SimulatedHome {
    var twin = try SunnyHome.twin(home, start: start)
    twin.faults = [ScheduledFault(fault, during: start..<start.addingTimeInterval(86_400))]
    return twin
  }

  /// One minute of the safety loop.
  private func beat(
    _ wanted: Command.Action, at now: Date, _ snapshot: Snapshot, home: Home
  ) -> [Command] {
    FastCycle(home: home).decide(
      wanted: [Command(wanted, expiresAt: now.addingTimeInterval(900), reason: "test")],
      overrides: Overrides(), snapshot: snapshot
    ).commands
  }

  @Test("an inverter that confirms charging and does not charge is told, and demoted after an hour")
  func disobedientInverter() async throws {
    let home = try home()
    let broker = try TestBroker()
    let wired = try await WiredHome(
      try twin(home, .ignoresCommands(device: "battery")),
      broker: BrokerSettings(host: "127.0.0.1", port: broker.port), patience: .seconds(300))
    let charge = Command.Action.battery(
      name: "battery", mode: .chargeFromGrid(power: Watts(2_000), until: .percent(80)))
    let (degradedAt, demotedAt, orders) = try await onOwnThread {
      var (degradedAt, demotedAt, orders) = (Int?.none, Int?.none, 0)
      var trust = StageGuard()
      for minute in 0..<100 {
        let now = wired.time
        let snapshot = wired.snapshot(at: now)
        let commands = beat(charge, at: now, snapshot, home: home)
        _ = wired.apply(commands, at: now)
        let status = wired.status
        if degradedAt == nil, status.values.contains(where: \.isDegraded) { degradedAt = minute }
        let new = trust.watch(
          seconds: 60, snapshot: snapshot,
          commanded: commands.filter { wired.hub.mayCommand($0.action) },
          degraded: Set(status.filter(\.value.isDegraded).keys), home: home)
        wired.hub.demote(new.map(\.target))
        if !new.isEmpty {
          demotedAt = minute
          orders = status[.battery("battery")]?.sent ?? 0
        }
        wired.advance(to: now.addingTimeInterval(60))
      }
      return (degradedAt, demotedAt, orders)
    }
    let traffic = wired.traffic
    #expect(traffic.failed == 0 && traffic.confirmed > 1, "it confirms everything: \(traffic)")
    // Three readings, a minute apart, from half a minute after the confirmation on, which takes a minute
    // of the twin's or two; then an hour of patience.
    let told = try #require(degradedAt)
    #expect((3...5).contains(told))
    #expect(demotedAt == told + 59)
    #expect(wired.status[.battery("battery")]?.sent == orders, "it is told nothing more")
    await wired.close()
  }

  @Test("a relay that heats on although it is told off is demoted two hours beyond the limit")
  func stuckRelay() throws {
    let home = try home()
    var twin = try twin(home, .relayStuck(room: "kitchen", isOn: true))
    var trust = StageGuard()
    var (beyond, demotedAt) = (Int?.none, Int?.none)
    for minute in 0..<600 {
      let now = twin.time
      let snapshot = twin.snapshot(at: now)
      let commands = beat(.heat(room: "kitchen", isOn: true), at: now, snapshot, home: home)
      _ = twin.apply(commands, at: now)
      let celsius = try #require(snapshot.roomTemperatures["kitchen"]?.value)
      // Half a kelvin above 25 °C; the sensor is noisy, so that minutes near it may count double.
      if celsius > Celsius(25.5) {
        beyond = beyond ?? minute
        #expect(commands.map(\.action) == [.heat(room: "kitchen", isOn: false)])
      }
      let new = trust.watch(
        seconds: 60, snapshot: snapshot, commanded: commands, degraded: [], home: home)
      if !new.isEmpty { demotedAt = minute }
      twin.advance(to: now.addingTimeInterval(60))
    }
    let (warm, taken) = (try #require(beyond), try #require(demotedAt))
    #expect((119...180).contains(taken - warm), "beyond at \(warm), taken at \(taken)")
  }
}
