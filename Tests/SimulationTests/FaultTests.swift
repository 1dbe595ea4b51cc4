// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Faults of the simulated home") struct FaultTests {
  private func broken(_ fault: Fault) throws -> SimulatedHome {
    var house = try TestHome.simulated()
    house.faults = [
      ScheduledFault(
        fault,
        during: house.time.addingTimeInterval(3_600)..<house.time.addingTimeInterval(7_200))
    ]
    return house
  }

  @Test("a dead sensor gives nothing while it is dead")
  func dead() throws {
    var house = try broken(.sensorDead(room: "living"))
    #expect(house.snapshot(at: house.time).roomTemperatures["living"] != nil)
    house.advance(to: house.time.addingTimeInterval(3_660))
    #expect(house.snapshot(at: house.time).roomTemperatures["living"] == nil)
    #expect(house.snapshot(at: house.time).roomTemperatures["study"] != nil)
    house.advance(to: house.time.addingTimeInterval(3_660))
    #expect(house.snapshot(at: house.time).roomTemperatures["living"] != nil)
  }

  @Test("a stuck sensor repeats itself while the room changes")
  func stuck() throws {
    var house = try broken(.sensorStuck(room: "living"))
    house.advance(to: house.time.addingTimeInterval(3_660))
    var shown: Set<Celsius> = []
    for _ in 0..<50 {
      house.advance(to: house.time.addingTimeInterval(60))
      shown.insert(try #require(house.snapshot(at: house.time).roomTemperatures["living"]).value)
    }
    #expect(shown.count == 1)
  }

  @Test("a stuck relay stays on whatever it is told")
  func relay() throws {
    var house = try broken(.relayStuck(room: "living", isOn: true))
    house.advance(to: house.time.addingTimeInterval(3_600))
    let off = Command(
      .heat(room: "living", isOn: false), expiresAt: house.time.addingTimeInterval(7_200),
      reason: "test")
    #expect(house.apply([off], at: house.time) == [.accepted])
    house.advance(to: house.time.addingTimeInterval(600))
    #expect(house.snapshot(at: house.time).relays["living"]?.value.isOn == true)
    house.advance(to: house.time.addingTimeInterval(3_600))
    #expect(house.snapshot(at: house.time).relays["living"]?.value.isOn == false)
  }

  @Test("a device that ignores commands confirms them")
  func ignoring() throws {
    var house = try broken(.ignoresCommands(device: "battery"))
    house.advance(to: house.time.addingTimeInterval(3_600))
    let charge = Command(
      .battery(
        name: "battery", mode: .chargeFromGrid(power: Watts(3_000), until: Fraction(1))),
      expiresAt: house.time.addingTimeInterval(900), reason: "test")
    #expect(house.apply([charge], at: house.time) == [.accepted])
    house.advance(to: house.time.addingTimeInterval(300))
    #expect(house.flows.charge == 0)
  }

  @Test("silent meters are absent, not zero")
  func silent() throws {
    var house = try broken(.metersSilent)
    house.advance(to: house.time.addingTimeInterval(3_660))
    let snapshot = house.snapshot(at: house.time)
    #expect(snapshot.gridPower == nil && snapshot.pvPower == nil)
    #expect(snapshot.batteryStateOfCharge == nil && snapshot.baseLoadPower == nil)
  }
}
