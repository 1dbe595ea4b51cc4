// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A list of charging sessions, each with its begin, end and energy, as a file has them.
public struct SessionColumns: Sendable, Hashable, Decodable {
  /// The column with the end of a session, written as `time.column` is.
  public let endColumn: String
  /// What a session draws until it has its energy, in watts; `nil` spreads the energy evenly.
  public let powerWatts: Double?

  private enum CodingKeys: String, CodingKey {
    case endColumn = "end_column"
    case powerWatts = "power_w"
  }

  /// Reads the description of sessions.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    endColumn = try values.decode(String.self, forKey: .endColumn)
    powerWatts = try values.decodeIfPresent(Double.self, forKey: .powerWatts)
    if let powerWatts, !(100...1_000_000).contains(powerWatts) {
      throw values.corrupted("\(powerWatts) is not in 100…1000000", forKey: .powerWatts)
    }
  }
}

/// Makes means over steps out of sessions in any order; sessions at the same time add up.
///
/// A step without a session counts as zero: who lists sessions lists all of them.
struct SessionImport {
  /// A list that is longer has a wrong time in it, or steps that are too short.
  private static let mostSteps = 200_000
  /// No car is plugged in for longer, in milliseconds; a year that was mistyped is.
  private static let longestSession: Int64 = 62 * 86_400_000

  let mapping: ImportMapping
  let sessions: SessionColumns
  let file: String

  /// One session: from when to when, and the watt-hours of each signal.
  private struct Session {
    let start: Int64
    let end: Int64
    let wattHours: [Double?]
  }

  /// What a file gave: samples of each signal and how it went.
  struct Result {
    let samples: [[Sample]]
    let rows: Int
    let span: ClosedRange<Date>
    let findings: [ImportFinding]
  }

  /// Reads the whole file.
  func run(progress: (Int, Int) -> Void) throws(TransferError) -> Result {
    var log = FindingLog()
    var rows = 0
    let found = try TransferError.inFile { () throws(CSVError) in
      try read(&log, &rows, progress)
    }
    guard let first = found.map(\.start).min(), let last = found.map(\.end).max(),
      let step = mapping.time.stepSeconds.map({ Int64($0) * 1_000 })
    else { throw .noRows(file: file) }
    let start = first - (first % step + step) % step
    let count = Int((last - start + step - 1) / step)
    guard count <= Self.mostSteps else {
      throw .tooLong(file: file, steps: count)
    }
    let samples = mapping.signals.indices.map { index in
      energies(of: index, found, start: start, step: step, count: count).enumerated().map {
        Sample(
          time: Date(milliseconds: start + Int64($0) * step),
          value: $1 * 3_600_000 / Double(step))
      }
    }
    return Result(
      samples: samples, rows: rows, span: Date(milliseconds: first)...Date(milliseconds: last),
      findings: log.sorted)
  }

  private func read(
    _ log: inout FindingLog, _ rows: inout Int, _ progress: (Int, Int) -> Void
  ) throws(CSVError) -> [Session] {
    let reader = try CSVReader(path: file, delimiter: mapping.delimiter)
    let end = TimeColumn(
      column: sessions.endColumn, format: mapping.time.format, timeZone: mapping.time.timeZone,
      repeatedHour: mapping.time.repeatedHour)
    var (starts, ends) = (
      try TimeReader(mapping.time, in: reader), try TimeReader(end, in: reader)
    )
    var filter: (column: Int, value: String)?
    if let only = mapping.only { filter = (try reader.position(of: only.column), only.value) }
    let endColumn = try reader.position(of: sessions.endColumn)
    var columns: [Int] = []
    for signal in mapping.signals { columns.append(try reader.position(of: signal.column)) }
    var found: [Session] = []
    while let row = try reader.next() {
      if let filter, row.text(filter.column) != filter.value { continue }
      rows += 1
      guard !row.isEmpty(endColumn) else {
        log.note(.missingValue, sessions.endColumn, line: row.line, milliseconds: nil)
        continue
      }
      if rows % 65_536 == 0 { progress(reader.progress.done, reader.progress.total) }
      guard case .instant(let start) = try starts.read(row),
        case .instant(let end) = try ends.read(row)
      else {
        log.note(.skippedHour, mapping.time.column, line: row.line, milliseconds: nil)
        continue
      }
      let session = Session(
        start: start, end: end, wattHours: try energies(in: row, columns, from: start, &log))
      if isPossible(session, line: row.line, &log) { found.append(session) }
    }
    return found
  }

  private func energies(
    in row: CSVRow, _ columns: [Int], from start: Int64, _ log: inout FindingLog
  ) throws(CSVError) -> [Double?] {
    var energies: [Double?] = []
    for (signal, column) in zip(mapping.signals, columns) {
      let number = try row.number(
        column, missing: mapping.missing, decimalComma: mapping.hasDecimalComma)
      let energy = number.flatMap { number in signal.conversion.map { $0.apply(number) } }
      if energy == nil {
        log.note(.missingValue, signal.column, line: row.line, milliseconds: start)
      }
      energies.append(energy)
    }
    return energies
  }

  private func isPossible(_ session: Session, line: Int, _ log: inout FindingLog) -> Bool {
    let length = session.end - session.start
    guard length > 0, length <= Self.longestSession,
      session.wattHours.allSatisfy({ ($0 ?? 0) >= 0 })
    else {
      log.note(
        .outOfRange, mapping.time.column, line: line, milliseconds: session.start,
        detail: "a session that ends before it begins or lasts for months, or energy below zero")
      return false
    }
    return true
  }

  /// The watt-hours inside each step.
  private func energies(
    of index: Int, _ found: [Session], start: Int64, step: Int64, count: Int
  ) -> [Double] {
    var energies = [Double](repeating: 0, count: count)
    for session in found {
      guard let energy = session.wattHours[index], energy > 0 else { continue }
      var end = Double(session.end)
      if let power = sessions.powerWatts {
        end = min(end, Double(session.start) + energy / power * 3_600_000)
      }
      let whole = end - Double(session.start)
      var cursor = Double(session.start)
      while cursor < end {
        let position = Int((cursor - Double(start)) / Double(step))
        guard energies.indices.contains(position) else { break }
        let until = min(end, Double(start) + Double(position + 1) * Double(step))
        energies[position] += energy * (until - cursor) / whole
        cursor = until
      }
    }
    return energies
  }
}

extension SignalMapping {
  /// The one column of a signal that comes out of sessions.
  fileprivate var column: String { terms.first?.column ?? "" }
}
