// SPDX-License-Identifier: MIT
public import Foundation

/// A table file that is small enough to be in memory: a header and columns of text or numbers.
public struct CSVTable: Sendable {
  /// The path of the file; `-` for standard input.
  public let file: String
  private let names: CSVHeader
  /// The lines below the header.
  public let rows: [CSVRow]

  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzip; `-` is standard input.
  ///   - delimiter: what separates fields; `nil` finds it in the header.
  /// - Throws: whatever `CSVReader` throws.
  public init(path: String, delimiter: CSVReader.Delimiter? = nil) throws(CSVError) {
    let reader = try CSVReader(path: path, delimiter: delimiter)
    var rows: [CSVRow] = []
    while let row = try reader.next() { rows.append(row) }
    file = path
    names = CSVHeader(file: path, names: reader.header)
    self.rows = rows
  }

  /// The names of the columns.
  public var header: [String] { names.names }

  /// Whether there is a column of this name.
  public func has(_ column: String) -> Bool { header.contains(column) }

  /// The texts of a column.
  ///
  /// - Throws: `noColumn`, `repeatedColumn`.
  public func texts(_ column: String) throws(CSVError) -> [String] {
    let position = try names.position(of: column)
    return rows.map { $0.text(position) }
  }

  /// The numbers of a column, `nil` where a field is empty or one of the `missing` texts.
  ///
  /// - Throws: `noColumn`, `repeatedColumn`, `notANumber`, `notFinite`.
  public func numbers(
    _ column: String, missing: Set<String> = []
  ) throws(CSVError) -> [Double?] {
    let position = try names.position(of: column)
    var numbers: [Double?] = []
    numbers.reserveCapacity(rows.count)
    for row in rows { numbers.append(try row.number(position, missing: missing)) }
    return numbers
  }

  /// The numbers of a column in which none may be missing.
  ///
  /// - Throws: `noColumn`, `repeatedColumn`, `notANumber`, `notFinite`, `missingValue`.
  public func completeNumbers(_ column: String) throws(CSVError) -> [Double] {
    let position = try names.position(of: column)
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count)
    for row in rows {
      guard let number = try row.number(position) else { throw row.error(.missingValue, position) }
      numbers.append(number)
    }
    return numbers
  }

  /// The instants of a column of ISO 8601 text with a zone.
  ///
  /// - Throws: `noColumn`, `repeatedColumn`, `notATime`.
  public func instants(_ column: String) throws(CSVError) -> [Date] {
    let position = try names.position(of: column)
    var instants: [Date] = []
    instants.reserveCapacity(rows.count)
    for row in rows { instants.append(try row.instant(position)) }
    return instants
  }
}
