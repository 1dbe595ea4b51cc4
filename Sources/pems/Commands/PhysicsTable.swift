// SPDX-License-Identifier: MIT
import History

/// Results beside the inputs they came from; a missing number is NaN inside and empty in the file.
struct PhysicsTable {
  private let source: CSVTable
  private var results: [(column: String, numbers: [Double])] = []

  /// The inputs of a file, `-` for standard input.
  init(path: String) throws { source = try CSVTable(path: path) }

  /// How many lines.
  var count: Int { source.rows.count }

  /// A column as text.
  func text(_ column: String) throws -> [String] { try source.texts(column) }

  /// A column as numbers.
  func numbers(_ column: String) throws -> [Double] {
    try source.numbers(column).map { $0 ?? .nan }
  }

  /// Adds a column of results.
  mutating func set(_ column: String, _ numbers: [Double]) { results.append((column, numbers)) }

  /// Writes inputs as they were and results, `-` for standard output.
  func write(path: String) throws {
    let inputs = source.header.filter { $0.hasPrefix("in_") }
    let texts = try inputs.map { try source.texts($0) }
    let writer = try CSVWriter(path: path, header: inputs + results.map(\.column))
    for row in 0..<count {
      for column in texts { writer.append(column[row]) }
      for column in results {
        writer.append(column.numbers[row].isNaN ? nil : column.numbers[row])
      }
      try writer.endLine()
    }
    try writer.finish()
  }
}
