// SPDX-License-Identifier: MIT

/// The inputs and readings of one room as the kernels read them: one column for each signal.
struct RoomProblem: Sendable {
  let structure: RoomStructure
  let parameters: [RoomStructure.Parameter]
  let stepHours: Double
  /// °C, complete.
  let measured: [Double]
  /// Steps whose reading a model may be compared with and corrected by.
  let believed: [Bool]
  let outdoor: [Double]
  /// kW/m², one column a façade.
  let irradiances: [[Double]]
  /// Share of full heat.
  let heat: [Double]
  /// °C; a column for each neighbour, then one for the mean of the rest.
  var neighbours: [[Double]]
  let waves: [[Double]]
  /// What the relay's rhythm says, where simulated days do not show it.
  let rhythm: RelayRhythm?

  /// The problem of room `index` of a record.
  init(
    _ record: CleanedRecord, room index: Int, structure: RoomStructure,
    rhythm: RelayRhythm? = nil
  ) {
    let room = record.rooms[index]
    self.structure = structure
    self.rhythm = rhythm
    parameters = structure.parameters.map { rhythm?.prior($0) ?? $0 }
    stepHours = record.stepHours
    measured = room.temperature
    believed = zip(room.usable, room.windowOpen).map { $0 && !$1 }
    outdoor = record.outdoor
    irradiances = structure.facades.map { record.irradiances[$0] }
    heat = room.heat
    waves = record.waves
    neighbours = structure.neighbours.map { record.rooms[$0].temperature }
    if !structure.rest.isEmpty {
      neighbours.append(Self.mean(structure.rest.map { record.rooms[$0].temperature }))
    }
  }

  var count: Int { measured.count }
  /// How many conditions there are.
  var conditionCount: Int { rhythm?.count ?? 0 }

  /// How far a course is from the relay's rhythm (K); empty where the room is not held to it.
  func conditions(_ course: RoomCourse) -> [Double] { rhythm?.conditions(course.air) ?? [] }

  var roles: [RoomStructure.Role] { parameters.map(\.role) }

  /// The mean of columns of one length; empty for no column.
  static func mean(_ columns: [[Double]]) -> [Double] {
    guard var sum = columns.first else { return [] }
    for column in columns.dropFirst() { for index in sum.indices { sum[index] += column[index] } }
    let factor = 1 / Double(columns.count)
    for index in sum.indices { sum[index] *= factor }
    return sum
  }

  /// What drives each node in K/h at every step: air, envelope, slab (those the structure has).
  func drives(_ rates: RoomRates) -> [[Double]] {
    var air = [Double](repeating: rates.gain, count: count)
    Self.add(rates.outdoor, outdoor, to: &air)
    for (rate, column) in zip(rates.solar, irradiances) { Self.add(rate, column, to: &air) }
    for (rate, column) in zip(rates.couplings, neighbours) where rate != 0 {
      Self.add(rate, column, to: &air)
    }
    for (rate, column) in zip(rates.waves, waves) { Self.add(rate, column, to: &air) }
    var all: [[Double]] = []
    if structure.hasEnvelope {
      var envelope = [Double](repeating: 0, count: count)
      Self.add(rates.envelopeOutdoor, outdoor, to: &envelope)
      for (rate, column) in zip(rates.solar, irradiances) {
        Self.add(rate * rates.envelopeSolar, column, to: &envelope)
      }
      all.append(envelope)
    }
    if structure.hasSlab {
      var slab = [Double](repeating: 0, count: count)
      Self.add(rates.heat * rates.slabReturn / rates.slab, heat, to: &slab)
      all.append(slab)
    } else if structure.hasHeat {
      Self.add(rates.heat, heat, to: &air)
    }
    return [air] + all
  }

  static func add(_ factor: Double, _ column: [Double], to sum: inout [Double]) {
    sum.withUnsafeMutableBufferPointer { sum in
      column.withUnsafeBufferPointer { column in
        for index in 0..<sum.count { sum[index] += factor * column[index] }
      }
    }
  }
}

