// SPDX-License-Identifier: MIT
import Foundation

/// Fits each room once more while its neighbours are simulated, as they will be in a forecast.
enum JointRefinement {
  /// Rounds over all rooms.
  private static let sweeps = 2
  /// Pull towards the fit with measured neighbours, in K for each unit of a parameter.
  private static let pull = 0.03
  /// Origins lie so far apart.
  private static let strideHours = 6.0

  /// All windows of a house with all rooms simulated from their filtered states.
  struct Simulation {
    let origins: [Int]
    let horizon: Int
    /// For each origin: row by step, column by room; the end of each step (°C).
    let air: [[Double]]
  }

  /// Refines the rooms that are fitted; keeps a change only if the house forecasts better.
  static func refine(
    _ rooms: inout [RoomIdentification], record: CleanedRecord, range: Range<Int>
  ) {
    var best = error(rooms, record: record, range: range)
    for _ in 0..<sweeps {
      guard let simulation = simulate(rooms, record, range) else { return }
      var candidate = rooms
      for index in rooms.indices where rooms[index].doubt == nil {
        if let vector = refined(rooms[index], index, simulation, record) {
          candidate[index].fit.vector = vector
        }
      }
      let reached = error(candidate, record: record, range: range)
      guard reached < best else { return }
      (rooms, best) = (candidate, reached)
    }
  }

  /// Mean magnitude of the errors over all windows, and of each room alone (K).
  struct Errors {
    let house: Double
    /// Infinite for a room without readings.
    let rooms: [Double]
  }

  /// How well all rooms together forecast; `nil` when they cannot be simulated.
  static func errors(
    _ rooms: [RoomIdentification], record: CleanedRecord, range: Range<Int>
  ) -> Errors? {
    guard let simulation = simulate(rooms, record, range) else { return nil }
    var sums = [Double](repeating: 0, count: rooms.count)
    var counts = sums
    for (origin, air) in zip(simulation.origins, simulation.air) {
      for step in 0..<simulation.horizon {
        for (index, room) in record.rooms.enumerated() where room.usable[origin + step + 1] {
          sums[index] += abs(air[step * rooms.count + index] - room.temperature[origin + step + 1])
          counts[index] += 1
        }
      }
    }
    func mean(_ sum: Double, _ count: Double) -> Double { count > 0 ? sum / count : .infinity }
    return Errors(
      house: mean(sums.reduce(0, +), counts.reduce(0, +)), rooms: zip(sums, counts).map(mean))
  }

  /// Mean magnitude of the errors of all rooms over all windows (K).
  static func error(
    _ rooms: [RoomIdentification], record: CleanedRecord, range: Range<Int>
  ) -> Double {
    errors(rooms, record: record, range: range)?.house ?? .infinity
  }

  /// Simulates the house from every sixth hour.
  static func simulate(
    _ rooms: [RoomIdentification], _ record: CleanedRecord, _ range: Range<Int>
  ) -> Simulation? {
    let horizon = record.steps(ofHours: 24)
    guard let course = HouseCourse(rooms, record, horizon: horizon) else { return nil }
    let origins = Array(
      stride(
        from: range.lowerBound + horizon / 2, to: range.upperBound - horizon - 1,
        by: record.steps(ofHours: strideHours)))
    return Simulation(
      origins: origins, horizon: horizon,
      air: origins.map { course.air(from: $0, steps: horizon) })
  }

  /// Better parameters of one room against the simulated neighbours.
  private static func refined(
    _ room: RoomIdentification, _ index: Int, _ simulation: Simulation, _ record: CleanedRecord
  ) -> [Double]? {
    let structure = room.fit.structure
    guard structure.couplingCount > 0, room.fit.rhythm == nil else { return nil }
    let problem = RoomProblem(record, room: index, structure: structure)
    let deviations = deviations(structure, simulation, record, index)
    var search = RoomFit.search(problem, weight: room.fit.priorWeight, iterations: 3)
    search.priorMean = room.fit.vector
    search.priorWeight = search.priorWeight.map { max($0, pull) }
    return search.minimise(
      from: room.fit.vector,
      residuals: { vector in
        residuals(problem, simulation, deviations, vector)
      })?.parameters
  }

