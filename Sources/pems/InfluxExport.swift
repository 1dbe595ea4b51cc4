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
  private let copy: InfluxCopy
  private let names: String?
  private let range: Range<Date>
  private let sendsAgain: Bool

  /// What the words of the command ask for.
  init(_ input: CommandLineInput, times: Range<Date>) throws {
    copy = try InfluxCopy(input, configuration: input.require("config"), without: "export to")
    names = input.string("signals")
    range = times
    sendsAgain = input.flag("again")
  }

  /// Sends and tells what went over; fails when any signal did, after all others are sent.
  func run() throws -> Int32 {
    let (server, store) = (InfluxServer(copy.influx), copy.store)
    let known = try failing {
      try SQLiteHistory(file: store, access: .reading).signals().filter { $0.count > 0 }
    }
    let chosen = try InfluxCopy.signals(
      names, among: known.map(\.signal), else: CommandFailure.failed)
    let spans = known.filter { chosen.contains($0.signal) }.compactMap(\.span)
    guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() else {
      throw CommandFailure.failed("\(store): there are no readings to export")
    }
    // Only the time that has readings is walked through; the last one is inside.
    let range = range.clamped(to: first..<last.addingTimeInterval(0.001))
    let bars = ProgressBars(chosen.map(\.text))
    let outcomes = HistoryUpload(
      signals: chosen, range: range, sendsAgain: sendsAgain, workers: copy.workers
    ).run(
      from: { try SQLiteHistory(file: store, access: .reading) },
      to: { InfluxCopy.history(server, .own(chosen)) },
      progress: { bars.show($0.signal.text, share: $0.share) })
    bars.finish()
    return try copy.tell(outcomes, text, failure: { ($0.signal, $0.failure) })
  }

  private func text(_ outcomes: [HistoryUpload.Outcome]) -> String {
    let sent = outcomes.reduce(0) { $0 + $1.sent }
    let lines = outcomes.map {
      "  \($0.signal): \($0.sent) sent" + ($0.failure == nil ? "" : ", stopped early")
    }
    let head =
      "\(copy.influx.address), \(copy.influx.database): \(sent) readings of "
      + "\(outcomes.count) signals"
    return ([head] + lines).joined(separator: "\n")
  }
}
