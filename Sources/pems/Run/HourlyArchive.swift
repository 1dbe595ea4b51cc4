// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TimeSeries

/// Hourly means of the store's signals. What was read once is not read again: two years of minutes
/// are read at the first question only.
struct HourlyArchive: Sendable {
  /// Readings may come late by this much, hours.
  private static let lateness = 3
  /// Hours that are read at a time.
  private static let chunk = 30 * 24

  private let path: String
  private let signals: [SignalName]
  private let days: Int
  private var start: Date?
  private var columns: [SignalName: [Double?]] = [:]

  /// An archive that has read nothing.
  ///
  /// - Parameter days: how far back it reaches.
  init(path: String, signals: [SignalName], days: Int) {
    self.path = path
    self.signals = signals
    self.days = days
  }

  /// Whether anything was read.
  var isRead: Bool { start != nil }

  /// The hours that are known.
  var grid: TimeGrid {
    TimeGrid(
      start: start ?? Date(timeIntervalSince1970: 0), stepSeconds: 3_600,
      count: columns.values.first?.count ?? 0)
  }

  /// Reads the hours that are over.
  ///
  /// - Throws: `HistoryError`.
  mutating func read(until now: Date) throws {
    let end = TimeGrid.floor(now, stepSeconds: 3_600)
    let history = try SQLiteHistory(file: path, access: .reading)
    let oldest = end.addingTimeInterval(-Double(days) * 86_400)
    let spans = try signals.compactMap { try history.span(of: $0)?.lowerBound }
    guard let first = spans.min() else { return }
    let begin = start ?? TimeGrid.floor(max(oldest, first), stepSeconds: 3_600)
    guard end > begin else { return }
    let count = Int(end.timeIntervalSince(begin) / 3_600)
    var read = columns
    for signal in signals {
      var values = read[signal] ?? []
      values.removeLast(min(values.count, Self.lateness))
      while values.count < count {
        let part = TimeGrid(
          start: begin.addingTimeInterval(Double(values.count) * 3_600), stepSeconds: 3_600,
          count: min(Self.chunk, count - values.count))
        let samples = try history.samples(of: signal, in: part.start..<part.end)
        values += Resampling.mean.apply(samples, to: part)
      }
      read[signal] = values
    }
    (start, columns) = (begin, read)
  }

  /// Whether a signal was ever measured.
  func isMeasured(_ signal: SignalName) -> Bool {
    columns[signal]?.contains { $0 != nil } ?? false
  }

  /// A signal over the hours that are known; `nil` where it was never measured.
  func series<Value: Quantity>(_ signal: SignalName) -> Series<Value>? {
    guard isMeasured(signal), let values = columns[signal] else { return nil }
    return Series(grid: grid, values: values.map { $0.map { Value(rawValue: $0) } })
  }
}