/// One room's model with its numbers, discretised for the steps of a problem.
struct RoomSystem: Sendable {
  let nodeCount: Int
  /// `F`, row by row.
  let transition: [Double]
  /// `∫ exp(A s) ds` over a step: what a drive in K/h does; row by row.
  let response: [Double]
  /// Stationary gain of the filter: correction of each node by an error of the air.
  let filterGain: [Double]

  /// Noise of a room sensor (K²): 0.07 K, resolution and short drafts.
  static let readingNoise = 0.07 * 0.07

  /// `nil` when the rates cannot be discretised in double precision.
  init?(_ structure: RoomStructure, _ rates: RoomRates, stepHours: Double) {
    let nodes = structure.stateCount
    let matrix = rates.stateMatrix(structure, withDisturbance: true)
    var joined = DenseMatrix(rows: 2 * nodes, columns: 2 * nodes)
    for row in 0..<nodes {
      for column in 0..<nodes { joined[row, column] = matrix[row, column] * stepHours }
      joined[row, nodes + row] = stepHours
    }
    guard let exponential = joined.exponential, exponential.numbers.allSatisfy(\.isFinite) else {
      return nil
    }
    nodeCount = nodes
    transition = (0..<nodes * nodes).map { exponential[$0 / nodes, $0 % nodes] }
    response = (0..<nodes * nodes).map { exponential[$0 / nodes, nodes + $0 % nodes] }
    var spread = [rates.airNoise * stepHours]
    if structure.hasEnvelope { spread.append(rates.massNoise * stepHours) }
    if structure.hasSlab { spread.append(rates.massNoise * stepHours) }
    if structure.hasDisturbance { spread.append(rates.disturbanceNoise * stepHours) }
    filterGain = Self.stationaryGain(transition, spread, reading: Self.readingNoise)
  }

  /// The Kalman gain after the variance has settled: at most 200 steps of the Riccati recursion.
  private static func stationaryGain(
    _ transition: [Double], _ spread: [Double], reading: Double
  ) -> [Double] {
    let nodes = spread.count
    var variance = [Double](repeating: 0, count: nodes * nodes)
    var half = variance
    for node in 0..<nodes { variance[node * nodes + node] = 0.1 }
    var gain = [Double](repeating: 0, count: nodes)
    for _ in 0..<200 {
      multiply(transition, variance, into: &half, nodes)
      multiplyTransposed(half, transition, into: &variance, nodes)
      for node in 0..<nodes { variance[node * nodes + node] += spread[node] }
      let total = variance[0] + reading
      var change = 0.0
      for node in 0..<nodes {
        let next = variance[node * nodes] / total
        change = max(change, abs(next - gain[node]))
        gain[node] = next
      }
      let top = Array(variance[0..<nodes])
      for row in 0..<nodes {
        for column in 0..<nodes { variance[row * nodes + column] -= gain[row] * top[column] }
      }
      if change < 1e-5 { break }
    }
    return gain
  }

  private static func multiply(
    _ left: [Double], _ right: [Double], into product: inout [Double], _ size: Int
  ) {
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for inner in 0..<size { sum += left[row * size + inner] * right[inner * size + column] }
        product[row * size + column] = sum
      }
    }
  }

  private static func multiplyTransposed(
    _ left: [Double], _ right: [Double], into product: inout [Double], _ size: Int
  ) {
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for inner in 0..<size { sum += left[row * size + inner] * right[column * size + inner] }
        product[row * size + column] = sum
      }
    }
  }
}

/// A room's free course over the whole record, and how far the filtered state is from it.
///
/// The model is linear, so the course from the filtered state at any origin is the free course plus
/// the propagated difference: every 24-h window costs a few multiplications a step.
struct RoomCourse: Sendable {
  /// Air of the free course at every step (°C).
  let air: [Double]
  /// Filtered minus free state at every step, node by node: `count * nodeCount` numbers (K).
  let difference: [Double]
  let nodeCount: Int
  /// First row of `Fᵏ` for leads 0 ... `horizon`, row by row.
  let propagation: [Double]
  /// All nodes of the free course, `count * nodeCount` (°C).
  let nodes: [Double]

