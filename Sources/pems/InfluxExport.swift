// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History
import Household
import TimeSeries

/// `pems export --influx`: signals of the store into the configured InfluxDB, side by side.
///
/// Each signal becomes a field of the measurement `pems`, so that nothing that another program writes
/// there is touched.
struct InfluxExport {
  private let influx: InfluxSettings
  private let store: String
  private let names: [String]?
  private let range: Range<Date>
  private let sendsAgain: Bool
  private let workers: Int
  private let isJSON: Bool

  /// What the words of the command ask for.
  init(_ input: CommandLineInput, times: Range<Date>) throws {
    let file = try input.require("config")
    let configuration = try configuration(at: file)
    guard let influx = configuration.history.influx else {
      throw CommandFailure.configuration(
        "\(file): history.influx is missing, so there is nowhere to export to; "
          + "docs/configuration.md shows it")
    }
    self.influx = influx
    store = input.string("store") ?? configuration.history.storePath
    names = input.string("signals")?.split(separator: ",").map(String.init)
    range = times
    sendsAgain = input.flag("again")
    workers = try input.value("workers", as: Int.self) ?? 4
    guard (1...32).contains(workers) else {
      throw CommandLineError.usage("--workers: \(workers) is not in 1…32")
    }
    isJSON = input.flag("json")
  }

  /// Sends and tells what went over; fails when any signal did, after all others are sent.
  func run() throws -> Int32 {
    let (server, store) = (InfluxServer(influx), store)
    let known = try failing {
      try SQLiteHistory(file: store, access: .reading).signals().filter { $0.count > 0 }
    }
    let chosen = try self.chosen(known.map(\.signal))
    let spans = known.filter { chosen.contains($0.signal) }.compactMap(\.span)
    guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() else {
      throw CommandFailure.failed("\(store): there are no readings to export")
    }
    // Only the time that has readings is walked through; the last one is inside.
    let range = range.clamped(to: first..<last.addingTimeInterval(0.001))
    let bars = ProgressBars(chosen.map(\.text))
    let outcomes = HistoryUpload(
      signals: chosen, range: range, sendsAgain: sendsAgain, workers: workers
    ).run(
      from: { try SQLiteHistory(file: store, access: .reading) },
      to: {
        InfluxHistory(
          server, mapping: .own(chosen),
          patience: .init { seconds in Thread.sleep(forTimeInterval: seconds) })
      },
      progress: { bars.show($0.signal.text, share: $0.share) })
    bars.finish()
    return try tell(outcomes)
  }

  private func chosen(_ known: [SignalName]) throws -> [SignalName] {
    guard let names else { return known }
    return try names.map { name in
      guard let signal = known.first(where: { $0.text == name }) else {
        throw CommandFailure.failed(
          "\(TransferError.unknownSignal(name, known: known.map(\.text)))")
      }
      return signal
    }
  }

  private func tell(_ outcomes: [HistoryUpload.Outcome]) throws -> Int32 {
    if isJSON {
      try printJSON(outcomes)
    } else {
      let sent = outcomes.reduce(0) { $0 + $1.sent }
      print("\(influx.address), \(influx.database): \(sent) readings of \(outcomes.count) signals")
      for outcome in outcomes {
        print(
          "  \(outcome.signal): \(outcome.sent) sent"
            + (outcome.failure == nil ? "" : ", stopped early"))
      }
    }
    let failed = outcomes.filter { $0.failure != nil }
    for outcome in failed {
      Terminal.printError("pems: \(outcome.signal): \(outcome.failure ?? "")")
    }
    guard !failed.isEmpty else { return ExitCode.done }
    return failed.count == outcomes.count ? ExitCode.unreachable : ExitCode.failed
  }
}
