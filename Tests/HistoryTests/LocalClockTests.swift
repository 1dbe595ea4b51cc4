// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import History

@Suite("Clock on the wall")
struct LocalClockTests {
  @Test(
    "reads back what Foundation shows on the wall, in zones of every kind",
    arguments: [
      "Europe/Prague", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
      "America/St_Johns",
    ])
  func agreesWithFoundation(zone: String) throws {
    let zone = try #require(TimeZone(identifier: zone))
    var clock = LocalClock(zone: zone)
    var random = SplitMix64(seed: 3)
    var time: Int64 = 1_500_000_000_000
    for _ in 0..<20_000 {
      time += Int64.random(in: 1...240, using: &random) * 60_000
      let wall = time + Int64(zone.secondsFromGMT(for: Date(milliseconds: time))) * 1_000
      switch clock.read(wall) {
      case .once(let found): #expect(found == time)
      case .twice(let first, let second):
        #expect(first < second && (first == time || second == time))
      case .never: Issue.record("the wall showed \(wall)")
      }
    }
  }

  /// The clock goes from 2:00 to 3:00 on 2026-03-29 and from 3:00 to 2:00 on 2026-10-25 (Directive
  /// 2000/84/EC: at 1:00 UTC).
  @Test("knows hours that are skipped and shown twice")
  func changes() throws {
    var clock = LocalClock(zone: try #require(TimeZone(identifier: "Europe/Prague")))
    func wall(_ text: String) -> Int64 { instant(text + "Z").milliseconds }
    func utc(_ text: String) -> Int64 { instant(text + "Z").milliseconds }
    #expect(clock.read(wall("2026-03-29T02:00:00")) == .never)
    #expect(clock.read(wall("2026-03-29T02:59:00")) == .never)
    #expect(clock.read(wall("2026-03-29T03:00:00")) == .once(utc("2026-03-29T01:00:00")))
    #expect(clock.read(wall("2026-03-29T01:59:00")) == .once(utc("2026-03-29T00:59:00")))
    #expect(
      clock.read(wall("2026-10-25T02:30:00"))
        == .twice(first: utc("2026-10-25T00:30:00"), second: utc("2026-10-25T01:30:00")))
    #expect(clock.read(wall("2026-10-25T03:00:00")) == .once(utc("2026-10-25T02:00:00")))
  }
}
