// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("Fuzzed words of people")
struct WordFuzzTests {
  @Test("damaged command lines call a command, ask for help or are refused")
  func commandLines() {
    let seeds = [
      "fetch --config pems.yaml --past=365 --at 2026-06-10T06:00:00Z",
      "models list --models folder --json", "simulate --from 2026-01-12 --days 7 -- x", "help run",
    ]
    var random = SplitMix64(seed: 61)
    let found = Fuzzing(seeds: seeds.map { Array($0.utf8) }).run(using: &random) { input in
      let words = String(decoding: input, as: UTF8.self).split(separator: " ").map(String.init)
      guard let call = try? Pems.command.parse(words) else { return .refused }
      return .numbers((try? call.input.value("days", as: Int.self)).map { [Double($0)] } ?? [])
    }
    #expect(found.isEmpty)
  }

  @Test("damaged wishes change nothing, or set what lasts and draws what is possible")
  func wishes() throws {
    let path = ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
    let home = try configuration(at: path).home
    let now = instant("2026-06-10T06:00:00Z")
    let battery = home.battery?.name ?? ""
    let seeds = [
      #"{"target":"room","name":"\#(home.heatedRooms.first?.name ?? "")","wish":"on","minutes":120}"#,
      #"{"target":"battery","name":"\#(battery)","wish":"charge","minutes":45,"power_w":2500.5}"#,
      #"{"target":"pv","name":"pv","wish":"limit","power_w":1500}"#,
    ]
    var random = SplitMix64(seed: 62)
    let found = Fuzzing(seeds: seeds.map { Array($0.utf8) }).run(using: &random) { input in
      guard let wish = try? JSONDecoder().decode(OverrideWish.self, from: Data(input)),
        let change = try? wish.change(home: home, source: .mqtt, now: now)
      else { return .refused }
      guard case .set(let set) = change else { return .numbers([]) }
      let minutes = set.until.timeIntervalSince(now) / 60
      return .numbers((0.99...2_881).contains(minutes) ? [minutes] : [.nan])
    }
    #expect(found.isEmpty)
  }
}
