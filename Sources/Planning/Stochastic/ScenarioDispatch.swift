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
  }

  /// Relaxed costs and prices of a load.
  func evaluate(_ load: PlannedLoad) throws(SolverError) -> Evaluation {
    let answers = try perform { solver throws(SolverError) in
      let solution = try solver.relaxed(load)
      return (solution.objective, solver.model.balance.map { solution.rowDuals[$0] })
    }
    return Evaluation(costs: answers.map(\.0), prices: answers.map(\.1))
  }

  /// Executable dispatches for a load.
  ///
  /// - Parameter improves: whether the whole decisions of each scenario are searched further.
  func executable(
    _ load: PlannedLoad, improves: Bool
  ) throws(SolverError) -> [DispatchSchedule] {
    try perform { solver throws(SolverError) in
      solver.patternTrials = 8
      return try solver.executable(load, improves: improves).dispatch
    }
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
    _ work: (DispatchSolver) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    var results = [Result<Value, SolverError>?](repeating: nil, count: solvers.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each worker uses places and solvers of its own.
      nonisolated(unsafe) let places = buffer
      nonisolated(unsafe) let task = work
      nonisolated(unsafe) let solvers = solvers
      let workers = threads
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for place in stride(from: worker, to: solvers.count, by: workers) {
          places[place] = Result { () throws(SolverError) in try task(solvers[place]) }
        }
      }
    }
    var values: [Value] = []
    for case let result? in results { values.append(try result.get()) }
    return values
  }
}
