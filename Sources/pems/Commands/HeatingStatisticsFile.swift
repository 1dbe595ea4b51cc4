// SPDX-License-Identifier: MIT
import Analysis
import Foundation
import History
import Physics
import TimeSeries

/// Heating statistics of rooms in two tables, where no series was kept: one row a room and one row
/// a heating cycle (docs/formats.md).
enum HeatingStatisticsFile {
  /// How tools of the trade write a number that is not there.
  private static let missing: Set = ["nan", "NaN"]

  /// Reads both tables.
  static func rooms(statistics: String, cycles: String) throws -> [RoomPriors.Recorded] {
    let cycles = try self.cycles(CSVTable(path: cycles))
    let table = try CSVTable(path: statistics)
    let names = try table.texts("room")
    func needed(_ column: String) throws -> [Double] {
      try zip(names, table.numbers(column, missing: missing)).map { name, number in
        guard let number else {
          throw CommandFailure.failed("\(table.file): room '\(name)' has no \(column)")
        }
        return number
      }
    }
    let (power, duty) = (try needed("power_kw"), try needed("heating_pct"))
    let (mean, difference) = (try needed("mean_c"), try needed("mean_minus_outdoor_k"))
    let (up, down) = (
      try table.numbers("heatup_k_per_h", missing: missing),
      try table.numbers("cooldown_k_per_h", missing: missing)
    )
    return names.indices.map { row in
      RoomPriors.Recorded(
        HeatingStatistics(
          room: names[row], power: Watts(1_000 * power[row]), duty: Fraction(duty[row] / 100),
          meanDifference: Kelvins(difference[row]), heatUpRate: up[row].map { KelvinsPerHour($0) },
          coolDownRate: down[row].map { KelvinsPerHour($0) }, cycles: cycles[names[row]] ?? []),
        mean: Celsius(mean[row]))
    }
  }

  private static func cycles(_ table: CSVTable) throws -> [String: [HeatingCycle]] {
    let names = try table.texts("room")
    let (hours, start) = (
      try table.numbers("heating_hours", missing: missing),
      try table.numbers("start_c", missing: missing)
    )
    let end = try table.numbers("heating_end_c", missing: missing)
    let (cooling, drop) = (
      try table.numbers("decay_hours", missing: missing),
      try table.numbers("decay_drop_k", missing: missing)
    )
    var cycles: [String: [HeatingCycle]] = [:]
    for row in names.indices {
      guard let hours = hours[row], hours > 0, let start = start[row], let end = end[row] else {
        continue
      }
      cycles[names[row], default: []].append(
        HeatingCycle(
          heatingHours: Hours(hours), start: Celsius(start), end: Celsius(end),
          coolingHours: cooling[row].map { Hours($0) }, coolingDrop: drop[row].map { Kelvins($0) }))
    }
    return cycles
  }
}
