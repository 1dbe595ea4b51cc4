// SPDX-License-Identifier: MIT

/// All rooms of a house simulated together: each room's fitted model, its neighbours simulated
/// instead of measured.
///
/// Exchange is as each room was fitted and need not be the same from both sides; the symmetric
/// physical network is `IdentifiedHouse.network`.
struct CoupledRooms: Sendable {
  /// First node of each room; its air.
  let airNodes: [Int]
  let nodeCount: Int
  /// `F`, column by column.
  private let transition: [Double]
  /// `∫ exp(A s) ds`, column by column.
  private let response: [Double]

  /// The rooms with their rates; `nil` when the step cannot be computed in double precision.
  init?(_ rooms: [(structure: RoomStructure, rates: RoomRates)], stepHours: Double) {
    var starts: [Int] = []
    var next = 0
    for room in rooms {
      starts.append(next)
      next += room.structure.nodeCount
    }
    let count = next
    var joined = DenseMatrix(rows: 2 * count, columns: 2 * count)
    for (index, room) in rooms.enumerated() {
      let own = room.rates.stateMatrix(room.structure)
      let first = starts[index]
      for row in 0..<own.rows {
        for column in 0..<own.columns {
          joined[first + row, first + column] = own[row, column] * stepHours
        }
        joined[first + row, count + first + row] = stepHours
      }
      for (other, rate) in Self.couplings(room.structure, room.rates) {
        joined[first, starts[other]] += rate * stepHours
      }
    }
    guard let exponential = joined.exponential, exponential.numbers.allSatisfy(\.isFinite) else {
      return nil
    }
    airNodes = starts
    nodeCount = count
    transition = (0..<count * count).map { exponential[$0 % count, $0 / count] }
    response = (0..<count * count).map { exponential[$0 % count, count + $0 / count] }
  }

  /// Rate of exchange with each other room (1/h); the rest share one rate.
  static func couplings(
    _ structure: RoomStructure, _ rates: RoomRates
  ) -> [(room: Int, rate: Double)] {
    var list = zip(structure.neighbours, rates.couplings).map { (room: $0, rate: $1) }
    if let rest = rates.couplings.last, !structure.rest.isEmpty {
      let share = rest / Double(structure.rest.count)
      list += structure.rest.map { (room: $0, rate: share) }
    }
    return list
  }

  /// What drives each node through a step: row by step, column by node (K a step).
  ///
  /// - Parameter drives: for each room its nodes' drives without neighbours (K/h).
  func inputs(_ drives: [[[Double]]], count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count * nodeCount)
    let columns = drives.flatMap { $0 }
    result.withUnsafeMutableBufferPointer { result in
      for (column, drive) in columns.enumerated() {
        for step in 0..<count {
          let value = drive[step]
          guard value != 0 else { continue }
          for node in 0..<nodeCount {
            result[step * nodeCount + node] += response[column * nodeCount + node] * value
          }
        }
      }
    }
    return result
  }

  /// The air of each room at the end of each of `steps` steps: row by step, column by room (°C).
  ///
  /// - Parameters:
  ///   - start: all nodes at the origin.
  ///   - inputs: from ``inputs(_:count:)``.
  ///   - extra: added to the air of each room each step, fading by these factors (K a step).
  func simulate(
    from start: [Double], inputs: [Double], origin: Int, steps: Int,
    extra: [Double] = [], fading: [Double] = []
  ) -> [Double] {
    var air = [Double](repeating: 0, count: steps * airNodes.count)
    var state = start
    var next = state
    var extra = extra
    for step in 0..<steps {
      next.withUnsafeMutableBufferPointer { next in
        let offset = (origin + step) * nodeCount
        for node in 0..<nodeCount { next[node] = inputs[offset + node] }
        for (column, value) in state.enumerated() {
          let first = column * nodeCount
          transition.withUnsafeBufferPointer { transition in
            for node in 0..<nodeCount { next[node] += value * transition[first + node] }
          }
        }
      }
      for (room, value) in extra.enumerated() {
        next[airNodes[room]] += value
        extra[room] = value * fading[room]
      }
      swap(&state, &next)
      for (room, node) in airNodes.enumerated() { air[step * airNodes.count + room] = state[node] }
    }
    return air
  }
}
