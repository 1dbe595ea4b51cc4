// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import Quality
import TimeSeries

/// Signals of a store, each cleaned by its own verdict, as a file of series: `pems export --clean`.
struct CleanedExport {
  /// What was written, and everything that was changed on the way.
  struct Outcome: Encodable {
    let rows: Int
    /// How many steps of each signal have a value.
    let values: [String: Int]
    /// What was done to each signal, with the number of readings or steps.
    let changes: [String: [CleanedStream.Change]]

    /// For people, below the line of the file.
    var text: String {
      values.sorted { $0.key < $1.key }.map { signal, count in
        let done = (changes[signal] ?? []).map { "\($0.count) \($0.action)" }
        return "  \(signal): \(count) of \(rows) steps"
          + (done.isEmpty ? ", nothing changed" : "; " + done.joined(separator: ", "))
      }.joined(separator: "\n")
    }
  }

  let signals: [SignalName]
  let times: Range<Date>
  let stepSeconds: Int

  /// Judges, cleans and writes signal by signal; the verdict looks at the same time as the file.
  ///
  /// - Throws: `HistoryError`, `TransferError`.
  func run(
    from store: SQLiteHistory, to file: String, progress: (_ done: Int, _ total: Int) -> Void
  ) throws -> Outcome {
    let grid = try grid(of: store)
    var columns: [[Double?]] = []
    var changes: [String: [CleanedStream.Change]] = [:]
    for (position, signal) in signals.enumerated() {
      let readings = try store.samples(of: signal, in: grid.start..<grid.end)
      let cleaned = Cleaning(grid: grid).apply(
        to: readings, quality: StreamQuality.assess(readings, of: signal))
      columns.append(cleaned.values)
      changes[signal.text] = cleaned.changes
      progress(position + 1, signals.count)
    }
    try write(columns, on: grid, to: file)
    let values = zip(signals, columns).map { ($0.text, $1.count { $0 != nil }) }
    return Outcome(
      rows: grid.count, values: Dictionary(values, uniquingKeysWith: { $1 }), changes: changes)
  }

  private func write(_ columns: [[Double?]], on grid: TimeGrid, to file: String) throws {
    do throws(CSVError) {
      let writer = try CSVWriter(path: file, header: ["time_utc"] + signals.map(\.text))
      for step in grid.indices {
        writer.append(grid.date(at: step))
        for column in columns { writer.append(column[step]) }
        try writer.endLine()
      }
      try writer.finish()
    } catch {
      throw TransferError.file(error)
    }
  }

  /// The steps in which any signal has readings.
  private func grid(of store: SQLiteHistory) throws -> TimeGrid {
    if let amount = signals.first(where: { [.kilowattHours, .millimetres].contains($0.unit) }) {
      throw TransferError.notAveraged(signal: amount.text)
    }
    let spans = try signals.map { signal in
      guard let span = try store.span(of: signal) else {
        throw TransferError.unknownSignal(
          signal.text, known: try store.signals().filter { $0.span != nil }.map(\.signal.text))
      }
      return span
    }
    let first = max(times.lowerBound, spans.map(\.lowerBound).min() ?? .distantFuture)
    let last = min(
      times.upperBound, (spans.map(\.upperBound).max() ?? .distantPast).addingTimeInterval(0.001))
    guard first < last else { throw TransferError.nothingToExport(store: store.file) }
    return TimeGrid(covering: first..<last, stepSeconds: stepSeconds)
  }
}
