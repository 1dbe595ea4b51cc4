// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Simulated home") struct SimulatedHomeTests {
  private func command(_ action: Command.Action, at time: Date, minutes: Int = 15) -> Command {
    Command(action, expiresAt: time.addingTimeInterval(Double(minutes) * 60), reason: "test")
  }

  /// A day under commands drawn at random, sensible or not.
  private func randomDay(
    _ house: inout SimulatedHome, seed: UInt64, watch: (SimulatedHome) -> Void = { _ in }
  ) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<96 {
      let power = Watts(.random(in: -2_000...20_000, using: &random))
      let until = Fraction(.random(in: -0.5...1.5, using: &random))
      let modes: [BatteryMode] = [
        .selfConsumption, .hold, .chargeFromGrid(power: power, until: until),
        .dischargeToGrid(power: power, until: until),
      ]
      let commands = [
        command(.heat(room: "living", isOn: .random(using: &random)), at: house.time),
        command(.heat(room: "study", isOn: .random(using: &random)), at: house.time),
        command(
          .battery(name: "battery", mode: modes.randomElement(using: &random) ?? .hold),
          at: house.time),
        command(.charge(chargePoint: "wallbox", power: power), at: house.time),
        command(.limitPV(Bool.random(using: &random) ? power : nil), at: house.time),
      ]
      _ = house.apply(commands, at: house.time)
      house.advance(to: house.time.addingTimeInterval(900))
      watch(house)
    }
  }

  @Test("is the same for a seed, bit for bit, and another for another seed")
  func determinism() throws {
    var (first, second) = (try TestHome.simulated(), try TestHome.simulated())
    var other = try TestHome.simulated(seed: 2)
    for house in 0..<3 {
      switch house {
      case 0: randomDay(&first, seed: 9)
      case 1: randomDay(&second, seed: 9)
      default: randomDay(&other, seed: 9)
      }
    }
    #expect(first.ledger == second.ledger)
    #expect(first.snapshot(at: first.time) == second.snapshot(at: second.time))
    #expect(first.ledger != other.ledger)
  }

  @Test("advances alike in one go and minute by minute")
  func steps() throws {
    var (whole, parts) = (try TestHome.simulated(), try TestHome.simulated())
    let end = whole.time.addingTimeInterval(6 * 3_600)
    whole.advance(to: end)
    while parts.time < end { parts.advance(to: parts.time.addingTimeInterval(60)) }
    #expect(whole.ledger == parts.ledger)
    #expect(whole.trueRoomTemperatures == parts.trueRoomTemperatures)
  }

  @Test("accounts for every kilowatt-hour under any commands", arguments: UInt64(1)...8)
  func balance(seed: UInt64) throws {
    var house = try TestHome.simulated(
      start: seed % 2 == 0 ? "2026-06-10T00:00:00Z" : "2026-01-12T00:00:00Z")
    let stored = try #require(house.battery).stored
    randomDay(&house, seed: seed)
    #expect(abs(house.ledger.imbalance.rawValue) < 1e-9)
    let change = try #require(house.battery).stored - stored
    let ledger = house.ledger
    let expected = (ledger.batteryCharged - ledger.batteryDischarged - ledger.batteryLosses)
      .rawValue
    #expect(abs(change - expected) < 1e-9)
  }

  @Test("keeps the battery inside its band whatever it is told", arguments: UInt64(11)...14)
  func band(seed: UInt64) throws {
    var house = try TestHome.simulated()
    randomDay(&house, seed: seed) { house in
      let charge = house.trueStateOfCharge?.rawValue ?? .nan
      #expect((0.1 - 1e-12...1 + 1e-12).contains(charge))
    }
  }

  @Test("keeps books about the car: charging, trips and what is left", arguments: UInt64(21)...23)
  func car(seed: UInt64) throws {
    var house = try TestHome.simulated()
    let before = try #require(house.trueVehicleEnergy["car"])
    for day in 0..<7 { randomDay(&house, seed: seed + UInt64(day)) }
    let after = try #require(house.trueVehicleEnergy["car"])
    let ledger = house.ledger
    #expect(ledger.tripEnergy > KilowattHours(20))
    #expect(
      abs((after - before - ledger.vehiclesStored + ledger.tripEnergy).rawValue) < 1e-9)
    #expect(abs((ledger.vehicles * 0.9 - ledger.vehiclesStored).rawValue) < 1e-9)
  }

  @Test("charges the car between the smallest and the largest current only")
  func chargePowers() throws {
    // 3 × 230 V: 6 A are 4.14 kW, 16 A are 11.04 kW.
    for (asked, drawn) in [(4_000.0, 0.0), (4_140, 4_140), (7_000, 7_000), (30_000, 11_040)] {
      var house = try TestHome.simulated(start: "2026-01-10T23:00:00Z")
      _ = house.apply(
        [command(.charge(chargePoint: "wallbox", power: Watts(asked)), at: house.time)],
        at: house.time)
      house.advance(to: house.time.addingTimeInterval(600))
      #expect(house.vehicles[0].powerWatts == drawn)
    }
  }

  @Test("falls back by itself when commands expire")
  func expiry() throws {
    var house = try TestHome.simulated()
    let commands = [
      command(.heat(room: "living", isOn: true), at: house.time, minutes: 30),
      command(
        .battery(
          name: "battery", mode: .chargeFromGrid(power: Watts(3_000), until: Fraction(1))),
        at: house.time, minutes: 30),
      command(.charge(chargePoint: "wallbox", power: .zero), at: house.time, minutes: 30),
    ]
    #expect(house.apply(commands, at: house.time) == [.accepted, .accepted, .accepted])
    house.advance(to: house.time.addingTimeInterval(30 * 60))
    #expect(house.relays[0]?.isOn == true)
    #expect(house.flows.charge == 3_000)
    #expect(house.vehicles[0].powerWatts == 0)
    house.advance(to: house.time.addingTimeInterval(60))
    // Above the lower end of its band the thermostat switches off, the battery serves the house,
    // the wallbox charges at its minimum.
    #expect(house.relays[0]?.isOn == false)
    #expect(house.flows.charge == 0 && house.flows.discharge > 0)
    #expect(house.vehicles[0].powerWatts == 4_140)
  }

  @Test("keeps heated rooms at the lower end of their bands when nobody controls it")
  func thermostat() throws {
    var house = try TestHome.simulated()
    house.advance(to: house.time.addingTimeInterval(14 * 86_400))
    for index in 0..<2 {
      #expect((19.6...21).contains(house.trueRoomTemperatures[index].rawValue))
    }
    #expect(house.trueRoomTemperatures[2] < Celsius(19.5))
  }

  @Test("refuses what it does not have and what has expired")
  func refusals() throws {
    var house = try TestHome.simulated()
    let past = Command(
      .heat(room: "living", isOn: true), expiresAt: house.time, reason: "too late")
    let outcomes = house.apply(
      [
        command(.heat(room: "attic", isOn: true), at: house.time),
        command(.heat(room: "pantry", isOn: true), at: house.time),
        command(.battery(name: "other", mode: .hold), at: house.time),
        command(.charge(chargePoint: "other", power: .zero), at: house.time), past,
      ], at: house.time)
    for outcome in outcomes { #expect(outcome != .accepted) }
  }

  @Test("shows sensors with noise about the truth, to a tenth of a kelvin")
  func sensors() throws {
    var house = try TestHome.simulated()
    var errors: [Double] = []
    for _ in 0..<600 {
      house.advance(to: house.time.addingTimeInterval(60))
      let shown = try #require(house.snapshot(at: house.time).roomTemperatures["living"])
      #expect(abs((shown.value.rawValue * 10).rounded() - shown.value.rawValue * 10) < 1e-9)
      errors.append((shown.value - house.trueRoomTemperatures[0]).rawValue)
    }
    // 0.05 K of noise and 0.1 K of rounding, 0.1/√12, make 0.058 K together.
    #expect((0.045...0.07).contains(Statistics.deviation(errors)))
    #expect(abs(Statistics.mean(errors)) < 0.02)
  }

  @Test("the air about a sensor wanders slowly from that of the room, by what the truth says")
  func wander() throws {
    var truth = TestHome.truth
    truth.usualRoom.sensorWander = Kelvins(0.3)
    var house = try SimulatedHome(
      home: TestHome.home(), truth: truth, weather: TestHome.weather, market: TestHome.market,
      seed: 3, start: instant("2026-01-10T23:00:00Z"))
    var errors: [Double] = []
    for _ in 0..<24 * 40 {
      house.advance(to: house.time.addingTimeInterval(3_600))
      errors.append(house.sensedCelsius(ofRoom: 0) - house.trueRoomTemperatures[0].rawValue)
    }
    #expect(abs(Statistics.deviation(errors) - 0.3) < 0.06)
    #expect((0.4...0.8).contains(Statistics.correlation(errors, lag: 1)))
  }

  @Test("shows meters whose readings almost balance")
  func meters() throws {
    var house = try TestHome.simulated(start: "2026-06-10T09:00:00Z")
    house.advance(to: house.time.addingTimeInterval(3_600))
    let snapshot = house.snapshot(at: house.time)
    let pv = try #require(snapshot.pvPower).value
    #expect(pv > Watts(500))
    #expect(abs(pv.rawValue / house.flows.pv - 1) < 0.05)
    #expect(snapshot.batteryStateOfCharge != nil && snapshot.gridPower != nil)
    #expect(snapshot.vehicles["car"]?.value.isConnected == false)
    #expect(snapshot.vehicles["car"]?.value.stateOfCharge == nil)
  }

  @Test("a copy lives on its own")
  func copies() throws {
    var house = try TestHome.simulated()
    house.advance(to: house.time.addingTimeInterval(3_600))
    var copy = house
    copy.advance(to: copy.time.addingTimeInterval(3_600))
    #expect(house.ledger != copy.ledger)
    house.advance(to: copy.time)
    #expect(house.ledger == copy.ledger)
  }

  @Test("the ledger of a time is the difference of two")
  func ledgerDifference() throws {
    var house = try TestHome.simulated()
    house.advance(to: house.time.addingTimeInterval(86_400))
    let middle = house.ledger
    house.advance(to: house.time.addingTimeInterval(86_400))
    let second = house.ledger.since(middle)
    #expect(abs((middle.imported + second.imported - house.ledger.imported).rawValue) < 1e-9)
    #expect(middle.switchings + second.switchings == house.ledger.switchings)
    #expect(abs(second.imbalance.rawValue) < 1e-9)
  }

  @Test("bills the true prices of every quarter-hour")
  func bill() throws {
    var house = try TestHome.simulated()
    let grid = TimeGrid(start: house.time, stepSeconds: 900, count: 96)
    let prices = house.truePrices(on: grid)
    var expected = 0.0
    for step in grid.indices {
      let before = house.ledger
      house.advance(to: grid.date(at: step + 1))
      let quarter = house.ledger.since(before)
      expected += quarter.imported.rawValue * (prices.import.values[step]?.rawValue ?? .nan)
      expected -= quarter.exported.rawValue * (prices.export.values[step]?.rawValue ?? .nan)
    }
    #expect(abs(house.ledger.energyBill.rawValue - expected) < 1e-9)
  }
}
