// SPDX-License-Identifier: MIT
import Configuration
import Control
import Foundation
import Household
import Planning
import Simulation
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("pems why")
struct WhyCommandTests {
  private let folder: TemporaryFolder
  private let evening = "2026-01-12T18:00:00Z"

  init() throws { folder = try TemporaryFolder() }

  /// The reference house with its journal in the test's folder.
  private func house() throws -> String {
    let example = ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml")
    let text = try String(contentsOf: example, encoding: .utf8)
    let path = folder.path("pems.yaml")
    try (text + "\ncontrol:\n  state_folder: \(folder.path("state"))\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Journals one decision of the simulated house, which makes a plan.
  private func journalDecision(of path: String, justSwitchedOn: Bool = false) throws {
    let configuration = try configuration(at: path)
    let time = instant(evening)
    let home = configuration.home
    let weather = SimulatedWeather(location: home.site.location, seed: 1)
    let twin = try SimulatedHome(
      home: home, weather: weather,
      market: SimulatedDayAheadMarket(weather: weather, calendar: home.site.calendar, seed: 1),
      seed: 1, start: time)
    let cycle = ControlCycle(model: try homeModel(of: configuration), strategy: .planned(.quick))
    var snapshot = twin.snapshot(at: time)
    if justSwitchedOn {
      for room in home.heatedRooms {
        let relay = RelayState(isOn: true, since: time.addingTimeInterval(-60))
        snapshot.relays[room.name] = Reading(relay, at: time)
      }
    }
    let grid = cycle.planGrid(at: time)
    let outlook = SimulatedOutlook(home: twin, period: grid.range)
    let input = ControlCycle.Input(
      snapshot: snapshot, known: outlook.known(at: time, on: grid, snapshot: snapshot))
    let record = CycleRecord(
      cycle.step(input, memory: ControlCycle.Memory()), input: input,
      memory: ControlCycle.Memory(), isFirst: true, version: pemsVersion,
      configuration: ConfigurationMark.of(path), planner: .quick)
    let files = CycleFiles(folder: configuration.service.stateFolder)
    try FileManager.default.createDirectory(
      atPath: files.folder, withIntermediateDirectories: true)
    try (record.line() + "\n")
      .write(toFile: files.path(at: time), atomically: true, encoding: .utf8)
  }

  private func why(_ words: [String]) throws -> PemsProcess {
    try PemsProcess.run(["why"] + words)
  }

  @Test("explains the journalled decision in force: order, reason, prices and alternatives")
  func journalled() throws {
    let path = try house()
    try journalDecision(of: path)
    let answer = try why(["2026-01-12T18:04:00Z", "--config", path, "--json"])
    #expect(answer.exitCode == 0 && answer.errorOutput.isEmpty, "\(answer.errorOutput)")
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let report = try decoder.decode(DecisionReport.self, from: Data(answer.output.utf8))
    // 17 heated rooms, the battery and the car, each told something and explained.
    #expect(report.devices.count == 19)
    #expect(report.devices.allSatisfy { $0.order != nil && $0.explanation != nil })
    #expect(report.devices.filter { $0.explanation?.alternatives.isEmpty == false }.count >= 18)
    #expect(report.planCause == "first plan")
  }

  @Test("an instant ahead of the last decision is what the plan intends, with no order")
  func ahead() throws {
    let path = try house()
    try journalDecision(of: path)
    let answer = try why(
      ["2026-01-13T02:00:00Z", "--config", path, "--device", "battery", "--json"])
    // 02:00 UTC is of the next day; the plan before is in the file of the day before.
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let report = try decoder.decode(DecisionReport.self, from: Data(answer.output.utf8))
    #expect(report.devices.map(\.name) == ["battery"])
    #expect(report.devices.first?.order == nil)
    #expect(report.devices.first?.explanation?.step == 32)
  }

  @Test("a safety limit that stood above the plan is told")
  func limited() throws {
    let path = try house()
    try journalDecision(of: path, justSwitchedOn: true)
    let answer = try why([evening, "--config", path])
    #expect(answer.exitCode == 0)
    #expect(answer.output.contains("told: on (switched 60 s ago, rests for 900 s)"))
    #expect(answer.output.contains("a safety limit stands above the plan, which wanted: off"))
  }

  @Test("a step that costs a fraction of a cent shows it")
  func smallCosts() throws {
    // A battery of 100 W moves 25 Wh in a quarter-hour: at 0.31 EUR/kWh that is 0.00775 EUR.
    let item = try JSONDecoder().decode(
      Explanation.self,
      from: Data(
        #"""
        {"device": "battery", "step": 0, "action": "holds", "sentence": "battery holds.",
         "powerPrice": 0.31, "storedEnergyPrice": 0.0625, "bindingLimits": [],
         "alternatives": [{"action": "charges with 0.10 kW", "extraCost": 0.00775}]}
        """#.utf8))
    #expect(
      WhyText.lines(item, currency: "EUR") == [
        "battery holds.", "  worth: power 0.310 EUR/kWh, energy stored 0.0625 EUR/kWh",
        "  otherwise charges with 0.10 kW: +0.00775 EUR",
      ])
  }

  @Test("without a journal it says where else to ask")
  func noJournal() throws {
    let answer = try why([evening, "--config", try house()])
    #expect(answer.exitCode == 1)
    #expect(answer.errorOutput.contains("pems run") && answer.errorOutput.contains("--simulated"))
  }

  @Test("a wrong device is answered with the nearest name, a wrong time with an example")
  func wrongWords() throws {
    let path = try house()
    let device = try why([evening, "--config", path, "--device", "batery"])
    #expect(device.exitCode == 1 && device.errorOutput.contains("did you mean 'battery'?"))
    let time = try why(["noon", "--config", path])
    #expect(time.exitCode == 2 && time.errorOutput.contains("2026-01-12T06:00Z"))
  }

  @Test("the simulated home is asked as pems plan shows it")
  func simulated() throws {
    let answer = try why([evening, "--config", try house(), "--simulated", "--device", "car"])
    #expect(answer.exitCode == 0, "\(answer.errorOutput)")
    #expect(answer.output.contains("steps until departure are cheaper"))
    #expect(answer.output.contains("CZK/kWh"))
  }
}
