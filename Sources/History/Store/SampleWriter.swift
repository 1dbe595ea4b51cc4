// SPDX-License-Identifier: MIT
import TimeSeries

/// Writes a fixed number of readings of one series at once.
///
/// Many rows a statement take half the processor time of as many statements: an import of 500 000
/// readings 0.45 s in place of 0.86 s.
struct SampleWriter {
  /// The rows of a statement for many readings.
  static let bulkRows = 64

  /// How many readings it takes at once.
  let rows: Int
  private let connection: SQLiteConnection
  private let insertion: SQLiteStatement
  private let replacement: SQLiteStatement

  init(_ connection: SQLiteConnection, rows: Int) throws(HistoryError) {
    self.connection = connection
    self.rows = rows
    let values = (0..<rows).map { "(?1, ?\(2 * $0 + 2), ?\(2 * $0 + 3))" }.joined(separator: ", ")
    let insert = "INSERT INTO sample VALUES \(values) ON CONFLICT DO "
    insertion = try SQLiteStatement(connection, insert + "NOTHING")
    replacement = try SQLiteStatement(
      connection, insert + "UPDATE SET v = excluded.v WHERE v <> excluded.v")
  }

  /// Stores readings; a later one at the same instant replaces an earlier one.
  ///
  /// - Precondition: there are `rows` of them, all finite.
  func merge(
    _ samples: ArraySlice<Sample>, series: Int64
  ) throws(HistoryError) -> MergeCounts {
    var counts = MergeCounts()
    counts.added = try run(insertion, samples, series)
    guard counts.added < rows else { return counts }
    counts.changed = try run(replacement, samples, series)
    counts.unchanged = rows - counts.added - counts.changed
    return counts
  }

  /// - Returns: how many rows were inserted or changed.
  private func run(
    _ statement: SQLiteStatement, _ samples: ArraySlice<Sample>, _ series: Int64
  ) throws(HistoryError) -> Int {
    try statement.bind(1, series)
    var parameter: Int32 = 2
    for sample in samples {
      try statement.bind(parameter, sample.time.milliseconds)
      try statement.bind(parameter + 1, sample.value)
      parameter += 2
    }
    _ = try statement.step()
    return connection.changedRows
  }
}
