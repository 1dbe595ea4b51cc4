// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// One file of the physics format: the columns it needs and how the results come from them.
struct PhysicsModel: Sendable {
  let name: String
  let inputs: [String]
  let results: @Sendable (PhysicsRows) throws -> [(String, [Double])]

  /// The inputs with the results beside them.
  func compute(_ table: PhysicsTable) throws -> PhysicsTable {
    var rows = PhysicsRows(count: table.count)
    for input in inputs {
      let column = "in_\(input)"
      if Self.texts.contains(input) {
        rows.texts[input] = try table.text(column)
      } else {
        rows.columns[input] = try table.numbers(column)
      }
    }
    var output = table
    for (column, numbers) in try results(rows) { output.set("out_\(column)", numbers) }
    return output
  }

  private static let texts: Set<String> = ["series_id", "system", "site"]

  /// A model that computes each row by itself.
  init(
    _ name: String, _ inputs: [String], _ outputs: [String],
    row: @escaping @Sendable (PhysicsRow) -> [Double]
  ) {
    self.name = name
    self.inputs = inputs
    results = { rows in
      var columns = outputs.map { _ in [Double]() }
      for index in 0..<rows.count {
        for (column, value) in row(PhysicsRow(rows: rows, index: index)).enumerated() {
          columns[column].append(value)
        }
      }
      return Array(zip(outputs, columns))
    }
  }

  /// A model whose rows depend on each other.
  init(
    series name: String, _ inputs: [String],
    results: @escaping @Sendable (PhysicsRows) throws -> [(String, [Double])]
  ) {
    self.name = name
    self.inputs = inputs
    self.results = results
  }

  static let all: [PhysicsModel] =
    positionModels + atmosphereModels + irradianceModels + moduleModels + [modelChain]
}

/// The inputs of a model by name, without `in_`.
struct PhysicsRows: Sendable {
  let count: Int
  var columns: [String: [Double]] = [:]
  var texts: [String: [String]] = [:]

  subscript(column: String) -> [Double] { columns[column] ?? [] }

  /// Rows that share the texts of some columns, in the order of their first row.
  func groups(by names: [String]) -> [[Int]] {
    var order: [[Int]] = []
    var positions: [[String]: Int] = [:]
    for row in 0..<count {
      let key = names.map { texts[$0]?[row] ?? "" }
      if let position = positions[key] {
        order[position].append(row)
      } else {
        positions[key] = order.count
        order.append([row])
      }
    }
    return order
  }
}

/// One row of inputs.
struct PhysicsRow {
  let rows: PhysicsRows
  let index: Int

  subscript(column: String) -> Double { rows.columns[column]?[index] ?? .nan }

  var location: Location {
    Location(
      latitude: Degrees(self["lat"]), longitude: Degrees(self["lon"]),
      altitude: Metres(rows.columns["alt_m"]?[index] ?? 0))
  }
}
