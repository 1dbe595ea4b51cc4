// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

extension PlanSearch {
  /// First trust region around the best load, kW; it shrinks by `shrink` after a step that does not help.
  private static let firstRadius = 1.5
  private static let shrink = 0.7
  private static let leastRadius = 0.2

  /// Plans relays for all scenarios, batteries and vehicles for each.
  func scenarioPlan(_ set: PlanningProblem.ScenarioSet) throws(SolverError) {
    guard let start = best else { return }
    let scenarios = try ScenarioDispatch(problem: problem, set: set, threads: options.threads)
    let isLast = options.effort < .full || generation == nil || problem.grid.phases != nil
    try considerScenarios(start.controls, scenarios, improves: isLast ? .changes : .rounding)
    guard options.effort == .full, !mustStop, let columns = generation,
      columns.master.unitCount > 0, problem.grid.phases == nil
    else { return }
    let risk = try RiskMaster(problem: problem, set: set)
    let search = try ColumnGeneration(
      problem: problem, rooms: rooms, clock: options.elapsedSeconds, master: risk.master)
    try risk.master.add(columns.master.columns.map { ($0.unit, $0.schedule, $0.ownCost) })
    // The trust region holds the start's load, so its schedules must be among the columns.
    _ = try search.choices(of: start.controls)
    var state = ScenarioState(
      controls: start.controls, objective: .infinity, load: plannedLoad(start.controls))
    state.objective = try value(start.controls, risk, scenarios)
    try refine(&state, search, risk, scenarios)
    try risk.trust(nil)
    let proof = search.boundProof(points: options.boundPoints)
    proof?.work(rooms, threads: options.threads)
    bound = proof?.bound
    try searchScenarios(&state, search, risk, scenarios)
  }

  private func plannedLoad(_ controls: PlanSchedule.Controls) -> [Double] {
    PlannedLoad(problem: problem, relays: controls.relays, runs: controls.deferrableRuns).total
  }

  /// Relaxed objective of relays and runs over all scenarios; leaves its cuts in the master.
  private func value(
    _ controls: PlanSchedule.Controls, _ risk: RiskMaster, _ scenarios: ScenarioDispatch
  ) throws(SolverError) -> Double {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let evaluation = try scenarios.evaluate(load)
    try risk.addCuts(evaluation, at: load.total)
    return scenarios.risk(evaluation.costs) + simulation.firstStage(controls)
  }

  /// Cuts and columns in turn, within a trust region around the best fractional load.
  private func refine(
    _ state: inout ScenarioState, _ search: ColumnGeneration, _ risk: RiskMaster,
    _ scenarios: ScenarioDispatch
  ) throws(SolverError) {
    var radius = Self.firstRadius
    var centre = state.load
    var lowest = state.objective
    for round in 0..<options.scenarioRounds {
      if mustStop { return }
      let isLast = round == options.scenarioRounds - 1
      let isBounding = round % 4 == 3 || isLast
      try risk.trust(isBounding ? nil : centre, radius: radius)
      let now = try search.solveMaster()
      try risk.dropIdleCuts()
      let answers = search.sweep(search.units, power: now.powerPrices, groups: now.groupPrices)
      if isBounding {
        let gain = answers.reduce(0) { $0 + min(0, $1.value - now.unitPrices[$1.unit]) }
        search.note(bound: now.objective + gain, at: now)
      }
      try risk.master.add(answers.map { ($0.unit, $0.schedule, $0.ownCost) })
      let load = risk.load(now)
      let evaluation = try scenarios.evaluate(PlannedLoad(fractional: load, problem: problem))
      try risk.addCuts(evaluation, at: load)
      let own = zip(risk.master.columns, risk.master.weights(now))
        .reduce(0) { $0 + $1.0.ownCost * $1.1 }
      let total = scenarios.risk(evaluation.costs) + own
      if total < lowest - 1e-6 {
        (lowest, centre) = (total, load)
      } else if !isBounding {
        radius = max(Self.leastRadius, radius * Self.shrink)
      }
      if lowest - search.estimatedBound < 1e-3 * max(100, abs(lowest)) { return }
    }
  }

  /// A dive and moves among the columns, judged by all scenarios.
  private func searchScenarios(
    _ state: inout ScenarioState, _ search: ColumnGeneration, _ risk: RiskMaster,
    _ scenarios: ScenarioDispatch
  ) throws(SolverError) {
    guard !mustStop else { return }
    for perRound in options.dives {
      if mustStop { return }
      try search.release()
      let dived = search.controls(try search.dive(perRound: perRound))
      try accept(dived, &state, risk, scenarios)
    }
    // From here on relays are judged with whole decisions, by what each scenario can really do.
    try considerScenarios(state.controls, scenarios, improves: .changes, keeps: true)
    state.objective = try value(state.controls, risk, scenarios)
    var random = SplitMix64(seed: options.seed &+ 1)
    for _ in 0..<options.scenarioMoves {
      guard !mustStop else { return }
      let choices = try search.choices(of: state.controls)
      try search.master.fix(choices.map { Optional($0) })
      let before = try search.solveMaster().objective
      try risk.dropIdleCuts()
      let units = Array(search.units.shuffled(using: &random).prefix(4))
      let moved = try search.move(freeing: units, from: choices, candidates: [])
      if moved.objective < before - 1e-6 {
        try accept(search.controls(moved.choices), &state, risk, scenarios)
      }
    }
    try considerScenarios(state.controls, scenarios, improves: .rounding)
  }

  private func accept(
    _ controls: PlanSchedule.Controls, _ state: inout ScenarioState, _ risk: RiskMaster,
    _ scenarios: ScenarioDispatch
  ) throws(SolverError) {
    let objective = try value(controls, risk, scenarios)
    guard objective < state.objective - 1e-6 else { return }
    state = ScenarioState(
      controls: controls, objective: objective, load: plannedLoad(controls))
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

/// The best relays so far, judged by all scenarios with relaxed dispatch.
private struct ScenarioState {
  var controls: PlanSchedule.Controls
  var objective: Double
  var load: [Double]
}
