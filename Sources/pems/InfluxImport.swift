// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History
import Household
import TimeSeries

/// `pems import` without files: every mapped signal out of the configured InfluxDB, side by side.
struct InfluxImport {
  private static let yearsBack = 2.0

  private let copy: InfluxCopy
  private let mapping: InfluxMapping
  private let signals: [SignalName]
  private let range: Range<Date>
  private let stepSeconds: Int?

  /// What the words of the command ask for.
  init(_ input: CommandLineInput) throws {
    guard let file = input.string("config") else {
      throw CommandLineError.usage("name files to import, or --config with an InfluxDB in it")
    }
    copy = try InfluxCopy(input, configuration: file, without: "import from")
    mapping = InfluxMapping(copy.influx, home: copy.configuration.home)
    let known = mapping.sources.keys.sorted()
    guard !known.isEmpty else {
      throw CommandFailure.configuration(
        "history.influx maps no signal: add presets or signals to it")
    }
    signals = try InfluxCopy.signals(
      input.string("signals"), among: known, else: CommandFailure.configuration)
    let end = try input.instant("to") ?? Date()
    let start =
      try input.instant("from") ?? end.addingTimeInterval(-Self.yearsBack * 366 * 86_400)
    guard start < end else { throw CommandLineError.usage("--from has to be before --to") }
    let step = try Self.step(input, signals)
    stepSeconds = step
    // Means are of whole steps: what begins inside one begins with it, the last waits for its end.
    func floored(_ time: Date) -> Date {
      step.map { TimeGrid.floor(time, stepSeconds: $0) } ?? time
    }
    range = floored(start)..<floored(end)
  }

  private static func step(_ input: CommandLineInput, _ signals: [SignalName]) throws -> Int? {
    guard let step = try input.value("step", as: Int.self) else { return nil }
    guard (1...86_400).contains(step), 86_400.isMultiple(of: step) else {
      throw CommandLineError.usage("--step: \(step) seconds do not divide a day")
    }
    let amounts = signals.filter { [.kilowattHours, .millimetres].contains($0.unit) }
    guard amounts.isEmpty else {
      throw CommandLineError.usage(
        "--step: \(amounts.map(\.text).joined(separator: ", ")) has amounts per step, "
          + "which have no mean over others; leave it out of --signals or --step out")
    }
    return step
  }

  /// Copies and tells what came over; fails when any signal did, after all others are stored.
  func run() throws -> Int32 {
    let (server, mapping, store, step) = (
      InfluxServer(copy.influx), mapping, copy.store, stepSeconds
    )
    try failing { _ = try SQLiteHistory(file: store, access: .writing) }
    let bars = ProgressBars(signals.map(\.text))
    let outcomes = HistoryExtraction(
      groups: mapping.groups(of: signals, workers: copy.workers), range: range,
      sourceName: copy.influx.address + "/" + copy.influx.database
        + (step.map { "@\($0)s" } ?? ""),
      workers: copy.workers
    ).run(
      from: { InfluxCopy.history(server, mapping, stepSeconds: step) },
      to: { try SQLiteHistory(file: store, access: .writing) },
      progress: { bars.show($0.signal.text, share: $0.share) })
    bars.finish()
    return try copy.tell(
      outcomes.sorted { $0.signal < $1.signal }, { Self.text($0, store: store) },
      failure: { ($0.signal, $0.failure) })
  }

  private static func text(_ outcomes: [HistoryExtraction.Outcome], store: String) -> String {
    let copied = outcomes.reduce(0) { $0 + $1.copied }
    var lines = ["\(store): \(copied) readings of \(outcomes.count) signals"]
    for outcome in outcomes {
      let note =
        outcome.failure != nil
        ? ", stopped early" : outcome.copied == 0 ? ", nothing there: pems doctor tells why" : ""
      lines.append("  \(outcome.signal): \(outcome.copied) read, \(outcome.added) new\(note)")
    }
    return lines.joined(separator: "\n")
  }
}
