// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import History

@Suite("ISO 8601 times")
struct ISOTimestampTests {
  func stamp(_ text: String) -> ISOTimestamp? {
    let bytes = Array(text.utf8)
    return ISOTimestamp(bytes, 0..<bytes.count)
  }

  @Test(
    "reads every form that loggers write",
    arguments: [
      "2026-03-29T01:00:00Z", "2026-03-29 01:00:00Z", "2026-03-29T03:00:00+02:00",
      "2026-03-29T03:00:00.000+0200", "2026-03-28 22:00:00-03", "2026-03-29T01:00Z",
      "2026-03-29T01:00:00,000z", "2026-03-29 01:00:00.000000+00:00",
    ])
  func forms(text: String) {
    #expect(stamp(text)?.instant == instant("2026-03-29T01:00:00Z"))
  }

  @Test(
    "agrees with Foundation on random instants from 1900 to 2200",
    arguments: 1...5 as ClosedRange<UInt64>)
  func agreesWithFoundation(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<2_000 {
      let date = Date(
        timeIntervalSince1970: Double(
          Int.random(in: -2_208_988_800...7_258_118_400, using: &random)))
      let text = date.formatted(.iso8601)
      #expect(stamp(text)?.instant == date, "\(text)")
      var written: [UInt8] = []
      ISOTimestamp.append(milliseconds: date.milliseconds, to: &written)
      #expect(String(decoding: written, as: UTF8.self) == text)
    }
  }

  @Test("knows no zone where the text names none")
  func withoutZone() {
    #expect(stamp("2026-03-29 01:00:00")?.instant == nil)
    #expect(stamp("2026-03-29 01:00:00")?.wallMilliseconds == 1_774_746_000_000)
    #expect(stamp("2026-03-29")?.wallMilliseconds == 1_774_742_400_000)
  }

  @Test("keeps milliseconds")
  func fractions() {
    #expect(stamp("1969-12-31T23:59:59.9995Z")?.milliseconds == -1)
    var written: [UInt8] = []
    ISOTimestamp.append(milliseconds: -1, to: &written)
    #expect(String(decoding: written, as: UTF8.self) == "1969-12-31T23:59:59.999Z")
  }

  @Test(
    "refuses times that do not exist",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10",
      "2026-03-29T24:00:01Z", "2026-03-29T12:60Z", "2026-03-29T12:00:60Z", "2026-03-29T12Z",
      "2026-03-29T12:00:00 Z", "2026-03-29T12:00:00+", "2026-03-29T12:00:00.Z",
      "29.03.2026 12:00", "2026-03-29T12:00:00Zx", "2026-3-29",
    ])
  func refused(text: String) {
    #expect(stamp(text) == nil)
  }

  @Test("takes 24:00 as the end of the day and leap days where they are")
  func boundaries() {
    #expect(stamp("2026-03-28T24:00Z")?.instant == instant("2026-03-29T00:00:00Z"))
    #expect(stamp("2000-02-29T00:00Z")?.instant == instant("2000-02-29T00:00:00Z"))
  }
}