  /// Runs the model over a problem.
  init(_ problem: RoomProblem, _ system: RoomSystem, _ rates: RoomRates, horizon: Int) {
    let (count, size) = (problem.count, system.nodeCount)
    let drives = problem.drives(rates)
    var nodes = [Double](repeating: 0, count: count * size)
    var difference = nodes
    nodes.withUnsafeMutableBufferPointer { nodes in
      for node in 0..<problem.structure.nodeCount { nodes[node] = problem.measured[0] }
      Self.run(nodes, drives: drives, system: system, count: count)
      difference.withUnsafeMutableBufferPointer { difference in
        Self.filter(difference, free: nodes, problem: problem, system: system)
      }
    }
    air = size == 1 ? nodes : (0..<count).map { nodes[$0 * size] }
    self.nodes = nodes
    self.difference = difference
    nodeCount = size
    propagation = Self.rows(system, horizon: horizon)
  }

  private static func run(
    _ nodes: UnsafeMutableBufferPointer<Double>, drives: [[Double]], system: RoomSystem, count: Int
  ) {
    let size = system.nodeCount
    system.transition.withUnsafeBufferPointer { transition in
      system.response.withUnsafeBufferPointer { response in
        for (column, drive) in drives.enumerated() {
          drive.withUnsafeBufferPointer { drive in
            for step in 1..<count {
              for node in 0..<size {
                nodes[step * size + node] += response[node * size + column] * drive[step - 1]
              }
            }
          }
        }
        for step in 1..<count {
          for node in 0..<size {
            var sum = nodes[step * size + node]
            for other in 0..<size {
              sum += transition[node * size + other] * nodes[(step - 1) * size + other]
            }
            nodes[step * size + node] = sum
          }
        }
      }
    }
  }

  private static func filter(
    _ difference: UnsafeMutableBufferPointer<Double>, free: UnsafeMutableBufferPointer<Double>,
    problem: RoomProblem, system: RoomSystem
  ) {
    let size = system.nodeCount
    system.transition.withUnsafeBufferPointer { transition in
      problem.measured.withUnsafeBufferPointer { measured in
        problem.believed.withUnsafeBufferPointer { believed in
          for step in 0..<measured.count {
            if step > 0 {
              for node in 0..<size {
                var sum = 0.0
                for other in 0..<size {
                  sum += transition[node * size + other] * difference[(step - 1) * size + other]
                }
                difference[step * size + node] = sum
              }
            }
            guard believed[step] else { continue }
            let error = measured[step] - free[step * size] - difference[step * size]
            for node in 0..<size {
              difference[step * size + node] += system.filterGain[node] * error
            }
          }
        }
      }
    }
  }

  private static func rows(_ system: RoomSystem, horizon: Int) -> [Double] {
    let size = system.nodeCount
    var rows = [Double](repeating: 0, count: (horizon + 1) * size)
    rows[0] = 1
    for lead in 1...max(1, horizon) where lead <= horizon {
      for node in 0..<size {
        var sum = 0.0
        for other in 0..<size {
          sum += rows[(lead - 1) * size + other] * system.transition[other * size + node]
        }
        rows[lead * size + node] = sum
      }
    }
    return rows
  }

  /// The air `lead` steps after an origin, simulated from the filtered state there.
  @inline(__always)
  func prediction(origin: Int, lead: Int) -> Double {
    var value = air[origin + lead]
    for node in 0..<nodeCount {
      value += propagation[lead * nodeCount + node] * difference[origin * nodeCount + node]
    }
    return value
  }

  /// The filtered state at a step (°C).
  func filteredState(at step: Int) -> [Double] {
    (0..<nodeCount).map { nodes[step * nodeCount + $0] + difference[step * nodeCount + $0] }
  }
}
