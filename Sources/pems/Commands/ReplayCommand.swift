// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Foundation
import Household
import Physics
import Simulation

/// `pems replay`: makes journalled decisions again and compares them bit for bit.
let replayCommand = CommandLineCommand(
  "replay", "Make stored decisions again and compare them bit for bit.",
  examples: [
    "pems replay --at 2026-01-12T18:05:00Z",
    "pems replay --file pems-state/2026-01-12.cycles.jsonl",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value("at", "ISO", "The decision in force at this instant."),
    .value("file", "FILE", "All decisions of this file; its day's file when left out."),
    .flag("json", "Print the result as JSON."),
  ],
  run: { input in
    let path = try input.require("config")
    let configuration = try configuration(at: path)
    let at = try input.string("at").map { text in
      guard let date = try? Date(text, strategy: .iso8601) else {
        throw CommandLineError.usage(
          "--at: '\(text)' is not an instant such as 2026-01-12T06:00:00Z")
      }
      return date
    }
    guard at != nil || input.string("file") != nil else {
      throw CommandLineError.usage("--at or --file is needed")
    }
    let file =
      input.string("file")
      ?? URL(filePath: configuration.service.stateFolder).appending(
        path: "\((at ?? .now).formatted(.iso8601).prefix(10)).cycles.jsonl"
      ).path
    let replay = try ReplayCommand(
      home: configuration.home, rooms: try roomModels(of: configuration),
      service: configuration.service,
      mark: ConfigurationMark.of(path))
    return try replay.run(file: file, at: at, isJSON: input.flag("json"))
  })

private struct ReplayCommand {
  private var replay: CycleReplay
  private let mark: String

  init(home: Home, rooms: RoomModels?, service: ServiceSettings, mark: String) throws {
    let model: HomeModel
    do {
      model = try HomeModel(
        home: home, settings: ControlSettings(cycleSeconds: service.cycleMinutes * 60), rooms: rooms
      )
    } catch {
      throw CommandFailure.configuration("\(error)")
    }
    replay = CycleReplay(
      cycle: ControlCycle(model: model, strategy: service.mode.strategy))
    self.mark = mark
  }

  func run(file: String, at: Date?, isJSON: Bool) throws -> Int32 {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw CommandFailure.failed("cannot read \(file)")
    }
    var replay = replay
    var (same, different, skipped) = (0, 0, 0)
    var remarks: [String] = []
    var last: CycleReplay.Comparison?
    let records = Self.records(text, until: at)
    if let record = records.last, record.configuration != mark || record.version != pemsVersion {
      remarks.append(
        "decided by pems \(record.version) with configuration \(record.configuration), "
          + "replayed by \(pemsVersion) with \(mark)")
    }
    for record in records {
      let comparison = replay.replay(record)
      last = comparison
      if !comparison.wasReplayed {
        skipped += 1
      } else if comparison.differences.isEmpty {
        same += 1
      } else {
        different += 1
        remarks += comparison.differences.map { "\(comparison.time.formatted(.iso8601)) \($0)" }
      }
    }
    guard let last, last.wasReplayed else {
      throw CommandFailure.failed("\(file) has no decision that can be made again at this time")
    }
    if isJSON {
      let fields: [String: Any] = [
        "identical": same, "different": different, "skipped": skipped, "remarks": remarks,
      ]
      let data = try JSONSerialization.data(
        withJSONObject: fields, options: [.sortedKeys, .prettyPrinted])
      print(String(decoding: data, as: UTF8.self))
    } else {
      for remark in remarks { print(remark) }
      print("\(same) decisions identical bit for bit, \(different) different, \(skipped) skipped")
    }
    return different == 0 ? ExitCode.done : ExitCode.failed
  }

  /// The records up to a time; from its last anchor when only one decision is asked for. Half lines
  /// that a power cut left are skipped.
  private static func records(_ text: String, until time: Date?) -> [CycleRecord] {
    var records: [CycleRecord] = []
    for line in text.split(separator: "\n") {
      guard let record = try? CycleRecord(line: line) else { continue }
      if let time, record.time > time { break }
      if time != nil, record.isAnchor { records = [] }
      records.append(record)
    }
    return records
  }
}
