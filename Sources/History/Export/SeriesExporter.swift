// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// Writes signals of a store to a file of series: `time_utc`, then one column a signal.
public struct SeriesExporter: Sendable {
  /// What an export has written.
  public struct Outcome: Sendable, Hashable, Codable {
    /// How many lines there are below the header.
    public let rows: Int
    /// How many readings there are of each signal, by its name.
    public let readings: [String: Int]
  }

  private let signals: [SignalName]
  private let times: Range<Date>
  private let stepSeconds: Int?

  /// An exporter.
  ///
  /// - Parameters:
  ///   - signals: the columns, in this order.
  ///   - times: which half-open time; the store's own where it reaches further.
  ///   - stepSeconds: means over such steps; `nil` writes the readings as they are, one line an
  ///     instant at which any signal has one.
  public init(signals: [SignalName], times: Range<Date>, stepSeconds: Int? = nil) {
    self.signals = signals
    self.times = times
    self.stepSeconds = stepSeconds
  }

  /// Writes the file.
  ///
  /// - Parameter progress: told how many seconds of how many are done.
  /// - Throws: `store`, `file`.
  public func run(
    from store: SQLiteHistory, to file: String,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(TransferError) -> Outcome {
    let span = try checkedSpan(in: store)
    let total = Int(span.upperBound.timeIntervalSince(span.lowerBound))
    var rows = 0
    var readings = [Int](repeating: 0, count: signals.count)
    let writer = try TransferError.inFile { () throws(CSVError) in
      try CSVWriter(path: file, header: ["time_utc"] + signals.map(\.text))
    }
    var start = span.lowerBound
    while start < span.upperBound {
      let end = min(start.addingTimeInterval(pieceSeconds), span.upperBound)
      let lines = try TransferError.inStore { () throws(HistoryError) in
        try self.lines(of: store, in: start..<end)
      }
      try TransferError.inFile { () throws(CSVError) in
        for line in lines { try write(line, writer, &readings) }
      }
      rows += lines.count
      start = end
      progress(Int(start.timeIntervalSince(span.lowerBound)), total)
    }
    try TransferError.inFile { () throws(CSVError) in try writer.finish() }
    return Outcome(
      rows: rows, readings: Dictionary(uniqueKeysWithValues: zip(signals.map(\.text), readings)))
  }

  /// One line of the file.
  private struct Line {
    let time: Date
    var values: [Double?]
  }

  /// How much time is read at once: whole steps of about 30 days.
  private var pieceSeconds: Double {
    let step = stepSeconds ?? 1
    return Double(max(1, 30 * 86_400 / step) * step)
  }

  private func write(
    _ line: Line, _ writer: CSVWriter, _ readings: inout [Int]
  ) throws(CSVError) {
    writer.append(line.time)
    for (index, value) in line.values.enumerated() {
      writer.append(value)
      if value != nil { readings[index] += 1 }
    }
    try writer.endLine()
  }

  /// The time in which any of the signals has readings, from the start of a step.
  private func checkedSpan(in store: SQLiteHistory) throws(TransferError) -> Range<Date> {
    if stepSeconds != nil,
      let amount = signals.first(where: { [.kilowattHours, .millimetres].contains($0.unit) })
    {
      throw .notAveraged(signal: amount.text)
    }
    var span: ClosedRange<Date>?
    for signal in signals {
      let found = try TransferError.inStore { () throws(HistoryError) in
        try store.span(of: signal)
      }
      guard let found else {
        let known = try TransferError.inStore { () throws(HistoryError) in try store.signals() }
        throw .unknownSignal(signal.text, known: known.filter { $0.span != nil }.map(\.signal.text))
      }
      span =
        min(
          found.lowerBound, span?.lowerBound ?? found.lowerBound)...max(
          found.upperBound, span?.upperBound ?? found.upperBound)
    }
    guard let span else { throw .nothingToExport(store: store.file) }
    let start = max(times.lowerBound, span.lowerBound)
    let end = min(times.upperBound, span.upperBound.addingTimeInterval(0.001))
    guard start < end else { throw .nothingToExport(store: store.file) }
    return (stepSeconds.map { TimeGrid.floor(start, stepSeconds: $0) } ?? start)..<end
  }

  private func lines(
    of store: SQLiteHistory, in piece: Range<Date>
  ) throws(HistoryError) -> [Line] {
    var columns: [[Sample]] = []
    for signal in signals { columns.append(try store.samples(of: signal, in: piece)) }
    guard let stepSeconds else { return Self.merged(columns) }
    let grid = TimeGrid(covering: piece, stepSeconds: stepSeconds)
    let means = columns.map { Resampling.mean.apply($0, to: grid) }
    return grid.indices.map { step in
      Line(time: grid.date(at: step), values: means.map { $0[step] })
    }
  }

  /// One line for each instant at which any column has a reading.
  private static func merged(_ columns: [[Sample]]) -> [Line] {
    var positions = columns.map { _ in 0 }
    var lines: [Line] = []
    while true {
      var time = Date.distantFuture
      for (column, position) in zip(columns, positions) where position < column.count {
        time = min(time, column[position].time)
      }
      guard time < .distantFuture else { return lines }
      var line = Line(time: time, values: [])
      line.values.reserveCapacity(columns.count)
      for index in columns.indices {
        let position = positions[index]
        guard position < columns[index].count, columns[index][position].time == time else {
          line.values.append(nil)
          continue
        }
        line.values.append(columns[index][position].value)
        positions[index] += 1
      }
      lines.append(line)
    }
  }
}
