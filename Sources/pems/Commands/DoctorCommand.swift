// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History

/// `pems doctor`.
let doctorCommand = CommandLineCommand(
  "doctor",
  "Show for every signal and forecast of the home whether it is found, missing, stale or suspicious.",
  examples: ["pems doctor --config pems.yaml", "pems doctor --config pems.yaml --json"],
  options: [
    .value("config", "FILE", default: "pems.yaml", "the configuration of the home"),
    .value("store", "FILE", "the store; that of the configuration when left out"),
    .value("stale-after", "HOURS", default: "24", "how old the newest reading may be"),
    .value("at", "ISO", "judge as of this instant; now when left out"),
    .flag("json", "print JSON for programs"),
  ],
  run: { input in
    let configuration = try configuration(at: try input.require("config"))
    let now = try input.instant("at") ?? Date()
    let hours = try input.number("stale-after", in: 0.01...87_600, "hours") ?? 24
    let doctor = StreamDoctor(
      configuration: configuration, store: input.string("store") ?? configuration.history.storePath,
      now: now, staleAfterSeconds: hours * 3_600)
    let stored = doctor.checkInflux() + doctor.checkStore()
    let checks = stored + doctor.checkForecasts()
    if input.flag("json") { try printJSON(checks) } else { print(doctorText(checks)) }
    if stored.allSatisfy({ $0.status == .unknown }) { return ExitCode.unreachable }
    return checks.contains(where: \.needsAttention) ? ExitCode.failed : ExitCode.done
  })

extension StreamDoctor.Check {
  /// Whether somebody should look: what a preset knows and this house does not have is no harm.
  var needsAttention: Bool {
    switch status {
    case .found: false
    case .missing: isNeeded
    case .stale, .suspicious, .unknown: true
    }
  }
}

private func doctorText(_ checks: [StreamDoctor.Check]) -> String {
  let width = checks.map(\.signal.count).max() ?? 0
  var lines: [String] = []
  var store: String?
  for check in checks {
    if check.store != store { lines.append((store == nil ? "" : "\n") + check.store) }
    store = check.store
    let newest = check.newest.map { $0.formatted(.iso8601) } ?? "-"
    lines.append(
      "  \(check.signal.padding(toLength: width, withPad: " ", startingAt: 0))  "
        + (check.needsAttention || check.status == .found ? "" : "(")
        + (check.status.rawValue + (check.needsAttention || check.status == .found ? "" : ")"))
        .padding(toLength: 10, withPad: " ", startingAt: 0)
        + "  " + newest.padding(toLength: 20, withPad: " ", startingAt: 0)
        + (check.note.isEmpty ? "" : "  " + check.note))
  }
  let bad = checks.count(where: \.needsAttention)
  lines.append(
    bad == 0
      ? "\nall signals that the home needs are well"
      : "\n\(bad) of \(checks.count) signals need attention")
  return lines.joined(separator: "\n")
}
