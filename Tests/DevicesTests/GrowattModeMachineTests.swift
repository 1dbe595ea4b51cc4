// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

@Suite("Growatt mode machine")
struct GrowattModeMachineTests {
  private let machine: GrowattModeMachine
  private let noon = instant("2026-01-12T11:00:00Z")  // 12:00 in Prague

  init() throws {
    let home = deviceHome()
    machine = GrowattModeMachine(
      battery: try #require(home.battery), timeZone: home.site.timeZone)
  }

  private func wanted(
    _ mode: BatteryMode, soc: Fraction? = .percent(47.6), from: Date? = nil, minutes: Double = 30,
    current: GrowattSettings = GrowattSettings()
  ) -> GrowattSettings? {
    let start = from ?? noon
    return machine.settings(
      for: mode, stateOfCharge: soc, from: start, until: start.addingTimeInterval(minutes * 60),
      current: current)
  }

  @Test("holds by battery-first with the stop at the live state of charge, rounded down")
  func holds() throws {
    let settings = try #require(wanted(.hold))
    #expect(settings.batteryFirst.stopStateOfCharge == 47)
    #expect(settings.batteryFirst.slots[0].isEnabled)
    #expect(!settings.chargesFromGrid)
    #expect(settings.gridFirst.slots.filter(\.isEnabled).isEmpty)
  }

  @Test("whole per cents stay what they are, up and down", arguments: Array(11...89))
  func wholePercents(percent: Int) throws {
    let share = Fraction.percent(Double(percent))
    let hold = try #require(wanted(.hold, soc: share))
    let charge = try #require(wanted(.chargeFromGrid(power: Watts(2_000), until: share)))
    let sale = try #require(wanted(.dischargeToGrid(power: Watts(2_000), until: share)))
    #expect(hold.batteryFirst.stopStateOfCharge == percent)
    #expect(charge.batteryFirst.stopStateOfCharge == percent)
    #expect(sale.gridFirst.stopStateOfCharge == percent)
  }

  @Test("cannot hold while the state of charge is not known")
  func needsStateOfCharge() { #expect(wanted(.hold, soc: nil) == nil) }

  @Test("charges by battery-first with a power rate in per cent of 5 kW")
  func charges() throws {
    let settings = try #require(wanted(.chargeFromGrid(power: Watts(2_000), until: .percent(80))))
    #expect(settings.batteryFirst.powerRate == 40)
    #expect(settings.batteryFirst.stopStateOfCharge == 80)
    #expect(settings.chargesFromGrid)
  }

  @Test("sells by grid-first and never below the band of the battery")
  func sells() throws {
    let settings = try #require(wanted(.dischargeToGrid(power: Watts(5_000), until: .percent(3))))
    #expect(settings.gridFirst.stopStateOfCharge == 10)
    #expect(settings.gridFirst.powerRate == 100)
    #expect(settings.batteryFirst.slots.filter(\.isEnabled).isEmpty)
  }

  /// The inverter's clock goes on as it was set: 02:50 + 30 min is 03:20 for it, whatever people call it.
  @Test(
    "a slot over a change of summer time is as long as any",
    arguments: [
      ("2026-10-25T00:50:00Z", 2 * 60 + 49, 3 * 60 + 30),
      ("2026-03-29T00:50:00Z", 1 * 60 + 49, 2 * 60 + 30),
    ])
  func summerTime(now: String, start: Int, stop: Int) throws {
    let slot = try #require(wanted(.hold, from: instant(now))).batteryFirst.slots[0]
    #expect(slot.startMinute == start && slot.stopMinute == stop)
  }

  @Test("a slot begins a minute before now and ends by itself")
  func slot() throws {
    let slot = try #require(wanted(.hold)).batteryFirst.slots[0]
    #expect(slot.startMinute == 11 * 60 + 59)
    #expect(slot.stopMinute == 12 * 60 + 30)
  }

  @Test("a slot ends at 23:59, because not every inverter knows slots over midnight")
  func midnight() throws {
    let late = instant("2026-01-12T22:50:00Z")
    let slot = try #require(wanted(.hold, from: late)).batteryFirst.slots[0]
    #expect(slot.stopMinute == 23 * 60 + 59)
  }

  @Test("the old mode ends before anything else, and the new slot begins last")
  func order() throws {
    let charging = try #require(wanted(.chargeFromGrid(power: Watts(5_000), until: .percent(90))))
    let selling = try #require(
      wanted(.dischargeToGrid(power: Watts(2_500), until: .percent(20)), current: charging))
    let writes = charging.writes(to: selling)
    #expect(writes.count == 4)
    guard case .slot(.batteryFirst, 1, let ended) = writes[0],
      case .slot(.gridFirst, 1, let begun) = writes[3]
    else {
      Issue.record("\(writes)")
      return
    }
    #expect(!ended.isEnabled && begun.isEnabled)
  }

  @Test("renewing writes the slot and nothing else")
  func renewal() throws {
    let first = try #require(wanted(.hold))
    let later = try #require(
      wanted(.hold, from: noon.addingTimeInterval(900), current: first))
    #expect(first.writes(to: later).count == 1)
    #expect(later.batteryFirst.slots[0].startMinute == first.batteryFirst.slots[0].startMinute)
  }

  @Test("a renewal inside the same half hour writes nothing")
  func freeRenewal() throws {
    let first = try #require(wanted(.hold, from: noon.addingTimeInterval(60)))
    #expect(first.batteryFirst.slots[0].stopMinute == 13 * 60)
    let later = try #require(
      wanted(.hold, from: noon.addingTimeInterval(960), current: first))
    #expect(first.writes(to: later).isEmpty)
  }

  @Test("switches off slots that somebody else left open")
  func foreignSlots() throws {
    var left = GrowattSettings()
    left.batteryFirst.slots[2] = .init(startMinute: 0, stopMinute: 1_439, isEnabled: true)
    let settings = try #require(wanted(.selfConsumption, current: left))
    #expect(settings.isLoadFirst)
    #expect(left.writes(to: settings).count == 1)
  }

  @Test(
    "whatever the modes, the settings written one by one arrive at the target",
    arguments: 1...30)
  func property(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var current = GrowattSettings()
    var time = noon
    for _ in 0..<50 {
      time += Double.random(in: 0...7_200, using: &random)
      let power = Watts(Double.random(in: 0...6_000, using: &random))
      let until = Fraction(Double.random(in: 0...1, using: &random))
      let modes: [BatteryMode] = [
        .selfConsumption, .hold, .chargeFromGrid(power: power, until: until),
        .dischargeToGrid(power: power, until: until),
      ]
      let mode = modes[Int.random(in: 0..<4, using: &random)]
      let target = try #require(wanted(mode, from: time, current: current))
      for write in current.writes(to: target) {
        switch write {
        case .slot(let kind, let number, let slot): current[kind].slots[number - 1] = slot
        case .powerRate(let kind, let rate): current[kind].powerRate = rate
        case .stopStateOfCharge(let kind, let stop): current[kind].stopStateOfCharge = stop
        case .chargesFromGrid(let isOn): current.chargesFromGrid = isOn
        }
        let open = [current.batteryFirst, current.gridFirst].filter {
          $0.slots.contains { $0.isEnabled }
        }
        #expect(open.count <= 1)
      }
      #expect(current.doesTheSame(as: target))
      #expect((1...100).contains(current.batteryFirst.powerRate))
    }
  }
}
