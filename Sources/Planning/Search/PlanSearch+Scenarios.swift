// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

extension PlanSearch {
  /// First trust region around the best load, kW; it shrinks by `shrink` after a step that does not help.
  private static let firstRadius = 1.5
  private static let shrink = 0.7
  private static let leastRadius = 0.2

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
    var state = try value(start.controls, risk, scenarios)
    try refine(&state, search, risk, scenarios)
    try risk.trust(nil)
    let proof = search.boundProof(points: options.boundPoints)
    try searchScenarios(&state, search, risk, scenarios, beside: proof)
    bound = proof?.bound
  }

  /// Relaxed objective of relays and runs over all scenarios; leaves its cuts in the master.
  private func value(
    _ controls: PlanSchedule.Controls, _ risk: RiskMaster, _ scenarios: ScenarioDispatch
  ) throws(SolverError) -> ScenarioState {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let evaluation = try scenarios.evaluate(load)
    try risk.addCuts(evaluation, at: load.total)
    return ScenarioState(
      controls: controls,
      objective: scenarios.risk(evaluation.costs) + simulation.firstStage(controls),
      load: load.total, evaluation: evaluation)
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
    _ scenarios: ScenarioDispatch, beside proof: BoundProof?
  ) throws(SolverError) {
    guard !mustStop else { return }
    var dived = state
    try proving(proof) { () throws(SolverError) in
      for perRound in self.options.dives where !self.mustStop {
        try search.release()
        let controls = search.controls(
          try search.dive(perRound: perRound, refining: self.refinement(risk, scenarios)))
        try self.accept(controls, &dived, risk, scenarios)
      }
    }
    state = dived
    if mustStop { return }
    // From here on relays are judged with whole decisions, by what each scenario can really do.
    try considerScenarios(state.controls, scenarios, improves: .changes, keeps: true)
    state = try value(state.controls, risk, scenarios)
    var random = SplitMix64(seed: options.seed &+ 1)
    for _ in 0..<options.scenarioMoves {
      guard !mustStop else { return }
      let choices = try search.choices(of: state.controls)
      try search.master.fix(choices.map { Optional($0) })
      let before = try search.solveMaster().objective
      try risk.dropIdleCuts()
      let units = Array(search.units.shuffled(using: &random).prefix(4))
      let moved = try search.move(
        freeing: units, from: choices, candidates: [], refining: refinement(risk, scenarios))
      if moved.objective < before - 1e-6 {
        try accept(search.controls(moved.choices), &state, risk, scenarios)
      }
    }
    while !mustStop, try polishScenarios(&state, scenarios) {}
    for _ in 0..<options.scenarioShakes where !mustStop {
      try shakeScenarios(&state, scenarios, &random)
    }
    if state.controls.relays != scenarioBest?.relays {
      try considerScenarios(state.controls, scenarios, improves: .rounding)
    }
  }

  /// Cuts at the load of each master on the way of a dive.
  private func refinement(
    _ risk: RiskMaster, _ scenarios: ScenarioDispatch
  ) -> ColumnGeneration.Refinement {
    { point throws(SolverError) in
      try risk.dropIdleCuts()
      let load = risk.load(point)
      let evaluation = try scenarios.evaluate(
        PlannedLoad(fractional: load, problem: self.problem))
      try risk.addCuts(evaluation, at: load)
    }
  }

  private func accept(
    _ controls: PlanSchedule.Controls, _ state: inout ScenarioState, _ risk: RiskMaster,
    _ scenarios: ScenarioDispatch
  ) throws(SolverError) {
    let other = try value(controls, risk, scenarios)
    if other.objective < state.objective - 1e-6 { state = other }
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
struct ScenarioState {
  var controls: PlanSchedule.Controls
  var objective: Double
  var load: [Double]
  var evaluation: ScenarioDispatch.Evaluation
}
