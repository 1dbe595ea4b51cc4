// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

extension SQLiteHistory {
  /// How far a signal was copied out of another store: from the beginning that was asked for to the
  /// last reading that was found; `nil` when it never was.
  ///
  /// Readings that came another way do not count, so that a store with live readings still takes
  /// the years before them.
  ///
  /// - Parameter source: the name of the other store.
  public func copied(
    of signal: SignalName, from source: String
  ) throws(HistoryError) -> ClosedRange<Date>? {
    let statement = try SQLiteStatement(
      connection, "SELECT first, last FROM copied WHERE source = ?1 AND signal = ?2")
    try statement.bind(1, source)
    try statement.bind(2, signal.text)
    guard try statement.step() else { return nil }
    let (first, last) = (statement.integer(0), statement.integer(1))
    return Date(milliseconds: min(first, last))...Date(milliseconds: last)
  }

  /// Stores readings that were copied, and how far the copy is with them: all or nothing.
  ///
  /// - Parameters:
  ///   - columns: signals with readings that ascend in time; one without readings changes nothing.
  ///   - first: since when everything of the source is here.
  /// - Returns: what has changed, for each signal.
  /// - Throws: what `store` throws.
  public func store(
    _ columns: [(signal: SignalName, samples: [Sample])], copiedFrom source: String,
    since first: Date
  ) throws(HistoryError) -> [MergeCounts] {
    for (signal, samples) in columns { try requireFinite(samples, of: signal) }
    guard columns.contains(where: { !$0.samples.isEmpty }) else {
      return columns.map { _ in MergeCounts() }
    }
    return try connection.transaction(wrapping: { $0 }) { () throws(HistoryError) in
      var counts: [MergeCounts] = []
      for (signal, samples) in columns {
        guard let last = samples.last else {
          counts.append(MergeCounts())
          continue
        }
        counts.append(try insert(samples, for: signal))
        try note(signal, copiedFrom: source, first...last.time)
      }
      return counts
    }
  }

  private func note(
    _ signal: SignalName, copiedFrom source: String, _ span: ClosedRange<Date>
  ) throws(HistoryError) {
    let statement = try SQLiteStatement(
      connection, "INSERT OR REPLACE INTO copied(source, signal, first, last) VALUES(?1,?2,?3,?4)")
    try statement.bind(1, source)
    try statement.bind(2, signal.text)
    try statement.bind(3, span.lowerBound.milliseconds)
    try statement.bind(4, span.upperBound.milliseconds)
    _ = try statement.step()
  }
}
