// SPDX-License-Identifier: MIT

/// The load that relays and runs cause beside the base load, kW in each step.
struct PlannedLoad: Equatable {
  /// All of it.
  var total: [Double]
  /// Its part on each phase; empty without phase limits.
  var phases: [[Double]] = []

  init(problem: PlanningProblem, relays: [[Bool]], runs: [[Bool]]) {
    total = [Double](repeating: 0, count: problem.stepCount)
    if problem.grid.phases != nil { phases = [total, total, total] }
    for (room, states) in zip(problem.rooms, relays) {
      add(states, room.powerKilowatts, shares: DispatchModel.phaseShares(room))
    }
    for (load, states) in zip(problem.deferrableLoads, runs) {
      add(states, load.powerKilowatts, shares: [1.0 / 3, 1.0 / 3, 1.0 / 3])
    }
  }

  /// A load that is a mixture of schedules.
  init(fractional total: [Double]) { self.total = total }

  private mutating func add(_ states: [Bool], _ power: Double, shares: [Double]) {
    for step in states.indices where states[step] {
      total[step] += power
      for phase in phases.indices { phases[phase][step] += power * shares[phase] }
    }
  }
}
