// SPDX-License-Identifier: MIT

/// The load that relays and runs cause beside the base load, kW in each step.
struct PlannedLoad: Equatable {
  /// All of it.
  var total: [Double]
  /// Its part in each group with a limit, in the order of `groupLimits`.
  var groups: [[Double]]

  init(problem: PlanningProblem, relays: [[Bool]], runs: [[Bool]]) {
    let limits = problem.groupLimits
    total = [Double](repeating: 0, count: problem.stepCount)
    groups = limits.map { _ in [Double](repeating: 0, count: problem.stepCount) }
    let powers =
      problem.rooms.map(\.powerKilowatts) + problem.deferrableLoads.map(\.powerKilowatts)
    for (unit, states) in (relays + runs).enumerated() {
      add(states, powers[unit], shares: limits.map { $0.share(unit: unit) })
    }
  }

  /// A load that is a mixture of schedules, whose groups the mixture keeps within their limits.
  init(fractional total: [Double], problem: PlanningProblem) {
    self.total = total
    groups = problem.groupLimits.map { _ in [Double](repeating: 0, count: total.count) }
  }

  private mutating func add(_ states: [Bool], _ power: Double, shares: [Double]) {
    for step in states.indices where states[step] {
      total[step] += power
      for group in groups.indices { groups[group][step] += power * shares[group] }
    }
  }
}
