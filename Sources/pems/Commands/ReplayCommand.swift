// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Foundation
import Household
import Physics
import Planning
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
    let at = try input.instant("at")
    guard at != nil || input.string("file") != nil else {
      throw CommandLineError.usage("--at or --file is needed")
    }
    let file =
      input.string("file")
      ?? CycleFiles(folder: configuration.service.stateFolder).path(at: at ?? .now)
    let replay = ReplayCommand(
      model: try homeModel(of: configuration), mode: configuration.service.mode,
      mark: ConfigurationMark.of(path))
    return try replay.run(file: file, at: at, isJSON: input.flag("json"))
  })

private struct ReplayCommand {
  private let model: HomeModel
  private let mode: ControlMode
  private let mark: String

  init(model: HomeModel, mode: ControlMode, mark: String) {
    self.model = model
    self.mode = mode
    self.mark = mark
  }

  func run(file: String, at: Date?, isJSON: Bool) throws -> Int32 {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw CommandFailure.failed(
        "\(file) cannot be read; 'pems run' keeps complete decisions for seven days, in a file a day "
          + "(control.features.replay)")
    }
    let records = CycleRecord.records(text, until: at)
    var replay = CycleReplay(
      cycle: ControlCycle(
        model: model, strategy: mode.strategy(records.last?.planner ?? .thorough)))
    var tally = Tally()
    if let record = records.last, record.configuration != mark || record.version != pemsVersion {
      tally.remarks.append(
        "decided by pems \(record.version) with configuration \(record.configuration), "
          + "replayed by \(pemsVersion) with \(mark)")
    }
    var last: CycleReplay.Comparison?
    for record in records {
      let comparison = replay.replay(record)
      tally.add(comparison)
      last = comparison
    }
    guard let last, last.wasReplayed else {
      throw CommandFailure.failed("\(file) has no decision that can be made again at this time")
    }
    try tally.show(isJSON: isJSON)
    return tally.different == 0 ? ExitCode.done : ExitCode.failed
  }

  private struct Tally {
    var (same, different, skipped) = (0, 0, 0)
    var remarks: [String] = []

    mutating func add(_ comparison: CycleReplay.Comparison) {
      if !comparison.wasReplayed {
        skipped += 1
      } else if comparison.differences.isEmpty {
        same += 1
      } else {
        different += 1
        remarks += comparison.differences.map { "\(comparison.time.formatted(.iso8601)) \($0)" }
      }
    }

    func show(isJSON: Bool) throws {
      guard isJSON else {
        for remark in remarks { print(remark) }
        print("\(same) decisions identical bit for bit, \(different) different, \(skipped) skipped")
        return
      }
      let fields: [String: Any] = [
        "identical": same, "different": different, "skipped": skipped, "remarks": remarks,
      ]
      let data = try JSONSerialization.data(
        withJSONObject: fields, options: [.sortedKeys, .prettyPrinted])
      print(String(decoding: data, as: UTF8.self))
    }
  }
}
