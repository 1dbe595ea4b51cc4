// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

/// A battery of 10 kWh between 10 and 90 % with 5 kW both ways and no sun: 5 % of 5 kW, 250 W, are noise.
@Suite("What a battery does by its measured power")
struct BatteryConductTests {
  private let noon = instant("2026-01-12T12:00:00Z")
  private let charge = BatteryMode.chargeFromGrid(power: Watts(2_000), until: .percent(80))
  private let sale = BatteryMode.dischargeToGrid(power: Watts(2_000), until: .percent(20))

  private func picture(
    _ power: Double, soc: Double = 50, grid: Double? = nil, cells: Double? = nil, age: Double = 0,
    at clock: Double = 0
  ) -> Snapshot {
    let now = noon.addingTimeInterval(clock)
    var snapshot = Snapshot(time: now)
    let time = now.addingTimeInterval(-age)
    snapshot.batteryPower = Reading(Watts(power), at: time)
    snapshot.batteryStateOfCharge = Reading(.percent(soc), at: time)
    snapshot.gridPower = grid.map { Reading(Watts($0), at: time) }
    snapshot.batteryTemperature = cells.map { Reading(Celsius($0), at: time) }
    return snapshot
  }

  private func conduct() throws -> BatteryConduct {
    try #require(BatteryConduct(home: deviceHome()))
  }

  private func doesFit(_ mode: BatteryMode, _ snapshot: Snapshot) throws -> Bool? {
    let power = try #require(snapshot.batteryPower?.value)
    switch try conduct().judge(mode, power: power, snapshot: snapshot) {
    case .fits: return true
    case .contradicts: return false
    case .open: return nil
    }
  }

  @Test("holding is giving nothing; what it takes of the sun is its own affair")
  func hold() throws {
    #expect(try doesFit(.hold, picture(240)) == true)
    #expect(try doesFit(.hold, picture(260)) == false)
    #expect(try doesFit(.hold, picture(-3_000)) == true)
  }

  @Test("charging takes a quarter of what was told, unless the battery is nearly full or cold")
  func charging() throws {
    #expect(try doesFit(charge, picture(-510)) == true)
    #expect(try doesFit(charge, picture(-490)) == false)
    #expect(try doesFit(charge, picture(0, soc: 77)) == false)
    #expect(try doesFit(charge, picture(0, soc: 78)) == nil)
    #expect(try doesFit(charge, picture(0, cells: 9)) == nil)
    #expect(try doesFit(charge, picture(0, cells: 11)) == false)
    let small = BatteryMode.chargeFromGrid(power: Watts(190), until: .percent(80))
    #expect(try doesFit(small, picture(0)) == nil)
  }

  @Test("selling gives a quarter of what was told, unless the battery is nearly at its stop")
  func selling() throws {
    #expect(try doesFit(sale, picture(510)) == true)
    #expect(try doesFit(sale, picture(0)) == false)
    #expect(try doesFit(sale, picture(0, soc: 22)) == nil)
  }

  @Test("in self-consumption nothing is stored beyond the sun and nothing of the battery is sold")
  func selfConsumption() throws {
    #expect(try doesFit(.selfConsumption, picture(3_000, grid: 0)) == true)
    #expect(try doesFit(.selfConsumption, picture(-260, grid: 700)) == false)
    #expect(try doesFit(.selfConsumption, picture(3_000, grid: -2_000)) == false)
    // The inverter's own protection of an empty battery.
    #expect(try doesFit(.selfConsumption, picture(-260, soc: 11, grid: 700)) == nil)
  }

  @Test("one minute of contradiction counts, is repeated every five, and ends with one that fits")
  func minute() throws {
    var conduct = try conduct()
    var told: [Double] = []
    func look(_ power: Double, _ clock: Double, age: Double = 0) -> Bool {
      conduct.look(
        charge, isConfirmed: true, snapshot: picture(power, age: age, at: clock), clock: clock)
    }
    for clock in stride(from: 0.0, through: 500, by: 5) where look(0, clock) { told.append(clock) }
    // Confirmed at 0, judged from 30 on, believed at 90, then again after 300.
    #expect(told == [90, 390])
    #expect(conduct.contradiction == "it takes 0 W instead of 2000 W")
    #expect(!look(-2_000, 505) && conduct.contradiction == nil)
    // The same telegram, however often it is looked at, is one.
    for clock in stride(from: 510.0, through: 900, by: 5) {
      #expect(!look(0, clock, age: clock - 510))
    }
    #expect(conduct.contradiction == nil)
  }

  @Test("another mode begins anew, and readings of before say nothing about it")
  func anotherMode() throws {
    var conduct = try conduct()
    for clock in stride(from: 0.0, through: 100, by: 5) {
      _ = conduct.look(charge, isConfirmed: true, snapshot: picture(0, at: clock), clock: clock)
    }
    #expect(conduct.contradiction != nil)
    _ = conduct.look(.hold, isConfirmed: false, snapshot: picture(900, at: 105), clock: 105)
    #expect(conduct.contradiction == nil)
    for clock in stride(from: 110.0, through: 300, by: 5) {
      let isDue = conduct.look(
        .hold, isConfirmed: true, snapshot: picture(900, age: clock - 130, at: clock), clock: clock)
      #expect(!isDue, "at \(clock)")
    }
  }
}

extension ServerSuites {
  /// The clock of the hub runs twenty times as fast as the simulator, so that its minute is three seconds.
  @Suite(
    "An inverter that confirms and does not act", .serialized,
    .enabled(
      if: TestBroker.isAvailable && Simulator.has("growatt_mqtt.py"),
      Comment(rawValue: Simulator.missing)))
  struct DisobedientInverterTests {
    @Test("is told by its measured power, degraded, told again, and forgiven when it acts")
    func disobedient() async throws {
      let device = try await TrialDevice.growattStick()
      defer { device.stop() }
      let hand = try #require(device.hand)
      let start = ContinuousClock.now
      let test = try await TestHub(
        [device.settings], broker: device.broker?.port,
        clock: { 20 * (ContinuousClock.now - start).seconds })
      // The simulated battery takes and gives nothing, whatever its settings are.
      try await hand.order(#"{"pmax":0,"pv":0}"#)
      try await test.requireStateOfCharge()
      let charge = Command.Action.battery(
        name: "battery", mode: .chargeFromGrid(power: Watts(2_000), until: .percent(80)))
      let target = charge.target
      // The loop wants it again with every beat; at this clock a wish is over soon.
      let isConfirmed = await test.eventually {
        test.want(charge)
        return test.isConfirmed(charge)
      }
      try #require(isConfirmed, "\(test.events.texts)")
      let sent = test.hub.status[target]?.sent ?? 0
      let isTold = await test.eventually {
        test.want(charge)
        return test.events.all.contains {
          if case .degraded(target, let text) = $0 { return text.contains("instead of 2000 W") }
          return false
        }
      }
      try #require(isTold, "\(test.events.texts)")
      #expect(test.hub.status[target]?.isDegraded == true)
      let isToldAgain = await test.eventually {
        test.want(charge)
        return test.hub.status[target]?.sent ?? 0 > sent
      }
      #expect(isToldAgain)
      try await hand.order(#"{"pmax":5000}"#)
      let isForgiven = await test.eventually {
        test.want(charge)
        return test.hub.status[target]?.isDegraded == false
      }
      #expect(isForgiven, "\(String(describing: test.hub.status[target]))")
      await test.hub.close()
    }
  }
}
