// SPDX-License-Identifier: MIT
import Foundation

/// Columns of numbers by name; an empty field is NaN, as in the reference vectors.
struct PhysicsTable {
  /// What a message calls the table.
  let name: String
  private(set) var columns: [String] = []
  private var fields: [String: [String]] = [:]
  let count: Int

  /// The table of a CSV text with a header and without quoted fields.
  init(csv text: String, name: String) throws {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let header = lines.first else { throw CommandFailure.failed("\(name) is empty") }
    self.name = name
    columns = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    count = lines.count - 1
    var collected = columns.map { _ in [String]() }
    for (row, line) in lines.dropFirst().enumerated() {
      let values = line.split(separator: ",", omittingEmptySubsequences: false)
      guard values.count == columns.count else {
        throw CommandFailure.failed(
          "\(name), line \(row + 2): \(values.count) fields under \(columns.count) headings")
      }
      for (column, value) in values.enumerated() { collected[column].append(String(value)) }
    }
    fields = Dictionary(zip(columns, collected)) { first, _ in first }
  }

  /// The inputs of another table, ready for results.
  init(inputsOf other: PhysicsTable) {
    name = other.name
    count = other.count
    columns = other.columns.filter { $0.hasPrefix("in_") }
    fields = other.fields
  }

  /// A column as text.
  func text(_ column: String) throws -> [String] {
    guard let values = fields[column] else {
      throw CommandFailure.failed("\(name) has no column \(column)")
    }
    return values
  }

  /// A column as numbers.
  func numbers(_ column: String) throws -> [Double] {
    try text(column).enumerated().map { row, field in
      if field.isEmpty { return .nan }
      guard let number = Double(field) else {
        throw CommandFailure.failed("\(name), line \(row + 2): \(column) '\(field)' is no number")
      }
      return number
    }
  }

  /// Adds a column of results.
  mutating func set(_ column: String, _ numbers: [Double]) {
    if fields[column] == nil || !columns.contains(column) { columns.append(column) }
    fields[column] = numbers.map { $0.isNaN ? "" : "\($0)" }
  }

  /// The table as CSV.
  var csv: String {
    var text = columns.joined(separator: ",") + "\n"
    let contents = columns.compactMap { fields[$0] }
    for row in 0..<count {
      text += contents.map { $0[row] }.joined(separator: ",") + "\n"
    }
    return text
  }
}
