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

  private let influx: InfluxSettings
  private let mapping: InfluxMapping
  private let signals: [SignalName]
  private let range: Range<Date>
  private let store: String
  private let stepSeconds: Int?
  private let workers: Int
  private let isJSON: Bool

  /// What the words of the command ask for.
  init(_ input: CommandLineInput) throws {
    guard let file = input.string("config") else {
      throw CommandLineError.usage("name files to import, or --config with an InfluxDB in it")
    }
    let configuration = try configuration(at: file)
    guard let influx = configuration.history.influx else {
      throw CommandFailure.configuration(
        "\(file): history.influx is missing, so there is nothing to import from; "
          + "docs/configuration.md shows it")
    }
    self.influx = influx
    mapping = InfluxMapping(influx, home: configuration.home)
    signals = try Self.signals(input.string("signals"), in: mapping)
    let end = try Self.instant("to", input) ?? Date()
    let start =
      try Self.instant("from", input) ?? end.addingTimeInterval(-Self.yearsBack * 366 * 86_400)
    guard start < end else { throw CommandLineError.usage("--from has to be before --to") }
    let step = try Self.step(input, signals)
    stepSeconds = step
    // Means are of whole steps: what begins inside one begins with it, the last waits for its end.
    func floored(_ time: Date) -> Date {
      step.map { TimeGrid.floor(time, stepSeconds: $0) } ?? time
    }
    range = floored(start)..<floored(end)
    store = input.string("store") ?? configuration.history.storePath
    workers = try input.value("workers", as: Int.self) ?? 4
    guard (1...32).contains(workers) else {
      throw CommandLineError.usage("--workers: \(workers) is not in 1…32")
    }
    isJSON = input.flag("json")
  }

  private static func signals(
    _ text: String?, in mapping: InfluxMapping
  ) throws -> [SignalName] {
    let known = mapping.sources.keys.sorted()
    guard !known.isEmpty else {
      throw CommandFailure.configuration(
        "history.influx maps no signal: add presets or signals to it")
    }
    guard let text else { return known }
    return try text.split(separator: ",").map { name in
      guard let signal = known.first(where: { $0.text == name }) else {
        throw CommandFailure.configuration(
          "\(TransferError.unknownSignal(String(name), known: known.map(\.text)))")
      }
      return signal
    }
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

  private static func instant(_ name: String, _ input: CommandLineInput) throws -> Date? {
    guard let text = input.string(name) else { return nil }
    if let date = Date(isoText: text) { return date }
    throw CommandLineError.usage("--\(name): '\(text)' is no ISO 8601 time, as 2026-03-29T01:00Z")
  }

  /// Copies and tells what came over; fails when any signal did, after all others are stored.
  func run() throws -> Int32 {
    let (server, mapping, store, step) = (InfluxServer(influx), mapping, store, stepSeconds)
    try failing { _ = try SQLiteHistory(file: store, access: .writing) }
    let bars = ProgressBars(signals.map(\.text))
    let outcomes = HistoryExtraction(
      signals: signals, range: range,
      sourceName: influx.address + "/" + influx.database + (step.map { "@\($0)s" } ?? ""),
      workers: workers
    ).run(
      from: {
        InfluxHistory(
          server, mapping: mapping,
          patience: .init { seconds in Thread.sleep(forTimeInterval: seconds) },
          stepSeconds: step)
      },
      to: { try SQLiteHistory(file: store, access: .writing) },
      progress: { bars.show($0.signal.text, share: $0.share) })
    bars.finish()
    if isJSON { try printJSON(outcomes) } else { print(Self.text(outcomes, store: store)) }
    let failed = outcomes.filter { $0.failure != nil }
    for outcome in failed {
      Terminal.printError("pems: \(outcome.signal): \(outcome.failure ?? "")")
    }
    guard !failed.isEmpty else { return ExitCode.done }
    return failed.count == outcomes.count ? ExitCode.unreachable : ExitCode.failed
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
