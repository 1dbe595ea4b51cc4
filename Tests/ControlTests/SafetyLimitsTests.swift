// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Safety limits")
struct SafetyLimitsTests {
  private let now = instant("2026-01-12T20:00:00Z")

  private func room(_ name: String, priority: Int) -> Room {
    controlRoom(name, priority: priority, watts: 3_000)
  }

  private func home(_ rooms: [Room], maximumHeating: Watts? = nil) -> Home {
    controlHome(
      rooms: rooms, battery: controlBattery,
      chargePoints: [
        ChargePoint(
          name: "wallbox", phases: 3, minimumCurrent: Amperes(6), maximumCurrent: Amperes(16),
          voltage: Volts(230))
      ], maximumHeating: maximumHeating)
  }

  private func heat(_ room: String, _ isOn: Bool) -> Command {
    Command(.heat(room: room, isOn: isOn), expiresAt: now.addingTimeInterval(900), reason: "plan")
  }

  @Test("a room above its limit is not heated, one below is, whatever was decided")
  func temperatures() throws {
    var snapshot = Snapshot(time: now)
    snapshot.roomTemperatures = [
      "hot": Reading(Celsius(25.1), at: now), "cold": Reading(Celsius(15.9), at: now),
    ]
    let result = SafetyLimits.apply(
      to: [heat("hot", true), heat("cold", false)], snapshot: snapshot,
      home: home([room("hot", priority: 1), room("cold", priority: 1)]))
    #expect(
      result.commands.map(\.action) == [
        .heat(room: "hot", isOn: false), .heat(room: "cold", isOn: true),
      ])
    #expect(result.interventions.map(\.subject) == ["hot", "cold"])
  }

  @Test("a stale temperature decides nothing")
  func staleReading() throws {
    var snapshot = Snapshot(time: now)
    snapshot.roomTemperatures["hot"] = Reading(Celsius(30), at: now.addingTimeInterval(-1_000))
    let result = SafetyLimits.apply(
      to: [heat("hot", true)], snapshot: snapshot, home: home([room("hot", priority: 1)]))
    #expect(result.commands == [heat("hot", true)])
  }

  @Test("a relay that was switched five minutes ago rests")
  func minimumTimes() throws {
    var snapshot = Snapshot(time: now)
    snapshot.relays["kitchen"] = Reading(
      RelayState(isOn: true, since: now.addingTimeInterval(-300)), at: now)
    let result = SafetyLimits.apply(
      to: [heat("kitchen", false)], snapshot: snapshot,
      home: home([room("kitchen", priority: 1)]))
    #expect(result.commands.map(\.action) == [.heat(room: "kitchen", isOn: true)])
  }

  @Test("above the fuse the car gives way first, then the battery, then the least important room")
  func fuseOrder() throws {
    let home = home([room("attic", priority: 1), room("bath", priority: 9)])
    var snapshot = Snapshot(time: now)
    snapshot.gridPower = Reading(Watts(4_500), at: now)
    snapshot.batteryStateOfCharge = Reading(Fraction(0.5), at: now)
    let commands = [
      heat("attic", true), heat("bath", true),
      Command(
        .battery(
          name: "battery", mode: .chargeFromGrid(power: Watts(4_000), until: Fraction(0.9))),
        expiresAt: now.addingTimeInterval(900), reason: "plan"),
      Command(
        .charge(chargePoint: "wallbox", power: Watts(11_040)),
        expiresAt: now.addingTimeInterval(900), reason: "plan"),
    ]
    // 4500 + 3000 + 3000 + 4000 + 11040 = 25540 W wanted, 11040 W allowed: 14500 W too many.
    // The car gives 11040, 3460 remain; the battery may charge with 540, and can with 2 · 250.
    let result = SafetyLimits.apply(to: commands, snapshot: snapshot, home: home)
    #expect(
      result.commands.map(\.action) == [
        .heat(room: "attic", isOn: true), .heat(room: "bath", isOn: true),
        .battery(name: "battery", mode: .chargeFromGrid(power: Watts(500), until: Fraction(0.9))),
        .charge(chargePoint: "wallbox", power: .zero),
      ])
  }

  @Test("rooms are shed from the lowest priority up")
  func shedding() throws {
    let home = home([room("bath", priority: 9), room("attic", priority: 1)])
    var snapshot = Snapshot(time: now)
    snapshot.gridPower = Reading(Watts(6_000), at: now)
    let result = SafetyLimits.apply(
      to: [heat("bath", true), heat("attic", true)], snapshot: snapshot, home: home)
    #expect(
      result.commands.map(\.action) == [
        .heat(room: "bath", isOn: true), .heat(room: "attic", isOn: false),
      ])
  }

  @Test("what a heater draws already is not counted twice")
  func alreadyRunning() throws {
    var snapshot = Snapshot(time: now)
    snapshot.gridPower = Reading(Watts(10_000), at: now)
    snapshot.relays["bath"] = Reading(
      RelayState(isOn: true, since: now.addingTimeInterval(-3_600)), at: now)
    let result = SafetyLimits.apply(
      to: [heat("bath", true)], snapshot: snapshot, home: home([room("bath", priority: 1)]))
    #expect(result.interventions.isEmpty)
  }

  @Test("with an unknown state of charge the battery is left to itself")
  func unknownStateOfCharge() throws {
    let command = Command(
      .battery(
        name: "battery", mode: .dischargeToGrid(power: Watts(2_000), until: Fraction(0.2))),
      expiresAt: now, reason: "plan")
    let result = SafetyLimits.apply(
      to: [command], snapshot: Snapshot(time: now), home: home([]))
    #expect(
      result.commands.map(\.action) == [.battery(name: "battery", mode: .selfConsumption)])
  }

  @Test("all heating together stays inside its limit, the least important room gives way")
  func totalHeating() {
    // 3 rooms of 3 000 W; 7 000 W are two of them.
    let home = home(
      [room("bath", priority: 9), room("attic", priority: 1), room("hall", priority: 5)],
      maximumHeating: Watts(7_000))
    let result = SafetyLimits.apply(
      to: [heat("bath", true), heat("attic", true), heat("hall", true)],
      snapshot: Snapshot(time: now), home: home)
    #expect(
      result.commands.map(\.action) == [
        .heat(room: "bath", isOn: true), .heat(room: "attic", isOn: false),
        .heat(room: "hall", isOn: true),
      ])
  }

  @Test("a heater that its thermostat has switched on counts to all heating together")
  func uncommandedHeating() {
    let home = home(
      [room("bath", priority: 9), room("attic", priority: 1)], maximumHeating: Watts(5_000))
    var snapshot = Snapshot(time: now)
    snapshot.relays["attic"] = Reading(RelayState(isOn: true, since: .distantPast), at: now)
    let result = SafetyLimits.apply(
      to: [heat("bath", true)], snapshot: snapshot, home: home)
    #expect(result.commands.map(\.action) == [.heat(room: "bath", isOn: false)])
  }

  @Test(
    "cells below freezing are not charged, hot ones rest",
    arguments: [(-1.0, true), (3.0, false), (51.0, true)])
  func cells(celsius: Double, isRefused: Bool) {
    var snapshot = Snapshot(time: now)
    snapshot.batteryStateOfCharge = Reading(Fraction(0.5), at: now)
    snapshot.batteryTemperature = Reading(Celsius(celsius), at: now)
    let command = Command(
      .battery(
        name: "battery", mode: .chargeFromGrid(power: Watts(1_000), until: Fraction(0.8))),
      expiresAt: now.addingTimeInterval(900), reason: "plan")
    let result = SafetyLimits.apply(to: [command], snapshot: snapshot, home: home([]))
    let actions = result.commands.map(\.action)
    #expect(actions.contains(.battery(name: "battery", mode: .selfConsumption)) == isRefused)
  }

  /// 5 kW at 5 °C are half of it, at 1 °C a tenth; 47.5 °C are half of the way to 50 °C.
  @Test(
    "cold cells are charged ever more slowly, hot ones are forced ever less",
    arguments: [
      (5.0, 5_000.0, 2_500.0), (5, 2_000, 2_000), (1, 5_000, 500), (47.5, 5_000, 2_500),
      (20, 5_000, 5_000),
    ])
  func derating(celsius: Double, told: Double, allowed: Double) {
    var snapshot = Snapshot(time: now)
    snapshot.batteryStateOfCharge = Reading(Fraction(0.5), at: now)
    snapshot.batteryTemperature = Reading(Celsius(celsius), at: now)
    let command = Command(
      .battery(
        name: "battery", mode: .chargeFromGrid(power: Watts(told), until: Fraction(0.8))),
      expiresAt: now.addingTimeInterval(900), reason: "plan")
    let result = SafetyLimits.apply(
      to: [command], snapshot: snapshot, home: home([room("bath", priority: 1)]))
    #expect(
      result.commands.map(\.action) == [
        .battery(
          name: "battery", mode: .chargeFromGrid(power: Watts(allowed), until: Fraction(0.8)))
      ])
  }
}
