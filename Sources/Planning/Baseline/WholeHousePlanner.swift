// SPDX-License-Identifier: MIT
import MILP

/// Plans by giving the whole problem to the solver at once; a baseline, not a planner for homes.
public struct WholeHousePlanner: Sendable {
  /// Time limit, gap and seed are used.
  public var options: PlannerOptions

  /// A baseline with options.
  public init(options: PlannerOptions) { self.options = options }

  /// The best plan the solver finds in time; rules where it finds none.
  ///
  /// - Throws: the first thing that is wrong with the problem.
  public func plan(_ problem: PlanningProblem) throws(PlanningError) -> PlanningOutcome {
    try problem.validate()
    let start = options.elapsedSeconds()
    var outcome: PlanningOutcome
    do {
      outcome = try solve(problem)
    } catch {
      outcome = RuleBasedPlanner().outcome(problem, cause: "whole-house model: \(error)")
    }
    outcome.seconds = options.elapsedSeconds() - start
    return outcome
  }

  private func solve(_ problem: PlanningProblem) throws(SolverError) -> PlanningOutcome {
    let model = WholeHouseModel(problem: problem)
    var settings = SolverOptions()
    settings.timeLimitSeconds = options.timeLimitSeconds
    settings.relativeGap = options.gap
    let solver = try LinearSolver(model.linear, options: settings)
    let status = try solver.solve()
    guard status.hasSolution else { throw .noSolution(status) }
    let schedule = PlanSimulation(problem: problem).schedule(
      model.controls(try solver.solution().values))
    let bound = solver.bound
    let gap = PlanningOutcome.gap(objective: schedule.objective.total, bound: bound)
    return PlanningOutcome(
      schedule: schedule, quality: status == .optimal ? .optimal : .feasible(gap: gap),
      bound: bound)
  }

  /// The lower bound of the LP relaxation and how long it took: the yardstick of all times.
  ///
  /// - Parameter usesPresolve: whether the solver simplifies the model first, which makes it slower here.
  /// - Throws: what is wrong with the problem, or `unreadable` when the solver fails.
  public func relaxation(
    _ problem: PlanningProblem, usesPresolve: Bool = false
  ) throws(PlanningError) -> (bound: Double, seconds: Double) {
    try problem.validate()
    do {
      let model = WholeHouseModel(problem: problem).linear.relaxed
      let start = options.elapsedSeconds()
      var settings = SolverOptions()
      settings.usesPresolve = usesPresolve
      let solver = try LinearSolver(model, options: settings)
      try solver.solve()
      return (solver.objective, options.elapsedSeconds() - start)
    } catch {
      throw .unreadable(reason: "\(error)")
    }
  }
}
