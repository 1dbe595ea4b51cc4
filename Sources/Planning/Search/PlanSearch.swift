// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

/// One run of the planner: owns solvers, columns and the best plan so far.
final class PlanSearch {
  /// The problem for expected values.
  let problem: PlanningProblem
  /// The problem with its scenarios.
  let wholeProblem: PlanningProblem
  let options: PlannerOptions
  let start: Double
  let memory: PlanMemory?
  let simulation: PlanSimulation
  let rooms: RoomSchedules
  let dispatchSolver: DispatchSolver
  var best: PlanSchedule?
  var bestPrices: [Double] = []
  /// Bounds of dispatch columns that make the best plan's dispatch executable.
  var bestPattern: DispatchPattern = [:]
  var bound: Double?
  /// When which plan was the best one.
  var progress: [(seconds: Double, rank: PlanRank)] = []
  var diagnostics: [Diagnostic] = []
  var work = PlanningWork()
  var generation: ColumnGeneration?
  /// Columns that were found beside the first dispatch.
  var prepared: ColumnGeneration?
  /// The answer for the scenarios, once there is one.
  var scenarioBest: PlanSchedule?
  var dispatchSeconds = 0.0
  /// The search that goes on beside this one.
  var second: PlanSearch?
  /// The search that had the first good plan.
  var early: PlanSearch?
  /// The best plan as a state of the master, until there is a better one.
  var known: (choices: [Int], objective: Double)?
  /// Points of each room's temperature grid when only a sweep is asked for.
  private static let sweepPoints = 120
  /// Random numbers of moves and shakes.
  var randomness = SplitMix64(seed: 1)

  /// A second lane of a search, with the same best plan and solvers of its own.
  init(beside main: PlanSearch) throws(SolverError) {
    problem = main.problem
    wholeProblem = main.wholeProblem
    options = main.options
    start = main.start
    memory = main.memory
    simulation = main.simulation
    rooms = RoomSchedules(sharing: main.rooms)
    dispatchSolver = try DispatchSolver(problem: main.problem)
    best = main.best
    bestPrices = main.bestPrices
    bestPattern = main.bestPattern
    randomness = SplitMix64(seed: main.options.seed &+ 0x51)
  }

  init(
    problem: PlanningProblem, options: PlannerOptions, start: Double, memory: PlanMemory?
  ) throws(SolverError) {
    var certain = problem
    certain.scenarios = nil
    self.problem = certain
    wholeProblem = problem
    self.options = options
    self.start = start
    self.memory = memory
    simulation = PlanSimulation(problem: certain)
    rooms = RoomSchedules(
      problem: certain,
      points: min(options.temperaturePoints, options.effort == .sweep ? Self.sweepPoints : .max),
      threads: options.threads)
    dispatchSolver = try DispatchSolver(problem: certain)
  }

  /// Seconds that are left; infinite without a limit.
  var remainingSeconds: Double {
    guard let limit = options.timeLimitSeconds else { return .infinity }
    return start + limit - options.elapsedSeconds()
  }

  var mustStop: Bool { remainingSeconds <= 0 || options.isCancelled() }

  func run() throws(SolverError) -> PlanningOutcome {
    try sweepPlan()
    if options.effort > .sweep, !mustStop {
      if problem.rooms.isEmpty, problem.deferrableLoads.isEmpty {
        try certify()
      } else {
        try columnPlan()
        if let early {
          mergeProgress(early.progress[...])
          // Scenarios begin with the plan that belongs to the columns.
          if mustStop || !searchesScenarios { adopt(from: early) }
        }
      }
    }
    try keepPrevious()
    if options.effort == .full, options.smoothsDispatch { try smooth() }
    if options.usesScenarios, let set = wholeProblem.scenarios { try scenarioPlan(set) }
    return outcome()
  }

  /// Keeps a plan when it is better than the best one.
  @discardableResult
  func consider(_ controls: PlanSchedule.Controls, prices: [Double]) -> Bool {
    let schedule = simulation.schedule(controls)
    let rank = PlanRank(schedule, problem)
    if let best, PlanRank(best, problem) <= rank { return false }
    best = schedule
    bestPrices = prices
    known = nil
    progress.append((options.elapsedSeconds() - start, rank))
    return true
  }

  func outcome() -> PlanningOutcome {
    guard let schedule = scenarioBest ?? best else {
      return RuleBasedPlanner().outcome(wholeProblem, cause: "no plan was found in time")
    }
    let total = schedule.objective.total
    let quality: PlanningOutcome.Quality
    if let bound {
      let gap = PlanningOutcome.gap(objective: total, bound: bound)
      quality = gap <= options.gap ? .optimal : .feasible(gap: gap)
    } else {
      quality = .feasible(gap: .infinity)
    }
    var outcome = PlanningOutcome(schedule: schedule, quality: quality, bound: bound)
    outcome.trace = progress.map { ($0.seconds, $0.rank.cost) }
    outcome.work = work
    outcome.diagnostics = diagnostics + PlanRemarks(problem: problem).about(schedule)
    outcome.memory = PlanMemory(
      powerPrices: zip(bestPrices, problem.stepHours).map { $0 / $1 },
      relays: schedule.relays)
    return outcome
  }
}

/// Which of two plans is better: first less overload of the fuses, then less cost.
struct PlanRank: Comparable {
  private let overload: Double
  let cost: Double

  init(_ schedule: PlanSchedule, _ problem: PlanningProblem) {
    let limit = problem.grid.importLimitKilowatts + 1e-5
    var excess = schedule.gridKilowatts.reduce(0) { $0 + max(0, $1 - limit) }
    excess += GroupCosts.excess(schedule.controls, problem)
    // Less than the tolerance of any check is rounding.
    overload = excess < 1e-4 ? 0 : excess
    cost = schedule.objective.total
  }

  /// Whether the plan is above the fuse or a group's limit.
  var isOverloaded: Bool { overload > 0 }

  static func < (left: Self, right: Self) -> Bool {
    (left.overload, left.cost) < (right.overload, right.cost)
  }
}
