// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Whether relays are searched for all scenarios and a bound is proven for them.
  var searchesScenarios: Bool {
    options.usesScenarios && options.effort == .full && wholeProblem.scenarios != nil
      && problem.grid.phases == nil
  }

  /// Plans relays for all scenarios, batteries and vehicles for each.
  func scenarioPlan(_ set: PlanningProblem.ScenarioSet) throws(SolverError) {
    guard let start = best else { return }
    let scenarios = try ScenarioDispatch(
      problem: problem, set: set, threads: options.threads,
      basis: dispatchSolver.relaxedBasis)
    let isLast = !searchesScenarios || generation == nil
    try considerScenarios(start.controls, scenarios, improves: isLast ? .changes : .rounding)
    guard searchesScenarios, !mustStop, let columns = generation, columns.master.unitCount > 0
    else { return }
    let lane = try ScenarioLane(
      problem: problem, rooms: rooms, scenarios: scenarios, columns: columns.master.columns,
      start: start.controls, options: options)
    try lane.approach(rounds: options.scenarioRounds) { self.mustStop }
    bound = nil
    if mustStop { return }
    try search(lane, try ScenarioLane(beside: lane, options: options))
  }

  /// Dives and moves among the columns in two lanes, and a bound beside the dives.
  ///
  /// Up to here the dispatch of each scenario is relaxed: its whole decisions would hold relays back that
  /// they do not suit. They are searched for the relays that come out, which are polished once more with them.
  private func search(_ lane: ScenarioLane, _ second: ScenarioLane) throws(SolverError) {
    let dives = options.dives
    let proof = lane.search.boundProof(points: options.boundPoints)
    try together(lane, second) { () throws(SolverError) in
      for perRound in dives.suffix(1) where !self.mustStop { try lane.dive(perRound: perRound) }
      proof?.work(lane.rooms)
    } and: { () throws(SolverError) in
      for perRound in dives.dropLast() where !self.mustStop {
        try second.dive(perRound: perRound)
      }
      proof?.work(second.rooms)
    }
    bound = proof?.bound
    for _ in 0..<(options.scenarioMoves / 2) where !mustStop {
      try together(lane, second) { () throws(SolverError) in
        try lane.move()
      } and: { () throws(SolverError) in
        try second.move()
      }
    }
    let scenarios = lane.scenarios
    try considerScenarios(lane.state.controls, scenarios, improves: .changes, keeps: true)
    if mustStop { return }
    try lane.judgeAgain()
    while !mustStop, try polish(lane) {}
    if lane.state.controls.relays != scenarioBest?.relays {
      try considerScenarios(lane.state.controls, scenarios, improves: .rounding)
    }
  }

  /// Work in two lanes; then the better relays count in both.
  private func together(
    _ lane: ScenarioLane, _ second: ScenarioLane, _ work: () throws(SolverError) -> Void,
    and other: () throws(SolverError) -> Void
  ) throws(SolverError) {
    lane.scenarios.threads = 1
    defer { lane.scenarios.threads = options.threads }
    try inTwoLanes(work, and: other)
    try lane.adopt(from: second)
    try second.adopt(from: lane)
  }

  /// Makes relays executable in every scenario and keeps them if they are better.
  private func considerScenarios(
    _ relays: PlanSchedule.Controls, _ scenarios: ScenarioDispatch,
    improves: DispatchSolver.Effort, keeps: Bool = false
  ) throws(SolverError) {
    var controls = relays
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    controls.scenarioDispatches = try scenarios.executable(
      load, improves: improves, keeps: keeps)
    let answer = try dispatchSolver.executable(load, improves: improves)
    controls.dispatch = answer.dispatch
    let schedule = PlanSimulation(problem: wholeProblem).schedule(controls)
    if let known = scenarioBest, known.objective.total <= schedule.objective.total { return }
    scenarioBest = schedule
    bestPrices = answer.powerPrices
    progress.append((options.elapsedSeconds() - start, PlanRank(schedule, problem)))
  }
}
