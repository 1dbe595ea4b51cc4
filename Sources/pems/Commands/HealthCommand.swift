// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Household

/// `pems health`: asks the running pems how it is, for monitoring and for people.
let healthCommand = CommandLineCommand(
  "health", "Say how the running pems is: exit 0 when well, 1 with problems, 4 when it is gone.",
  examples: ["pems health --config /etc/pems/pems.yaml", "pems health --json"],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .flag("json", "Print the report as JSON."),
  ],
  run: { input in
    let service = try configuration(at: try input.require("config")).service
    let path = RunHealth.path(in: service.stateFolder)
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    guard let data = FileManager.default.contents(atPath: path),
      let report = try? decoder.decode(HealthReport.self, from: data)
    else {
      throw CommandFailure.unreachable(
        "no pems runs here: there is no \(path); start 'pems run' with this configuration")
    }
    let age = Date().timeIntervalSince(report.time)
    guard age <= HealthReport.longestAge else {
      throw CommandFailure.unreachable(
        "the last sign of life is \(Int(age)) s old; pems is gone or hangs")
    }
    if input.flag("json") {
      print(String(decoding: data, as: UTF8.self))
    } else {
      let decided = report.decisionAgeSeconds.map { "\(Int($0)) s ago" } ?? "not yet"
      print(
        "stage \(report.stage.rawValue), \(report.beats) beats, longest gap "
          + String(format: "%.2f s, %.0f MB", report.worstGapSeconds, report.memoryMegabytes)
          + ", decided \(decided)")
      for problem in report.problems { print(problem) }
      if report.problems.isEmpty { print("well") }
    }
    return report.problems.isEmpty ? ExitCode.done : ExitCode.failed
  })
