// SPDX-License-Identifier: MIT
import Configuration
import Control
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("Wishes of people")
struct OverrideWishTests {
  private let now = instant("2026-01-12T12:00:00Z")

  private func home() throws -> Home {
    try HomeConfiguration(
      contentsOf: ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml")
        .path, environment: [:]
    ).home
  }

  private func overrides(
    _ wish: String, of home: Home, after overrides: Overrides = Overrides()
  ) throws -> Overrides {
    var overrides = overrides
    let words = OverrideWish(target: "house", name: "all", wish: wish, minutes: 60)
    try words.change(home: home, source: .mqtt, now: now).apply(to: &overrides, at: now)
    return overrides
  }

  @Test("of the whole house switch everything off, leave it alone, or end all wishes")
  func house() throws {
    let home = try home()
    let off = try overrides("off", of: home)
    let battery = try #require(home.battery)
    #expect(
      Set(off.all.keys)
        == Set(
          home.heatedRooms.map { .room($0.name) } + [.battery(battery.name)]
            + home.chargePoints.map { .chargePoint($0.name) }
            + home.appliances.map { .appliance($0.name) }))
    for override in off.all.values {
      #expect(override.until == now.addingTimeInterval(3_600))
      switch override.wish {
      case .action(.heat(_, let isOn)): #expect(!isOn)
      case .action(.charge(_, let power)): #expect(power == .zero)
      case .action(.run(_, let isOn)): #expect(!isOn)
      case .action(.battery(_, let mode)): #expect(mode == .selfConsumption)
      default: Issue.record("\(override)")
      }
    }
    let handsOff = try overrides("hands_off", of: home, after: off)
    #expect(handsOff.all.count == off.all.count + 1, "the plant too")
    #expect(
      handsOff.all.values.allSatisfy {
        if case .handsOff = $0.wish { true } else { false }
      })
    #expect(try overrides("auto", of: home, after: handsOff).all.isEmpty)
  }

  @Test("that make no sense are refused with what would")
  func refused() throws {
    let home = try home()
    #expect(throws: CommandFailure.self) { try overrides("on", of: home) }
    let room = OverrideWish(target: "room", name: "nowhere", wish: "on")
    #expect(throws: CommandFailure.self) { try room.change(home: home, source: .mqtt, now: now) }
  }
}
