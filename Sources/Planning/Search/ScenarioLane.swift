// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

/// What one lane of the search over scenarios works with: cuts, columns and solvers of its own.
final class ScenarioLane {
  /// Relays and runs, judged by all scenarios.
  struct State {
    var controls: PlanSchedule.Controls
    /// Risk over all scenarios, with the decisions that are kept and all others relaxed, currency.
    var objective: Double
    /// Planned load, kW in each step.
    var load: [Double]
    var evaluation: ScenarioDispatch.Evaluation
  }

  let problem: PlanningProblem
  let risk: RiskMaster
  let search: ColumnGeneration
  let scenarios: ScenarioDispatch
  /// The best relays so far.
  private(set) var state: State
  private let simulation: PlanSimulation
  /// Random numbers of moves.
  private var random: SplitMix64
  /// A cut that was slack for so many masters goes.
  static let longestIdle = 8
  /// The same for moves, which stay near one load.
  private static let longestIdleOfMoves = 4
  /// Units that a move plans anew, and how many of them it fixes at once.
  private static let moveSize = 6
  private static let movePerRound = 2

  /// - Parameters:
  ///   - columns: of a search for expected values.
  ///   - start: relays and runs to begin with.
  init(
    problem: PlanningProblem, rooms: RoomSchedules, scenarios: ScenarioDispatch,
    columns: [ColumnMaster.Column], start: PlanSchedule.Controls, options: PlannerOptions
  ) throws(SolverError) {
    self.problem = problem
    self.scenarios = scenarios
    simulation = PlanSimulation(problem: problem)
    random = SplitMix64(seed: options.seed &+ 1)
    risk = try RiskMaster(problem: problem, set: scenarios.set)
    search = try ColumnGeneration(
      problem: problem, rooms: rooms, clock: options.elapsedSeconds, master: risk.master)
    try risk.master.add(columns.map { ($0.unit, $0.schedule, $0.ownCost) })
    let load = PlannedLoad(problem: problem, relays: start.relays, runs: start.deferrableRuns)
    let evaluation = try scenarios.evaluate(load)
    try risk.addCuts(evaluation, at: load.total)
    state = State(
      controls: start,
      objective: scenarios.risk(evaluation.costs) + simulation.firstStage(start),
      load: load.total, evaluation: evaluation)
    // The trust region holds the start's load, so its schedules must be among the columns.
    _ = try search.choices(of: start)
  }

  /// A second lane that knows what the first one knows.
  init(beside lane: ScenarioLane, options: PlannerOptions) throws(SolverError) {
    problem = lane.problem
    simulation = lane.simulation
    state = lane.state
    random = SplitMix64(seed: options.seed &+ 0x9E37)
    scenarios = try ScenarioDispatch(beside: lane.scenarios)
    risk = try RiskMaster(continuing: lane.risk, problem: problem, set: scenarios.set)
    search = try ColumnGeneration(
      continuing: lane.search.snapshot, problem: problem,
      rooms: RoomSchedules(sharing: lane.rooms), clock: options.elapsedSeconds,
      master: risk.master)
  }

  /// The rooms' programmes of this lane.
  var rooms: RoomSchedules { search.pricing.rooms }

  // MARK: Judging

  /// Takes over relays and runs that cost less; most that do not are told from the prices of the best ones.
  ///
  /// - Returns: whether they do.
  @discardableResult
  func judge(_ controls: PlanSchedule.Controls) throws(SolverError) -> Bool {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let own = simulation.firstStage(controls)
    let (evaluation, isBelow) = try scenarios.evaluate(
      load, near: state.evaluation, at: state.load, below: state.objective - own - 1e-6)
    try risk.addCuts(evaluation, at: load.total)
    guard isBelow else { return false }
    state = State(
      controls: controls, objective: own + scenarios.risk(evaluation.costs), load: load.total,
      evaluation: evaluation)
    return true
  }

  /// Judges the best relays again, after other decisions were kept.
  func judgeAgain() throws(SolverError) {
    let load = PlannedLoad(
      problem: problem, relays: state.controls.relays, runs: state.controls.deferrableRuns)
    state.evaluation = try scenarios.evaluate(load)
    state.objective =
      scenarios.risk(state.evaluation.costs) + simulation.firstStage(state.controls)
  }

  /// Takes over another lane's best relays when they are better.
  func adopt(from other: ScenarioLane) throws(SolverError) {
    guard other.state.objective < state.objective - 1e-6 else { return }
    state = other.state
    try risk.addCuts(state.evaluation, at: state.load)
  }

  // MARK: Search

  /// A dive among all columns, with cuts at the load of each master on the way.
  func dive(perRound: Int) throws(SolverError) {
    try search.release()
    let choices = try search.dive(perRound: perRound) { point throws(SolverError) in
      try self.risk.dropIdleCuts(after: Self.longestIdle)
      let load = self.risk.load(point)
      let evaluation = try self.scenarios.evaluate(
        PlannedLoad(fractional: load, problem: self.problem))
      try self.risk.addCuts(evaluation, at: load)
    }
    try judge(search.controls(choices))
  }

  /// A few units are planned anew around the others; what comes out teaches the cuts even when it costs more.
  func move() throws(SolverError) {
    let choices = try search.choices(of: state.controls)
    let units = Array(search.units.shuffled(using: &random).prefix(Self.moveSize))
    var partial = choices.map { Optional($0) }
    for unit in units { partial[unit] = nil }
    try search.master.fix(partial)
    try search.solveMaster()
    try risk.dropIdleCuts(after: Self.longestIdleOfMoves)
    let found = try search.dive(free: units, choices: partial, perRound: Self.movePerRound)
    if found != choices { try judge(search.controls(found)) }
  }
}
