// SPDX-License-Identifier: MIT

/// Power on the single phases.
struct PhasePowers {
  private let problem: PlanningProblem

  init(_ problem: PlanningProblem) { self.problem = problem }

  /// Import above the phases' limits, summed over steps and phases, kW.
  func excess(_ controls: PlanSchedule.Controls) -> Double {
    guard let limits = problem.grid.phases else { return 0 }
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let grid = PlanSimulation(problem: problem).grid(
      controls.dispatch, fixedLoad: load.total, in: problem)
    var excess = 0.0
    for step in 0..<problem.stepCount {
      let shared = grid[step] - problem.baseLoadKilowatts[step] - load.total[step]
      for phase in 0..<3 {
        let power =
          problem.baseLoadKilowatts[step] * limits.baseLoadShares[phase]
          + load.phases[phase][step] + shared / 3
        excess += max(0, power - limits.importLimitKilowatts - 1e-5)
      }
    }
    return excess
  }
}

/// What a room costs on its phase beyond the phase's limit.
struct PhaseCosts {
  private let problem: PlanningProblem
  private let limits: PlanningProblem.PhaseLimits
  private let overload: Double
  /// Import on each phase in each step, kW.
  private var powers: [[Double]]

  /// - Parameter beforePV: load of everything before PV, kW.
  /// - Returns: `nil` where phases are not limited.
  init?(
    problem: PlanningProblem, load: PlannedLoad, beforePV: [Double],
    controls: PlanSchedule.Controls
  ) {
    guard let limits = problem.grid.phases else { return nil }
    self.problem = problem
    self.limits = limits
    overload = DispatchModel.overloadFactor * DispatchModel.priceScale(problem)
    powers = (0..<3).map { phase in
      (0..<problem.stepCount).map { step in
        let base = problem.baseLoadKilowatts[step]
        let shared =
          beforePV[step] - controls.dispatch.pvUsedKilowatts[step] - base - load.total[step]
        return base * limits.baseLoadShares[phase] + load.phases[phase][step] + shared / 3
      }
    }
  }

  mutating func add(_ room: Int, _ relay: [Bool]) { change(room, relay, sign: 1) }
  mutating func remove(_ room: Int, _ relay: [Bool]) { change(room, relay, sign: -1) }

  private mutating func change(_ room: Int, _ relay: [Bool], sign: Double) {
    let shares = DispatchModel.phaseShares(problem.rooms[room])
    for phase in 0..<3 {
      let power = sign * shares[phase] * problem.rooms[room].powerKilowatts
      for step in relay.indices where relay[step] { powers[phase][step] += power }
    }
  }

  /// Adds what being on costs a room that is not among the powers now.
  func addCost(of room: Int, to prices: inout [Double]) {
    let shares = DispatchModel.phaseShares(problem.rooms[room])
    for phase in 0..<3 where shares[phase] > 0 {
      let power = shares[phase] * problem.rooms[room].powerKilowatts
      for step in prices.indices {
        let before = max(0, powers[phase][step] - limits.importLimitKilowatts)
        let after = max(0, powers[phase][step] + power - limits.importLimitKilowatts)
        prices[step] += overload * problem.stepHours[step] * (after - before)
      }
    }
  }
}
