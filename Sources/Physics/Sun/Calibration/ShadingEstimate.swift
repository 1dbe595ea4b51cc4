// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What hides the sun, from clear hours in which a plant gives less than its orientation says.
///
/// Per cell of the sky the ratio of measured to modelled power, the median of the upper 30 % so that
/// thin clouds do not count as trees, drawn to 1 with the weight of eight hours; then the share of the
/// beam that explains the ratio. All arrays get the same table, because the power is the plant's.
enum ShadingEstimate {
  /// A sky counts as clear above this share of the clear sky's light.
  static let smallestClearIndex = 0.8
  /// Hours that the assumption of a free horizon weighs.
  static let priorHours = 8.0

  /// The table and the cells that were seen under a clear sky.
  static func table(
    _ plant: PVPlant, rows: CalibrationRows, stepHours: Double
  ) -> (table: ShadingTable, seenCells: Int) {
    var free = plant
    for index in free.arrays.indices { free.arrays[index].shading = nil }
    var dark = free
    let hidden = ShadingTable(
      beamShares: Array(repeating: 0, count: ShadingTable.rows * ShadingTable.columns))
    for index in dark.arrays.indices { dark.arrays[index].shading = hidden }
    var shares: [Int: [Double]] = [:]
    for row in rows.rows where row.clearIndex > smallestClearIndex {
      guard let cell = ShadingTable.cell(row.sky.sun) else { continue }
      let full = rows.watts(row, arrays: free.arrays, inverters: free.inverters)
      let diffuse = rows.watts(row, arrays: dark.arrays, inverters: dark.inverters)
      // a beam that gives less than a third of the power cannot be told from the sky
      guard full - diffuse > full / 3 else { continue }
      shares[cell, default: []].append((row.watts - diffuse) / (full - diffuse))
    }
    var result = ShadingTable.free.beamShares
    for (cell, seen) in shares {
      guard let high = quantile(seen, 0.85) else { continue }
      let hours = Double(seen.count) * stepHours
      let share = (hours * min(high, 1) + priorHours) / (hours + priorHours)
      result[cell] = min(max(share, 0), 1)
    }
    let filled = fillingGaps(result, seen: Set(shares.keys))
    return (ShadingTable(beamShares: filled), shares.count)
  }

  /// Cells that the sun passes between two steps take the mean of what is seen beside them, where that
  /// is at least two cells.
  private static func fillingGaps(_ shares: [Double], seen: Set<Int>) -> [Double] {
    let columns = ShadingTable.columns
    return shares.indices.map { cell in
      guard !seen.contains(cell) else { return shares[cell] }
      let (row, column) = (cell / columns, cell % columns)
      let beside = [
        (row, (column + 1) % columns), (row, (column + columns - 1) % columns),
        (row + 1, column), (row - 1, column),
      ].map { $0 * columns + $1 }.filter(seen.contains)
      guard beside.count >= 2 else { return shares[cell] }
      return beside.reduce(0) { $0 + shares[$1] } / Double(beside.count)
    }
  }
}
