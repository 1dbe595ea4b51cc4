// SPDX-License-Identifier: MIT
internal import CSQLite
import Foundation
import TimeSeries

/// Reads a piece of one series at once.
///
/// The rows go from the loop inside SQLite straight into an array, by an aggregate function of this
/// program. Handing each row out of that loop, with its two columns, costs half as much again.
final class SampleReader {
  private let statement: SQLiteStatement
  private let found: UnsafeMutablePointer<[Sample]>

  /// Adds the function to a connection, which must not be used for it by anybody else.
  init(_ connection: SQLiteConnection) throws(HistoryError) {
    found = .allocate(capacity: 1)
    found.initialize(to: [])
    do throws(HistoryError) {
      try connection.check(
        sqlite3_create_function_v2(
          connection.handle, "collect", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, found, nil,
          { context, _, values in
            guard let values, let found = sqlite3_user_data(context) else { return }
            let sample = Sample(
              time: Date(milliseconds: sqlite3_value_int64(values[0])),
              value: sqlite3_value_double(values[1]))
            found.assumingMemoryBound(to: [Sample].self).pointee.append(sample)
          }, { _ in }, nil))
      statement = try SQLiteStatement(
        connection,
        "SELECT collect(t, v) FROM sample WHERE signal = ?1 AND t >= ?2 AND t < ?3")
    } catch {
      Self.free(found)
      throw error
    }
  }

  deinit { Self.free(found) }

  private static func free(_ found: UnsafeMutablePointer<[Sample]>) {
    found.deinitialize(count: 1)
    found.deallocate()
  }

  /// The readings of a series in a half-open time, in ascending order.
  func samples(
    series: Int64, in milliseconds: Range<Int64>
  ) throws(HistoryError) -> [Sample] {
    try statement.bind(1, series)
    try statement.bind(2, milliseconds.lowerBound)
    try statement.bind(3, milliseconds.upperBound)
    found.pointee = []
    _ = try statement.step()
    statement.reset()
    let samples = found.pointee
    found.pointee = []
    // The rows come by their key, for that is how they are found; an aggregate has no promise of it.
    return samples.ascends ? samples : samples.sorted { $0.time < $1.time }
  }
}

extension [Sample] {
  /// Whether each reading is later than the one before it.
  fileprivate var ascends: Bool {
    for index in indices.dropFirst() where self[index].time <= self[index - 1].time { return false }
    return true
  }
}
