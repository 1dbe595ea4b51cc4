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
