// SPDX-License-Identifier: MIT

/// Which other rooms a room exchanges heat with, from a quick linear look.
enum NeighbourScreening {
  /// Positions of the rooms that explain most of a room's two-hour changes, strongest first.
  ///
  /// Bounded ridge regression of the rate of temperature on differences to every other room, to
  /// outdoors, on sun, heat, a constant and daily waves; exchange cannot be negative. A room counts
  /// by its coefficient times the spread of its difference.
  static func neighbours(
    of room: Int, in record: CleanedRecord, range: Range<Int>, atMost limit: Int
  ) -> [Int] {
    let others = record.rooms.indices.filter { $0 != room }
    let own = record.rooms[room]
    let span = record.steps(ofHours: 2)
    let stride = max(1, span / 2)
    var columns: [[Double]] = others.map { other in
      zip(record.rooms[other].temperature, own.temperature).map { $0 - $1 }
    }
    columns.append(zip(record.outdoor, own.temperature).map { $0 - $1 })
    columns += record.irradiances
    columns.append(own.heat)
    columns.append(Array(repeating: 1, count: record.count))
    columns += record.waves
    let bounded = others.count + 2 + record.irradiances.count
    let sums = columns.map(runningSum)
    var (rows, targets): ([[Double]], [Double]) = ([], [])
    for start in Swift.stride(from: range.lowerBound, to: range.upperBound - span, by: stride)
    where own.usable[start] && own.usable[start + span] && !own.windowOpen[start] {
      rows.append(sums.map { ($0[start + span] - $0[start]) / Double(span) })
      targets.append(
        (own.temperature[start + span] - own.temperature[start])
          / (Double(span) * record.stepHours))
    }
    let coefficients = boundedRidge(rows, targets, boundedCount: bounded)
    guard coefficients.count == columns.count else { return Array(others.prefix(limit)) }
    let strength = others.indices.map { index -> (room: Int, value: Double) in
      (others[index], coefficients[index] * deviation(rows.map { $0[index] }))
    }
    return strength.filter { $0.value > 0 }.sorted { $0.value > $1.value }.prefix(limit).map(\.room)
  }

  private static func runningSum(_ column: [Double]) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(column.count + 1)
    for value in column { sums.append(sums[sums.count - 1] + value) }
    return sums
  }

  private static func deviation(_ numbers: [Double]) -> Double {
    guard numbers.count > 1 else { return 0 }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let square = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (square / Double(numbers.count)).squareRoot()
  }

  /// Coordinate descent on the normal equations; the first `boundedCount` coefficients are kept at
  /// or above 0. The ridge is 3 % of each column's power.
  private static func boundedRidge(
    _ rows: [[Double]], _ targets: [Double], boundedCount: Int
  ) -> [Double] {
    guard let width = rows.first?.count else { return [] }
    var normal = DenseMatrix(rows: width, columns: width)
    var right = [Double](repeating: 0, count: width)
    for (row, target) in zip(rows, targets) {
      for first in 0..<width {
        right[first] += row[first] * target
        for second in 0..<width { normal[first, second] += row[first] * row[second] }
      }
    }
    for index in 0..<width { normal[index, index] = normal[index, index] * 1.03 + 1e-9 }
    var result = [Double](repeating: 0, count: width)
    for _ in 0..<300 {
      for index in 0..<width {
        var remaining = right[index]
        for other in 0..<width where other != index {
          remaining -= normal[index, other] * result[other]
        }
        let value = remaining / normal[index, index]
        result[index] = index < boundedCount ? max(0, value) : value
      }
    }
    return result
  }
}
