// SPDX-License-Identifier: MIT
import TimeSeries

/// Several signals side by side: for each instant at which any has a reading, those that have one.
struct ColumnMerge {
  private let columns: [[Sample]]
  private var positions: [Int]
  private var heads: [Int64]
  /// The row that was found last: which column, which value.
  private(set) var row: [(field: Int, value: Double)] = []

  /// Columns whose readings ascend in time.
  init(_ columns: [[Sample]]) {
    self.columns = columns
    positions = columns.map { _ in 0 }
    heads = columns.map { $0.first.map { LineProtocol.microseconds($0.time) } ?? .max }
  }

  /// Goes to the next instant and gives it in microseconds; `nil` behind the last one.
  mutating func next() -> Int64? {
    guard let time = heads.min(), time < .max else { return nil }
    row.removeAll(keepingCapacity: true)
    for column in heads.indices where heads[column] == time {
      var position = positions[column]
      // Of several readings at one instant the last one counts, as in the store.
      repeat {
        if row.last?.field == column { row.removeLast() }
        row.append((column, columns[column][position].value))
        position += 1
        heads[column] =
          position < columns[column].count
          ? LineProtocol.microseconds(columns[column][position].time) : .max
      } while heads[column] == time
      positions[column] = position
    }
    return time
  }
}