  /// Simulated minus measured neighbours: for each origin, column by step, row by coupling (K).
  private static func deviations(
    _ structure: RoomStructure, _ simulation: Simulation, _ record: CleanedRecord, _ index: Int
  ) -> [[[Double]]] {
    let count = record.rooms.count
    func deviation(_ room: Int, _ origin: Int, _ air: [Double], _ step: Int) -> Double {
      // The state at the start of the step: simulated after the first, measured at the origin.
      guard step > 0 else { return 0 }
      return air[(step - 1) * count + room] - record.rooms[room].temperature[origin + step]
    }
    return zip(simulation.origins, simulation.air).map { origin, air in
      var rows = structure.neighbours.map { room in
        (0..<simulation.horizon).map { deviation(room, origin, air, $0) }
      }
      if !structure.rest.isEmpty {
        rows.append(
          (0..<simulation.horizon).map { step in
            structure.rest.reduce(0) { $0 + deviation($1, origin, air, step) }
              / Double(structure.rest.count)
          })
      }
      return rows
    }
  }

  private static func residuals(
    _ problem: RoomProblem, _ simulation: Simulation, _ deviations: [[[Double]]],
    _ vector: [Double]
  ) -> [Double]? {
    let rates = RoomRates(problem.structure, problem.roles, vector)
    guard let system = RoomSystem(problem.structure, rates, stepHours: problem.stepHours) else {
      return nil
    }
    let course = RoomCourse(problem, system, rates, horizon: simulation.horizon)
    let between = max(1, Int((1 / problem.stepHours).rounded()))
    var result: [Double] = []
    result.reserveCapacity(simulation.origins.count * 24)
    for (origin, rows) in zip(simulation.origins, deviations) {
      var state = [Double](repeating: 0, count: system.nodeCount)
      for step in 0..<simulation.horizon {
        var drive = 0.0
        for (rate, row) in zip(rates.couplings, rows) { drive += rate * row[step] }
        state = system.advanced(state, airDrive: drive)
        let target = origin + step + 1
        guard (step + 1) % between == 0 else { continue }
        result.append(
          problem.believed[target]
            ? course.prediction(origin: origin, lead: step + 1) + state[0]
              - problem.measured[target] : 0)
      }
    }
    return result
  }
}

extension RoomSystem {
  /// One step of a difference that only the air is driven by.
  func advanced(_ state: [Double], airDrive: Double) -> [Double] {
    var next = state
    for node in 0..<nodeCount {
      var sum = response[node * nodeCount] * airDrive
      for other in 0..<nodeCount { sum += transition[node * nodeCount + other] * state[other] }
      next[node] = sum
    }
    return next
  }
}

/// All rooms over a whole record: filtered states at every step, ready to be simulated from any.
struct HouseCourse: Sendable {
  private let coupled: CoupledRooms
  private let inputs: [Double]
  private let courses: [RoomCourse]
  private let nodeCounts: [Int]
  private let disturbanceFading: [Double]
  private let stepHours: Double

  /// `nil` when a room cannot be discretised.
  init?(_ rooms: [RoomIdentification], _ record: CleanedRecord, horizon: Int) {
    let models = rooms.map { (structure: $0.fit.structure, rates: $0.fit.rates) }
    guard let coupled = CoupledRooms(models, stepHours: record.stepHours) else { return nil }
    var (courses, drives): ([RoomCourse], [[[Double]]]) = ([], [])
    for (index, model) in models.enumerated() {
      var problem = RoomProblem(record, room: index, structure: model.structure)
      guard let system = RoomSystem(model.structure, model.rates, stepHours: record.stepHours)
      else { return nil }
      courses.append(RoomCourse(problem, system, model.rates, horizon: 1))
      problem.neighbours = []
      drives.append(problem.drives(model.rates))
    }
    self.coupled = coupled
    self.courses = courses
    nodeCounts = models.map(\.structure.nodeCount)
    disturbanceFading = models.map(\.rates.disturbanceFading)
    stepHours = record.stepHours
    inputs = coupled.inputs(drives, count: record.count)
  }

  /// The air of each room at the end of each step after an origin (°C), row by step.
  func air(from origin: Int, steps: Int) -> [Double] {
    var (start, extra, fading): ([Double], [Double], [Double]) = ([], [], [])
    for ((course, nodes), rate) in zip(zip(courses, nodeCounts), disturbanceFading) {
      let state = course.filteredState(at: origin)
      start += state.prefix(nodes)
      extra.append(state.dropFirst(nodes).reduce(0, +) * stepHours)
      fading.append(exp(-rate * stepHours))
    }
    return coupled.simulate(
      from: start, inputs: inputs, origin: origin, steps: steps, extra: extra, fading: fading)
  }
}
