// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Fuzzed journals")
struct JournalFuzzTests {
  private func complaints(
    seed: UInt64, _ line: String, _ read: ([UInt8]) -> Bool
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return Fuzzing(seeds: [Array(line.utf8)]).run(using: &random) {
      read($0) ? .numbers([]) : .refused
    }
  }

  @Test("damaged lines of decisions are left out")
  func decisions() throws {
    let line = try #require(try CycleReplayTests().journal(1).first)
    let found = complaints(seed: 51, line + "\n" + line) { input in
      !CycleRecord.records(String(decoding: input, as: UTF8.self)).isEmpty
    }
    #expect(found.isEmpty)
  }

  @Test("damaged lines of outcomes are left out")
  func outcomes() throws {
    let line =
      #"{"format":"pems-outcome-1","time":"2026-01-12T00:00:00Z","stage":"advisory","#
      + #""planned":{"grid":412.5,"pv":17},"measured":{"grid":425.25},"pvBand":{"p10":11,"p90":22},"#
      + #""stateOfChargePercent":55,"wantedHeating":["kitchen"],"measuredHeating":[],"#
      + #""importPrice":3.5,"commanded":["room kitchen"],"degraded":[],"interventions":1,"#
      + #""isPlanRefused":false,"isSafeState":false}"#
    let found = complaints(seed: 52, line) {
      (try? OutcomeRecord(line: String(decoding: $0, as: UTF8.self))) != nil
    }
    #expect(found.isEmpty)
  }
}
