// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Simulated base load") struct SimulatedBaseLoadTests {
  private let load = SimulatedBaseLoad(
    yearly: KilowattHours(4_000), calendar: TestHome.site.calendar, seed: 5)

  private func watts(_ start: String, hours: Int) -> [Double] {
    load.power(on: TimeGrid(start: instant(start), stepSeconds: 3_600, count: hours))
      .completeRawValues ?? []
  }

  @Test("uses about the year's energy that the home states", arguments: UInt64(1)...4)
  func yearly(seed: UInt64) {
    let load = SimulatedBaseLoad(
      yearly: KilowattHours(4_000), calendar: TestHome.site.calendar, seed: seed)
    let grid = TimeGrid(start: instant("2024-12-31T23:00:00Z"), stepSeconds: 3_600, count: 8_760)
    let total = (load.power(on: grid).completeRawValues ?? []).reduce(0, +) / 1_000
    #expect(abs(total / 4_000 - 1) < 0.05, "\(total) kWh")
  }

  @Test("is quiet at night and peaks in the evening")
  func shape() {
    let hours = watts("2025-01-31T23:00:00Z", hours: 24 * 28)
    func mean(_ hour: Int) -> Double {
      Statistics.mean(stride(from: hour, to: hours.count, by: 24).map { hours[$0] })
    }
    #expect(mean(19) > 3 * mean(3))
    #expect(mean(7) > 1.5 * mean(3))
  }

  @Test("has a past that equals what was lived through")
  func history() throws {
    var house = try TestHome.simulated()
    let start = house.time
    house.advance(to: start.addingTimeInterval(86_400))
    let past = house.baseLoad.history(before: house.time, days: 1)
    let energy = (past.completeRawValues ?? []).reduce(0, +) / 4_000
    #expect(past.grid.start == start)
    #expect(abs(energy - house.ledger.baseLoad.rawValue) < 1e-9)
  }

  @Test(
    "lives by the clock on the wall through days of any length",
    arguments: zip(["2026-03-29", "2026-06-14", "2026-10-25"], [1_380, 1_440, 1_500]))
  func days(day: String, minutes: Int) {
    let range = TestHome.site.calendar.day(holding: instant("\(day)T12:00:00Z"))
    let watts = load.minuteWatts(of: range)
    #expect(watts.count == minutes)
    #expect(watts.allSatisfy { $0 > 0 && $0 < 15_000 })
  }
}
