// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// Brings a file of series into a store: all of the file or, when anything in it is wrong, nothing.
public struct SeriesImporter: Sendable {
  /// How many rows are kept in memory before they go to the store, where one signal after another
  /// is written faster than all of them row by row.
  private static let rowsInMemory = 65_536

  private let mapping: ImportMapping?

  /// An importer.
  ///
  /// - Parameter mapping: how the columns become signals; without one the first column is
  ///   `time_utc` and every other one is named as its signal.
  public init(mapping: ImportMapping?) { self.mapping = mapping }

  /// Imports one file.
  ///
  /// - Parameters:
  ///   - file: its path, plain or gzip.
  ///   - store: where to.
  ///   - progress: told now and then how much of the file is done, in bytes.
  public func run(
    file: String, into store: SQLiteHistory,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(TransferError) -> ImportReport {
    guard file != "-" else { throw .needsFile }
    let mapping = try mapping(for: file)
    if let sessions = mapping.sessions {
      return try run(
        SessionImport(mapping: mapping, sessions: sessions, file: file), into: store, progress)
    }
    let needsSurvey = SignalAssembly(mapping, file: file).needsSurvey
    let frozen =
      needsSurvey
      ? try survey(file, mapping) { done, total in progress(done, 2 * total) } : []
    let assembly = SignalAssembly(mapping, file: file, frozen: frozen)
    return try store.connection.transaction(wrapping: TransferError.store) {
      () throws(TransferError) in
      try fill(store, file, mapping, assembly) { done, total in
        if needsSurvey { progress(total + done, 2 * total) } else { progress(done, total) }
      }
    }
  }

  /// Imports a list of sessions.
  private func run(
    _ sessions: SessionImport, into store: SQLiteHistory, _ progress: (Int, Int) -> Void
  ) throws(TransferError) -> ImportReport {
    let result = try sessions.run(progress: progress)
    let counts = try store.connection.transaction(wrapping: TransferError.store) {
      () throws(TransferError) in
      var counts: [ImportReport.SignalCount] = []
      for (signal, samples) in zip(sessions.mapping.signals, result.samples) {
        let stored = try TransferError.inStore { () throws(HistoryError) in
          try store.insert(samples, for: signal.signal)
        }
        counts.append(.init(signal: signal.signal.text, stored: stored, missing: 0))
      }
      return counts
    }
    return ImportReport(
      file: sessions.file, rows: result.rows, stepSeconds: sessions.mapping.time.stepSeconds,
      span: result.span, signals: counts, findings: result.findings)
  }

  /// Reads the meters once to find those that stand still before they catch up.
  private func survey(
    _ file: String, _ mapping: ImportMapping, progress: (Int, Int) -> Void
  ) throws(TransferError) -> [[[Range<Int64>]]] {
    var assembly = SignalAssembly(mapping, file: file)
    var rows = try Self.rows(of: file, mapping, assembly.columnNames)
    var frozen: [[[Range<Int64>]]] = []
    while let row = try rows.next() {
      assembly.survey(row, into: &frozen)
      if rows.count % Self.rowsInMemory == 0 { progress(rows.progress.done, rows.progress.total) }
    }
    return frozen
  }

  private func fill(
    _ store: SQLiteHistory, _ file: String, _ mapping: ImportMapping, _ assembly: SignalAssembly,
    progress: (Int, Int) -> Void
  ) throws(TransferError) -> ImportReport {
    var assembly = assembly
    var rows = try Self.rows(of: file, mapping, assembly.columnNames)
    var ledger = ImportLedger(mapping.signals.map(\.signal))
    var log = FindingLog()
    var span: (first: Int64, last: Int64)?
    while let row = try rows.next() {
      span = (span?.first ?? row.time, row.time)
      try assembly.take(row, log: &log) { ledger.add($0, $1, $2) }
      guard rows.count % Self.rowsInMemory == 0 else { continue }
      try ledger.flush(into: store)
      progress(rows.progress.done, rows.progress.total)
    }
    guard let span else { throw .noRows(file: file) }
    try ledger.flush(into: store)
    let step = mapping.time.stepSeconds.map { Int64($0) * 1_000 } ?? rows.distances.usual
    var findings = rows.log
    if let step { rows.distances.noteGaps(step: step, column: mapping.time.column, in: &findings) }
    progress(rows.progress.total, rows.progress.total)
    return ImportReport(
      file: file, rows: rows.count, stepSeconds: step.map { Int($0 / 1_000) },
      span: Date(milliseconds: span.first)...Date(milliseconds: span.last),
      signals: ledger.counts, findings: (findings.sorted + log.sorted).sortedByLine)
  }

  private static func rows(
    of file: String, _ mapping: ImportMapping, _ columns: [String]
  ) throws(TransferError) -> MappedRows {
    try TransferError.inFile { () throws(CSVError) in
      try MappedRows(file: file, mapping: mapping, columnNames: columns)
    }
  }

  /// The given mapping, or the one of a file whose columns are named as the signals.
  private func mapping(for file: String) throws(TransferError) -> ImportMapping {
    if let mapping { return mapping }
    let header = try TransferError.inFile { () throws(CSVError) in
      try CSVReader(path: file).header
    }
    guard header.first == "time_utc" else {
      throw .noTimeColumn(file: file, found: header.first ?? "")
    }
    var signals: [SignalMapping] = []
    for column in header.dropFirst() {
      guard let signal = SignalName(column) else {
        throw .notASignal(file: file, column: column, reason: SignalName.problem(with: column))
      }
      signals.append(SignalMapping(own: signal, column: column))
    }
    return ImportMapping(time: TimeColumn(column: "time_utc"), signals: signals)
  }
}

/// The readings on their way to the store, and what has become of them.
private struct ImportLedger {
  private let signals: [SignalName]
  private var waiting: [[Sample]]
  private var stored: [MergeCounts]
  private var missing: [Int]

  init(_ signals: [SignalName]) {
    self.signals = signals
    waiting = signals.map { _ in [] }
    stored = signals.map { _ in MergeCounts() }
    missing = signals.map { _ in 0 }
  }

  mutating func add(_ signal: Int, _ milliseconds: Int64, _ value: Double?) {
    if let value {
      waiting[signal].append(Sample(time: Date(milliseconds: milliseconds), value: value))
    } else {
      missing[signal] += 1
    }
  }

  mutating func flush(into store: SQLiteHistory) throws(TransferError) {
    for index in signals.indices {
      do throws(HistoryError) {
        stored[index] += try store.merge(waiting[index], for: signals[index])
      } catch { throw .store(error) }
      waiting[index].removeAll(keepingCapacity: true)
    }
  }

  var counts: [ImportReport.SignalCount] {
    signals.indices.map {
      ImportReport.SignalCount(
        signal: signals[$0].text, stored: stored[$0], missing: missing[$0])
    }
  }
}

extension [ImportFinding] {
  fileprivate var sortedByLine: Self { sorted { $0.firstLine < $1.firstLine } }
}
