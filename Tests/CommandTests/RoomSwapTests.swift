// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import Physics
import TestSupport
import Testing

@testable import pems

/// The whole service, in this process, with a clock that begins where the store ends.
@Suite("Room models of the running loop")
struct RoomSwapTests {
  @Test("the loop goes on with models that won, without a restart, and the journal says why")
  func swap() async throws {
    let folder = try TemporaryFolder()
    let rooms = TwoRooms(folder: folder)
    let path = try rooms.configuration()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "\ncontrol: {stage: simulation, cycle_min: 1, safety_seconds: 0.2}\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(
      await Pems.run(["import", try rooms.series(days: 28), "--store", folder.path("pems.db")]) == 0
    )
    let configuration = try HomeConfiguration(contentsOf: path, environment: [:])
    var options = RunService.Options()
    options.simulatedOutlookSeed = 1
    let began = Date()
    let service = try RunService(configuration: configuration, options: options) {
      instant("2026-01-29T00:00:00Z").addingTimeInterval(Date().timeIntervalSince(began))
    }
    let state = URL(filePath: configuration.service.stateFolder)
    @Sendable func lines(_ kind: String) -> [Substring] {
      let file = state.appending(path: "2026-01-29.\(kind).jsonl")
      return ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
    }
    // A new plan of the loop after the judgement; with no devices the first takes ten seconds.
    let end = ContinuousClock.now + .seconds(300)
    await service.run(
      until: {
        ContinuousClock.now > end
          || lines("journal").count { $0.contains("\"cause\":\"first plan\"") } >= 2
      }, decide: { .handBack })
    let plans = lines("journal").filter { $0.contains("\"cause\":\"first plan\"") }
    #expect(plans.count >= 2, "a plan with the configured rooms, one with the identified")
    let verdicts = lines("models")
    #expect(verdicts.count == 1 && verdicts[0].contains("\"adopted\":true"))
    #expect(try roomModels(of: configuration)?.rooms.map(\.name) == ["kitchen", "study"])
  }
}
