// SPDX-License-Identifier: MIT
import Dispatch
import MILP

/// The dispatch of every scenario for a common planned load.
final class ScenarioDispatch {
  /// What a load costs in each scenario, and how that changes with the load.
  struct Evaluation {
    var costs: [Double]
    /// Marginal cost of power in each scenario and step, currency/kW.
    var prices: [[Double]]
    /// Load of everything before PV in each scenario and step, kW.
    var beforePV: [[Double]]
  }

  let set: PlanningProblem.ScenarioSet
  private let solvers: [DispatchSolver]
  /// How many threads evaluate.
  var threads: Int
  /// Most small changes of each scenario's charging pattern that are tried.
  private static let patternTrials = 3
  /// Rounds of dynamic programmes beside each scenario's linear one.
  private static let programmeRounds = 2
  /// Whole decisions of each scenario that evaluations keep; none at first.
  private var decisions: [DispatchPattern]

  /// - Parameter basis: of the dispatch for expected values, to start from.
  init(
    problem: PlanningProblem, set: PlanningProblem.ScenarioSet, threads: Int,
    basis: SolverBasis? = nil
  ) throws(SolverError) {
    self.set = set
    self.threads = max(1, threads)
    var solvers: [DispatchSolver] = []
    for scenario in set.scenarios {
      solvers.append(try DispatchSolver(problem: problem.assuming(scenario)))
    }
    self.solvers = solvers
    decisions = solvers.map { _ in [:] }
    if let basis { for solver in solvers { try solver.start(from: basis) } }
  }

  /// Solvers for a second lane, which begin where those of the first one are.
  init(beside other: ScenarioDispatch) throws(SolverError) {
    set = other.set
    threads = 1
    decisions = other.decisions
    var solvers: [DispatchSolver] = []
    for known in other.solvers {
      let solver = try DispatchSolver(problem: known.problem)
      if let basis = known.relaxedBasis { try solver.start(from: basis) }
      solvers.append(solver)
    }
    self.solvers = solvers
  }

  /// Costs and prices of a load, with the decisions that are kept and all others relaxed.
  func evaluate(_ load: PlannedLoad) throws(SolverError) -> Evaluation {
    var evaluation = Evaluation(
      costs: set.scenarios.map { _ in 0 }, prices: set.scenarios.map { _ in [] },
      beforePV: set.scenarios.map { _ in [] })
    try evaluate(Array(set.scenarios.indices), load, into: &evaluation)
    return evaluation
  }

  /// Scenarios that are evaluated before a load is looked at again.
  private static let scenariosAtOnce = 8

  /// Costs and prices of a load near one that is known, until it is told to cost more than a cutoff.
  ///
  /// With decisions kept each cost is convex in the load, so costs and prices of the known load bound it
  /// from below. The scenarios that weigh most come first; those that are left have that bound and no prices.
  func evaluate(
    _ load: PlannedLoad, near known: Evaluation, at knownLoad: [Double], below cutoff: Double
  ) throws(SolverError) -> (evaluation: Evaluation, isBelow: Bool) {
    var evaluation = known
    for place in evaluation.costs.indices {
      for (step, price) in known.prices[place].enumerated() {
        evaluation.costs[place] += price * (load.total[step] - knownLoad[step])
      }
      evaluation.prices[place] = []
    }
    let weights = weights(known.costs)
    let order = weights.indices.sorted { (weights[$0], $1) > (weights[$1], $0) }
    for first in stride(from: 0, to: order.count, by: Self.scenariosAtOnce) {
      guard risk(evaluation.costs) < cutoff else { return (evaluation, false) }
      let places = Array(order[first..<min(first + Self.scenariosAtOnce, order.count)])
      try evaluate(places, load, into: &evaluation)
    }
    return (evaluation, risk(evaluation.costs) < cutoff)
  }

  private func evaluate(
    _ places: [Int], _ load: PlannedLoad, into evaluation: inout Evaluation
  ) throws(SolverError) {
    let answers = try perform(places) { solver, kept throws(SolverError) in
      var solution = try solver.solution(load, pattern: kept)
      if solution == nil { solution = try solver.relaxed(load) }
      guard let solution else { throw .noSolution(.infeasible) }
      return (
        solution.objective, solver.model.balance.map { solution.rowDuals[$0] },
        solver.beforePV(solver.model.dispatch(solution.values), load)
      )
    }
    for (place, answer) in zip(places, answers) {
      (evaluation.costs[place], evaluation.prices[place], evaluation.beforePV[place]) = answer
    }
  }

  /// What each scenario's cost contributes to the risk, at given costs.
  func weights(_ costs: [Double]) -> [Double] {
    let tail = RiskMeasure.tailWeights(
      costs, probabilities: set.scenarios.map(\.probability), level: set.riskLevel)
    return zip(set.scenarios, tail).map {
      (1 - set.riskWeight) * $0.probability + set.riskWeight * $1
    }
  }

  /// What more power costs while batteries and vehicles of every scenario stand still.
  func loadCosts(_ evaluation: Evaluation) -> LoadCosts {
    let weights = weights(evaluation.costs)
    return LoadCosts(
      solvers.indices.map { (weights[$0], solvers[$0].problem, evaluation.beforePV[$0]) })
  }

  /// Executable dispatches for a load.
  ///
  /// - Parameter improves: how far the whole decisions of each scenario are searched.
  /// - Parameter keeps: whether later evaluations keep these decisions.
  func executable(
    _ load: PlannedLoad, improves: DispatchSolver.Effort, keeps: Bool = false
  ) throws(SolverError) -> [DispatchSchedule] {
    let answers = try perform(Array(solvers.indices)) { solver, kept throws(SolverError) in
      solver.patternTrials = Self.patternTrials
      solver.programmeRounds = Self.programmeRounds
      return try solver.executable(load, improves: improves, known: kept)
    }
    if keeps { decisions = answers.map(\.pattern) }
    return answers.map(\.dispatch)
  }

  /// Expected cost with the weight of the worst cases.
  func risk(_ costs: [Double]) -> Double {
    let mean = zip(costs, set.scenarios).reduce(0) { $0 + $1.0 * $1.1.probability }
    let tail = RiskMeasure.conditionalValueAtRisk(
      costs, probabilities: set.scenarios.map(\.probability), level: set.riskLevel)
    return (1 - set.riskWeight) * mean + set.riskWeight * tail
  }

  /// Runs work for some scenarios; worker `w` takes every `workers`-th of them.
  private func perform<Value>(
    _ chosen: [Int], _ work: (DispatchSolver, DispatchPattern) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    var results = [Result<Value, SolverError>?](repeating: nil, count: chosen.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each worker uses places and solvers of its own.
      nonisolated(unsafe) let places = buffer
      nonisolated(unsafe) let task = work
      nonisolated(unsafe) let solvers = solvers
      let (workers, decisions) = (min(threads, chosen.count), decisions)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for place in stride(from: worker, to: chosen.count, by: workers) {
          places[place] = Result { () throws(SolverError) in
            try task(solvers[chosen[place]], decisions[chosen[place]])
          }
        }
      }
    }
    var values: [Value] = []
    for case let result? in results { values.append(try result.get()) }
    return values
  }
}
