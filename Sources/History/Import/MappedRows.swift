// SPDX-License-Identifier: MIT
import Foundation

/// One row of a file: when, and the numbers of the columns that are wanted.
struct MappedRow {
  let line: Int
  /// Milliseconds since 1970, UTC, as the file names it.
  let time: Int64
  /// One a wanted column; `nil` where nothing is.
  var values: [Double?]
}

/// The rows of a file in ascending time, each later than the one before.
struct MappedRows {
  private let mapping: ImportMapping
  private let reader: CSVReader
  private let columns: [Int]
  private let columnNames: [String]
  /// The position of the column that has to have a text, and the text.
  private let filter: (column: Int, value: String)?
  private var times: TimeReader
  private var previous: MappedRow?
  /// How many rows were read, also those that were left out.
  private(set) var count = 0
  /// The distances between rows, with the line and the time before the first of each.
  private(set) var distances = RowDistances()
  /// What was left out or empty.
  private(set) var log = FindingLog()

  /// Opens a file.
  init(
    file: String, mapping: ImportMapping, columnNames: [String]
  ) throws(CSVError) {
    self.mapping = mapping
    self.columnNames = columnNames
    reader = try CSVReader(path: file, delimiter: mapping.delimiter)
    times = try TimeReader(mapping.time, in: reader)
    var columns: [Int] = []
    for name in columnNames { columns.append(try reader.position(of: name)) }
    self.columns = columns
    var filter: (Int, String)?
    if let only = mapping.only { filter = (try reader.position(of: only.column), only.value) }
    self.filter = filter
  }

  /// How many bytes of the file are read, and how many it has.
  var progress: (done: Int, total: Int) { reader.progress }

  /// The next row that is in order, or `nil` at the end.
  mutating func next() throws(TransferError) -> MappedRow? {
    while let row = try rawRow() {
      guard let mapped = row else { continue }
      if try accept(mapped) { return mapped }
    }
    noteRepeatedHours()
    return nil
  }

  /// The next row, `.some(nil)` when its time does not exist, `nil` at the end.
  private mutating func rawRow() throws(TransferError) -> MappedRow?? {
    do throws(CSVError) {
      guard let row = try reader.next() else { return nil }
      if let filter, row.text(filter.column) != filter.value { return .some(nil) }
      count += 1
      return .some(try read(row))
    } catch { throw .file(error) }
  }

  private mutating func read(_ row: CSVRow) throws(CSVError) -> MappedRow? {
    switch try times.read(row) {
    case .skipped:
      log.note(.skippedHour, mapping.time.column, line: row.line, milliseconds: nil)
      return nil
    case .instant(let time):
      var mapped = MappedRow(line: row.line, time: time, values: [])
      mapped.values.reserveCapacity(columns.count)
      for (index, column) in columns.enumerated() {
        let value = try row.number(
          column, missing: mapping.missing, decimalComma: mapping.hasDecimalComma)
        mapped.values.append(value)
        if value == nil {
          log.note(.missingValue, columnNames[index], line: row.line, milliseconds: time)
        }
      }
      return mapped
    }
  }

  private mutating func accept(_ row: MappedRow) throws(TransferError) -> Bool {
    guard let previous else {
      self.previous = row
      return true
    }
    let kind: ImportFinding.Kind
    switch row.time - previous.time {
    case 1...:
      distances.add(from: previous, to: row)
      self.previous = row
      return true
    case 0:
      kind = .repeatedTime
      guard mapping.disorder == .drop || row.values == previous.values else {
        throw .repeatedTime(file: reader.file, line: row.line, time: Date(milliseconds: row.time))
      }
    default:
      kind = .backwardTime
      guard mapping.disorder == .drop else {
        throw .backwardTime(
          file: reader.file, line: row.line, time: Date(milliseconds: row.time),
          previous: Date(milliseconds: previous.time))
      }
    }
    log.note(kind, mapping.time.column, line: row.line, milliseconds: row.time)
    return false
  }

  private mutating func noteRepeatedHours() {
    guard times.repeated.count > 0 else { return }
    log.note(
      .repeatedHour, mapping.time.column, line: times.repeated.firstLine, milliseconds: nil,
      count: times.repeated.count)
  }
}

/// How far apart the rows of a file are.
struct RowDistances {
  private var first: [Int64: (count: Int, line: Int, time: Int64)] = [:]

  mutating func add(from row: MappedRow, to next: MappedRow) {
    first[next.time - row.time, default: (0, next.line, row.time)].count += 1
  }

  /// The distance that most rows have, in milliseconds; `nil` with less than two rows.
  var usual: Int64? {
    first.max { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) }?.key
  }

  /// Notes the distances that are longer than one and a half steps.
  func noteGaps(step: Int64, column: String, in log: inout FindingLog) {
    let gaps = first.filter { $0.key * 2 > step * 3 }
    guard let earliest = gaps.min(by: { $0.value.time < $1.value.time }),
      let longest = gaps.keys.max()
    else { return }
    let missing = gaps.reduce(0) { $0 + Int($1.key / step - 1) * $1.value.count }
    log.note(
      .gap, column, line: earliest.value.line, milliseconds: earliest.value.time,
      count: gaps.values.reduce(0) { $0 + $1.count },
      detail: "\(missing) steps missing, the longest gap is \(Self.hours(longest))")
  }

  private static func hours(_ milliseconds: Int64) -> String {
    "\(NumberText.text((Double(milliseconds) / 36_000).rounded() / 100)) h"
  }
}
