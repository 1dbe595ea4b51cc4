// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

/// Finds the cheapest executable plan of a home.
///
/// `plan` always answers with a plan, whatever the state of the home; only a problem that is not one
/// (wrong lengths, values that are no numbers or absurd) is an error. Given no clock the answer depends
/// on the problem, the options and the memory alone.
public struct Planner: Sendable {
  /// How much work is done.
  public var options: PlannerOptions

  /// A planner with options.
  public init(options: PlannerOptions = PlannerOptions()) { self.options = options }

  /// Plans one horizon.
  ///
  /// - Parameter memory: what the plan before left, moved to this horizon with `advanced(by:)`.
  /// - Throws: the first thing that is wrong with the problem.
  public func plan(
    _ problem: PlanningProblem, memory: PlanMemory? = nil
  ) throws(PlanningError) -> PlanningOutcome {
    try problem.validate()
    let start = options.elapsedSeconds()
    var outcome: PlanningOutcome
    do {
      outcome = try PlanSearch(
        problem: problem, options: options, start: start, memory: memory
      ).run()
    } catch {
      outcome = RuleBasedPlanner().outcome(problem, cause: "solver: \(error)")
    }
    outcome.seconds = options.elapsedSeconds() - start
    return outcome
  }
}
