// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// The readings of a house in one SQLite file: one writer, and as many readers beside it as like.
///
/// A value of this type is one connection and belongs to one task; each reader opens its own.
/// Instants are kept to the millisecond, numbers to the bit, except that -0 becomes 0.
public final class SQLiteHistory {
  /// What the file is opened for.
  public enum Access: Sendable, Hashable {
    /// To read; the file has to be there.
    case reading
    /// To read and write; a file that is not there is made.
    case writing
  }

  /// The path of the file.
  public let file: String
  let connection: SQLiteConnection
  private let reader: SampleReader
  private let singleWriter: SampleWriter
  private var preparedBulkWriter: SampleWriter?

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - file: its path.
  ///   - access: what for.
  ///   - patience: how long to wait while another program writes.
  /// - Throws: `missing`, `cannotOpen`, `notAStore`, `corrupt`, `busy`, `full`, `readOnly`,
  ///   `newerVersion`, `olderVersion`.
  public convenience init(
    file: String, access: Access, patience: Duration = .seconds(5)
  ) throws(HistoryError) {
    try self.init(file: file, access: access, patience: patience, schema: .current)
  }

  /// Opens a store of given tables whose file has at most `pageLimit` pages of 4 KiB.
  init(
    file: String, access: Access, patience: Duration = .seconds(5), schema: StoreSchema,
    pageLimit: Int? = nil
  ) throws(HistoryError) {
    if access == .reading, !FileManager.default.fileExists(atPath: file) {
      throw .missing(file: file)
    }
    let connection = try SQLiteConnection(
      file: file, isReadOnly: access == .reading,
      busyMilliseconds: Int(patience / .milliseconds(1)))
    if let pageLimit { try connection.run("PRAGMA max_page_count = \(pageLimit)") }
    try connection.run("PRAGMA cache_size = -32000")
    switch access {
    case .reading: try schema.checkReadable(connection)
    case .writing:
      // A foreign database is recognised before the journal mode would change it.
      _ = try connection.number("PRAGMA user_version")
      try schema.prepare(connection)
      // FULL: what was stored survives a power cut, also right after.
      try connection.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    self.file = file
    self.connection = connection
    reader = try SampleReader(connection)
    singleWriter = try SampleWriter(connection, rows: 1)
  }
}

extension SQLiteHistory: HistoryReading {
  /// All signals in the store, by name. Cost O(readings), about a second for 30 million.
  public func signals() throws(HistoryError) -> [SignalSummary] {
    let statement = try SQLiteStatement(
      connection,
      """
      SELECT name, count(t), min(t), max(t) FROM signal LEFT JOIN sample ON signal = id
      GROUP BY id ORDER BY name
      """)
    var summaries: [SignalSummary] = []
    while try statement.step() {
      let name = statement.text(0)
      guard let signal = SignalName(name) else {
        throw .corrupt(file: file, reason: "it has a signal '\(name)' of no known unit")
      }
      let span: ClosedRange<Date>? =
        try statement.isNull(2)
        ? nil : ordered(statement.integer(2), statement.integer(3))
      summaries.append(
        SignalSummary(signal: signal, count: Int(statement.integer(1)), span: span))
    }
    return summaries
  }

  /// The readings of a signal inside a half-open time, in ascending order; empty when unknown.
  public func samples(
    of signal: SignalName, in times: Range<Date>
  ) throws(HistoryError) -> [Sample] {
    guard let identifier = try identifier(of: signal) else { return [] }
    return try reader.samples(
      series: identifier, in: times.lowerBound.milliseconds..<times.upperBound.milliseconds)
  }

  /// From the first reading of a signal to the last, both included; `nil` when there are none.
  public func span(of signal: SignalName) throws(HistoryError) -> ClosedRange<Date>? {
    guard let identifier = try identifier(of: signal) else { return nil }
    let statement = try SQLiteStatement(
      connection,
      """
      SELECT (SELECT min(t) FROM sample WHERE signal = ?1),
        (SELECT max(t) FROM sample WHERE signal = ?1)
      """)
    try statement.bind(1, identifier)
    guard try statement.step(), !statement.isNull(0) else { return nil }
    return try ordered(statement.integer(0), statement.integer(1))
  }

  /// From the first to the last instant; only a damaged file has them the other way round.
  private func ordered(_ first: Int64, _ last: Int64) throws(HistoryError) -> ClosedRange<Date> {
    guard first <= last else {
      throw .corrupt(file: file, reason: "its readings are out of order")
    }
    return Date(milliseconds: first)...Date(milliseconds: last)
  }

  func identifier(of signal: SignalName) throws(HistoryError) -> Int64? {
    let statement = try SQLiteStatement(connection, "SELECT id FROM signal WHERE name = ?1")
    try statement.bind(1, signal.text)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }
}

extension SQLiteHistory: HistoryWriting {
  /// Stores readings of a signal; one at the same instant replaces the older one. All or nothing.
  ///
  /// - Throws: `notFinite`, `busy`, `full`, `readOnly`, `corrupt`, `failed`.
  public func store(_ samples: [Sample], for signal: SignalName) throws(HistoryError) {
    _ = try merge(samples, for: signal)
  }

  /// Stores readings as `store` does and tells what that has changed.
  public func merge(
    _ samples: [Sample], for signal: SignalName
  ) throws(HistoryError) -> MergeCounts {
    try requireFinite(samples, of: signal)
    return try connection.transaction(wrapping: { $0 }) { () throws(HistoryError) in
      try insert(samples, for: signal)
    }
  }

  func requireFinite(_ samples: [Sample], of signal: SignalName) throws(HistoryError) {
    for sample in samples where !sample.value.isFinite {
      throw .notFinite(signal: signal, time: sample.time)
    }
  }

  /// Merges finite readings inside a transaction.
  func insert(
    _ samples: [Sample], for signal: SignalName
  ) throws(HistoryError) -> MergeCounts {
    let identifier = try madeIdentifier(of: signal)
    var counts = MergeCounts()
    var rest = samples[...]
    while !rest.isEmpty {
      let writer = rest.count >= SampleWriter.bulkRows ? try bulkWriter() : singleWriter
      counts += try writer.merge(rest.prefix(writer.rows), series: identifier)
      rest = rest.dropFirst(writer.rows)
    }
    return counts
  }

  private func bulkWriter() throws(HistoryError) -> SampleWriter {
    if let preparedBulkWriter { return preparedBulkWriter }
    let writer = try SampleWriter(connection, rows: SampleWriter.bulkRows)
    preparedBulkWriter = writer
    return writer
  }

  private func madeIdentifier(of signal: SignalName) throws(HistoryError) -> Int64 {
    if let identifier = try identifier(of: signal) { return identifier }
    let statement = try SQLiteStatement(connection, "INSERT INTO signal(name) VALUES(?1)")
    try statement.bind(1, signal.text)
    _ = try statement.step()
    guard let identifier = try identifier(of: signal) else {
      throw .failed(file: file, reason: "a new signal is not there")
    }
    return identifier
  }
}
