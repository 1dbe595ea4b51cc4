// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import Physics
import Synchronization
import TestSupport
import Testing

@testable import pems

@Suite("Rooms learned by the running program")
struct RoomLearningTests {
  private let folder: TemporaryFolder
  private let rooms: TwoRooms
  /// Four weeks after the first reading.
  private let now = instant("2026-01-29T00:00:00Z")

  init() throws {
    folder = try TemporaryFolder()
    rooms = TwoRooms(folder: folder)
  }

  private func learning(
    _ configuration: HomeConfiguration
  ) -> (learning: RoomLearning?, journal: RunJournal) {
    let log = RunLog(now: { instant("2026-01-29T00:00:00Z") })
    let journal = RunJournal(
      home: configuration.home, settings: configuration.service, configurationPath: "", log: log)
    return (RoomLearning(configuration, journal: journal, log: log), journal)
  }

  /// Four weeks of two rooms, learned from once, and what was adopted.
  private func adopted() async throws -> (
    configuration: HomeConfiguration, learning: RoomLearning, journal: RunJournal,
    models: RoomModels
  ) {
    let config = try rooms.configuration()
    #expect(
      await Pems.run([
        "import", try rooms.series(days: 28), "--store", folder.path("pems.db"),
      ]) == 0)
    let configuration = try HomeConfiguration(contentsOf: config, environment: [:])
    let (found, journal) = learning(configuration)
    let learning = try #require(found)
    let models: RoomModels? =
      if case .adopt(let models) = learning.ask(at: now) { models } else { nil }
    return (
      configuration, learning, journal,
      try #require(models, "the configured kitchen loses twice what it does")
    )
  }

  @Test("models that win are kept and journalled with the reason; a week passes before the next")
  func weekly() async throws {
    let (configuration, learning, journal, models) = try await adopted()
    // What counted before is remembered for the next judgement.
    #expect(learning.former == FormerRooms(models: nil))
    #expect(models.rooms.map(\.name) == ["kitchen", "study"])
    let verdict = try #require(learning.lastVerdict)
    #expect(verdict.adopted && verdict.time == now && verdict.reason.contains("are in use"))
    // What was written is what the next start plans with.
    #expect(try roomModels(of: configuration)?.rooms.count == 2)

    let asked = Mutex(0)
    learning.askWeekly(at: now.addingTimeInterval(6 * 86_400)) { _ in asked.withLock { $0 += 1 } }
    #expect(learning.lastVerdict == verdict)
    #expect(asked.withLock { $0 } == 0)
    journal.close()
    let file = URL(filePath: configuration.service.stateFolder)
      .appending(path: "2026-01-29.models.jsonl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 && lines[0].contains("\"adopted\":true"))
  }

  @Test("models in use that turn out worse than those before them give way, and that is journalled")
  func goesBack() async throws {
    let (configuration, learning, journal, good) = try await adopted()
    // As if a week had taught that the kitchen loses four times its heat.
    let path = folder.path("models.json")
    let kept = try String(contentsOfFile: path, encoding: .utf8)
    try Self.write(good, asFormerOf: configuration)
    try Self.worsened(kept).write(toFile: path, atomically: true, encoding: .utf8)
    guard case .goBack(let before) = learning.ask(at: now) else {
      Issue.record("kept: \(learning.lastVerdict?.reason ?? "")")
      return
    }
    #expect(before.models == good && learning.former == nil)
    #expect(try roomModels(of: configuration) == good)
    #expect(try #require(learning.lastVerdict).reason.contains("back to those"))
    journal.close()
    let file = URL(filePath: configuration.service.stateFolder)
      .appending(path: "2026-01-29.models.jsonl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2 && lines[1].contains("\"went_back\":true"))
    #expect(lines[1].contains("\"adopted\":false"))
  }

  @Test("without a file for the models nothing is learned")
  func notConfigured() throws {
    let config = try rooms.configuration()
    let text = try String(contentsOfFile: config, encoding: .utf8)
      .replacing(", room_models: models.json", with: "")
    try text.write(toFile: config, atomically: true, encoding: .utf8)
    let configuration = try HomeConfiguration(contentsOf: config, environment: [:])
    #expect(learning(configuration).learning == nil)
  }

  /// As the file of the state folder has it.
  private static func write(_ models: RoomModels, asFormerOf configuration: HomeConfiguration)
    throws
  {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    try encoder.encode(FormerRooms(models: models)).write(
      to: URL(filePath: configuration.service.stateFolder).appending(path: "room_former.json"))
  }

  /// The same models with a kitchen whose air loses half its heat in an hour.
  private static func worsened(_ models: String) throws -> String {
    var fields = try #require(
      JSONSerialization.jsonObject(with: Data(models.utf8)) as? [String: Any])
    var rooms = try #require(fields["rooms"] as? [[String: Any]])
    let capacity = try #require(rooms[0]["airCapacity"] as? Double)
    rooms[0]["conductanceToOutdoors"] = 0.7 * 1_000 * capacity
    fields["rooms"] = rooms
    return String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
  }
}
