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
  }

  let set: PlanningProblem.ScenarioSet
  private let solvers: [DispatchSolver]
  private let threads: Int
  /// Whole decisions of each scenario that evaluations keep; none at first.
  private var decisions: [DispatchPattern]

  init(problem: PlanningProblem, set: PlanningProblem.ScenarioSet, threads: Int)
    throws(SolverError)
  {
    self.set = set
    self.threads = max(1, min(threads, set.scenarios.count))
    var solvers: [DispatchSolver] = []
    for scenario in set.scenarios {
      solvers.append(try DispatchSolver(problem: problem.assuming(scenario)))
    }
    self.solvers = solvers
    decisions = solvers.map { _ in [:] }
  }

  /// Costs and prices of a load, with the decisions that are kept and all others relaxed.
  func evaluate(_ load: PlannedLoad) throws(SolverError) -> Evaluation {
    let answers = try perform { solver, kept throws(SolverError) in
      var solution = try solver.solution(load, pattern: kept)
      if solution == nil { solution = try solver.relaxed(load) }
      guard let solution else { throw .noSolution(.infeasible) }
      return (solution.objective, solver.model.balance.map { solution.rowDuals[$0] })
    }
    return Evaluation(costs: answers.map(\.0), prices: answers.map(\.1))
  }

  /// Executable dispatches for a load.
  ///
  /// - Parameter improves: how far the whole decisions of each scenario are searched.
  /// - Parameter keeps: whether later evaluations keep these decisions.
  func executable(
    _ load: PlannedLoad, improves: DispatchSolver.Effort, keeps: Bool = false
  ) throws(SolverError) -> [DispatchSchedule] {
    let answers = try perform { solver, kept throws(SolverError) in
      solver.patternTrials = 6
      solver.programmeRounds = 2
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

  /// Runs work for each scenario; worker `w` takes the scenarios `w, w + workers, …`.
  private func perform<Value>(
    _ work: (DispatchSolver, DispatchPattern) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    var results = [Result<Value, SolverError>?](repeating: nil, count: solvers.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each worker uses places and solvers of its own.
      nonisolated(unsafe) let places = buffer
      nonisolated(unsafe) let task = work
      nonisolated(unsafe) let solvers = solvers
      let (workers, decisions) = (threads, decisions)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for place in stride(from: worker, to: solvers.count, by: workers) {
          places[place] = Result { () throws(SolverError) in
            try task(solvers[place], decisions[place])
          }
        }
      }
    }
    var values: [Value] = []
    for case let result? in results { values.append(try result.get()) }
    return values
  }
}
