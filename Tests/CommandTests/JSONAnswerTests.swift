// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Household
import TestSupport
import Testing

@testable import pems

/// Programs that ask with `--json` parse the standard output whatever comes of the command.
@Suite("Answers to programs")
struct JSONAnswerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Every command that knows `--json`, by the words that call it.
  private static var commands: [(words: [String], command: CommandLineCommand)] {
    func all(
      _ command: CommandLineCommand, _ words: [String]
    ) -> [(words: [String], command: CommandLineCommand)] {
      command.commands.isEmpty
        ? [(words, command)] : command.commands.flatMap { all($0, words + [$0.name]) }
    }
    return all(Pems.command, []).filter { entry in
      entry.command.options.contains { $0.name == "json" }
    }
  }

  /// The one JSON object of an output.
  private func object(_ run: PemsProcess) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return try #require(value as? [String: Any], "\(run.output)")
  }

  @Test("every command without its files answers with an object that says so")
  func nothingThere() throws {
    let missing = folder.path("none")
    // A home, a period, models and a store that are not there, where a command asks for them.
    let wrong = [
      "config": missing, "data": missing, "days": "0", "models": missing, "store": missing,
    ]
    #expect(Self.commands.count > 25)
    for (words, command) in Self.commands {
      // These need nothing to be there: no models are a list without any.
      guard words != ["models", "list"] else { continue }
      let options = command.options.compactMap { option in
        wrong[option.name].map { ["--\(option.name)", $0] }
      }
      let arguments = command.arguments.filter { !$0.isOptional }.map { _ in missing }
      let run = try PemsProcess.run(words + arguments + options.flatMap(\.self) + ["--json"])
      #expect(run.exitCode != 0, "\(words)")
      let answer = try object(run)
      if words != ["check"] {
        #expect(answer["exitCode"] as? Int32 == run.exitCode, "\(words)")
        let message = try #require(answer["error"] as? String, "\(words)")
        #expect(run.errorOutput.contains(message), "\(words)")
      }
    }
  }

  @Test("words that are off are an object too, and the exit code stays that of usage")
  func usage() throws {
    for words in [
      ["tariff", "--bogus", "--json"],
      ["tariff", "--example", "es-2.0td", "--spot", "nan", "--json"], ["--json"],
    ] {
      let run = try PemsProcess.run(words)
      #expect(run.exitCode == 2)
      #expect(try object(run)["exitCode"] as? Int32 == 2)
    }
  }

  @Test("health says where no pems runs, and when its last sign of life is old")
  func health() throws {
    let path = try TwoRooms(folder: folder).configuration()
    let words = ["health", "--config", path, "--json"]
    let absent = try PemsProcess.run(words)
    #expect(absent.exitCode == 4)
    #expect((try object(absent)["error"] as? String)?.contains("no pems runs here") == true)
    var report = HealthReport(time: Date().addingTimeInterval(-3_600), stage: .full)
    let state = try configuration(at: path).service.stateFolder
    try writeFile(try report.json(), to: RunHealth.path(in: state))
    let hanging = try PemsProcess.run(words)
    #expect(hanging.exitCode == 4)
    #expect((try object(hanging)["error"] as? String)?.contains("gone or hangs") == true)
    report.time = Date()
    try writeFile(try report.json(), to: RunHealth.path(in: state))
    let well = try PemsProcess.run(words)
    #expect(well.exitCode == 0)
    #expect(try object(well)["error"] == nil)
  }

  @Test("review says where no journal is")
  func review() throws {
    let path = try TwoRooms(folder: folder).configuration()
    let run = try PemsProcess.run(["review", "--config", path, "--json"])
    #expect(run.exitCode == 1)
    #expect((try object(run)["error"] as? String)?.contains("no outcomes yet") == true)
  }

  @Test("without --json a failure leaves the standard output empty")
  func people() throws {
    let path = try TwoRooms(folder: folder).configuration()
    #expect(try PemsProcess.run(["health", "--config", path]).output.isEmpty)
  }

  @Test("--json and a page, or a series on the same output, do not get into each other's way")
  func together() throws {
    let page = folder.path("tariff.html")
    let tariff = ["tariff", "--example", "es-2.0td", "--date", "2026-01-14", "--spot", "0.1"]
    let run = try PemsProcess.run(tariff + ["--html", page, "--json"])
    #expect(run.exitCode == 0)
    let steps = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [Any]
    #expect(steps?.count == 96)
    #expect(FileManager.default.fileExists(atPath: page))
    let store = folder.path("none.db")
    let series = try PemsProcess.run(["export", "--store", store, "--out", "-", "--json"])
    #expect(series.exitCode == 2)
  }
}
