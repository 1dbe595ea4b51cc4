// SPDX-License-Identifier: MIT
import Foundation
import History
import Physics
import TimeSeries

/// The columns of a series file on the grid of its most frequent step.
struct HouseColumns {
  let grid: TimeGrid
  private let table: CSVTable
  /// The step of each row; `nil` where a row lies between steps.
  private let places: [Int?]

  init(_ table: CSVTable) throws {
    let times = try table.instants("time_utc")
    grid = try Self.grid(times, of: table.file)
    places = times.map(grid.index(of:))
    self.table = table
  }

  func series<Value: Quantity>(_ column: String, scale: Double = 1) throws -> Series<Value> {
    var values = [Value?](repeating: nil, count: grid.count)
    for (place, number) in zip(places, try table.numbers(column)) {
      if let place { values[place] = number.map { Value($0 * scale) } }
    }
    return Series(grid: grid, values: values)
  }

  /// Every room that has a temperature, with what is known of its heating.
  func rooms() throws -> [HouseRecord.Room] {
    try table.header.filter { $0.hasPrefix("room_") && $0.hasSuffix("_c") }.map { column in
      let name = String(column.dropFirst(5).dropLast(2))
      return HouseRecord.Room(
        name: name, temperature: try series(column), heating: try heating(of: name))
    }
  }

  private func heating(of room: String) throws -> HouseRecord.Heating {
    if table.has("room_\(room)_heat_w") { return .power(try series("room_\(room)_heat_w")) }
    guard table.has("room_\(room)_heat_supply_k") else { return .none }
    return .supply(try series("room_\(room)_heat_supply_k"))
  }

  /// Global horizontal irradiance, where the file has it.
  func sun() throws -> [Series<WattsPerSquareMetre>] {
    if table.has("ghi_w_m2") { return [try series("ghi_w_m2")] }
    return table.has("solar_kw_m2") ? [try series("solar_kw_m2", scale: 1_000)] : []
  }

  private static func grid(_ times: [Date], of file: String) throws -> TimeGrid {
    guard let first = times.first, let last = times.last, times.count > 2 else {
      throw CommandFailure.failed("\(file): fewer than three rows")
    }
    var counts: [Int: Int] = [:]
    for (before, after) in zip(times, times.dropFirst()) {
      counts[Int(after.timeIntervalSince(before)), default: 0] += 1
    }
    guard let step = counts.max(by: { $0.value < $1.value })?.key, step > 0 else {
      throw CommandFailure.failed("\(file): the rows are not in order of time")
    }
    return TimeGrid(
      start: first, stepSeconds: step, count: Int(last.timeIntervalSince(first)) / step + 1)
  }
}
