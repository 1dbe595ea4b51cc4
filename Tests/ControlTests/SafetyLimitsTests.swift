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

  private func room(_ name: String, priority: Int, watts: Double = 3_000) -> Room {
    Room(
      name: name,
      heater: RoomHeater(
        power: Watts(watts), minimumOn: .minutes(15), minimumOff: .minutes(15),
        switchingCost: .zero),
      comfort: ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(22))),
      thermal: RoomThermalProperties(
        heatLoss: WattsPerKelvin(50), heatCapacity: KilowattHoursPerKelvin(2)),
      priority: priority)
  }

  /// 3 × 16 A at 230 V are 11 040 W; all of it may be used.
  private func home(_ rooms: [Room]) throws -> Home {
    Home(
      site: Site(
        name: "test",
        location: Location(latitude: Degrees(49), longitude: Degrees(16), altitude: Metres(200)),
        timeZone: try #require(TimeZone(identifier: "Europe/Prague")), holidays: .none,
        currency: "CZK"),
      tariff: Tariff(
        energy: .fixed(PricePerKilowattHour(5)), layers: [], valueAddedTax: .zero, export: .none),
      grid: GridConnection(
        mainFuse: Amperes(16), phases: 3, voltage: Volts(230), exportLimit: Watts(5_000)),
      pvArrays: [], inverter: nil,
      battery: Battery(
        name: "battery", capacity: KilowattHours(10),
        stateOfChargeBand: Fraction(0.1)...Fraction(0.9), maximumCharge: Watts(5_000),
        maximumDischarge: Watts(5_000), chargeEfficiency: Fraction(0.95),
        dischargeEfficiency: Fraction(0.95), wearCost: PricePerKilowattHour(0.5)),
      rooms: rooms,
      chargePoints: [
        ChargePoint(
          name: "wallbox", phases: 3, minimumCurrent: Amperes(6), maximumCurrent: Amperes(16),
          voltage: Volts(230))
      ],
      vehicles: [],
      preferences: Preferences(
        coldCostPerKelvinHour: Money(3), warmCostPerKelvinHour: Money(1), exportPenalty: .zero,
        yearlyBaseLoad: KilowattHours(3_000)),
      safety: SafetySettings(
        maximumRoomTemperature: Celsius(25), minimumRoomTemperature: Celsius(16),
        fuseMargin: Fraction(1), maximumReadingAge: .minutes(15)))
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
      home: try home([room("hot", priority: 1), room("cold", priority: 1)]))
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
      to: [heat("hot", true)], snapshot: snapshot, home: try home([room("hot", priority: 1)]))
    #expect(result.commands == [heat("hot", true)])
  }

  @Test("a relay that was switched five minutes ago rests")
  func minimumTimes() throws {
    var snapshot = Snapshot(time: now)
    snapshot.relays["kitchen"] = Reading(
      RelayState(isOn: true, since: now.addingTimeInterval(-300)), at: now)
    let result = SafetyLimits.apply(
      to: [heat("kitchen", false)], snapshot: snapshot,
      home: try home([room("kitchen", priority: 1)]))
    #expect(result.commands.map(\.action) == [.heat(room: "kitchen", isOn: true)])
  }

  @Test("above the fuse the car gives way first, then the battery, then the least important room")
  func fuseOrder() throws {
    let home = try home([room("attic", priority: 1), room("bath", priority: 9)])
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
    // The car gives 11040, 3460 remain; the battery gives 3460 and charges with 540.
    let result = SafetyLimits.apply(to: commands, snapshot: snapshot, home: home)
    #expect(
      result.commands.map(\.action) == [
        .heat(room: "attic", isOn: true), .heat(room: "bath", isOn: true),
        .battery(name: "battery", mode: .chargeFromGrid(power: Watts(540), until: Fraction(0.9))),
        .charge(chargePoint: "wallbox", power: .zero),
      ])
  }

  @Test("rooms are shed from the lowest priority up")
  func shedding() throws {
    let home = try home([room("bath", priority: 9), room("attic", priority: 1)])
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
      to: [heat("bath", true)], snapshot: snapshot, home: try home([room("bath", priority: 1)]))
    #expect(result.interventions.isEmpty)
  }

  @Test("with an unknown state of charge the battery is left to itself")
  func unknownStateOfCharge() throws {
    let command = Command(
      .battery(
        name: "battery", mode: .dischargeToGrid(power: Watts(2_000), until: Fraction(0.2))),
      expiresAt: now, reason: "plan")
    let result = SafetyLimits.apply(
      to: [command], snapshot: Snapshot(time: now), home: try home([]))
    #expect(
      result.commands.map(\.action) == [.battery(name: "battery", mode: .selfConsumption)])
  }
}
