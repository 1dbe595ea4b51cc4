// SPDX-License-Identifier: MIT
import Foundation
import Planning

/// Plans of the reference problems, timed in units of their LP relaxation (LPU) in the same run.
///
/// Times are of the wall, the planner with two threads and the relaxation on one, as HiGHS solves it;
/// on a busy machine only the processor's times mean something, so their ratio is beside.
enum PlannerBenchmark {
  /// A first plan is judged when this part of the relaxation's time is over.
  private static let firstUnits = 0.25

  static func run() throws {
    guard let judge = PlanJudge() else { return print("../shared/milp is not beside the project") }
    print(
      "problem         LP s (presolved)  first       at 0.25 LPU    final, of the processor"
        + "                              bound   peak")
    for name in judge.names {
      let problem = try judge.problem(name)
      Stopwatch.forgetPeakMemory()
      let before = Stopwatch.processor()
      let outcome = try planned(problem)
      let processor = Stopwatch.processor() - before
      let peak = Stopwatch.peakMegabytes
      let unit = try lpUnit(problem)
      let presolved = try lpUnit(problem, usesPresolve: true).wall
      let objective = try judge.objective(outcome, of: problem)
      let reference = judge.reference(name)
      let known = max(outcome.bound ?? -.infinity, reference?.lower_bound ?? -.infinity)
      let first = outcome.trace.first ?? (0, .nan)
      let early = outcome.trace.last { $0.seconds <= firstUnits * unit.wall } ?? first
      print(
        name.padding(toLength: 15, withPad: " ", startingAt: 0)
          + String(
            format: "%5.2f (%5.2f)   %4.2f %+6.2f %%  %+6.2f %+6.2f %%  ", unit.wall, presolved,
            first.seconds / unit.wall, percent(first.objective, known), early.objective - known,
            percent(early.objective, known))
          + String(
            format: "%4.2f LPU, %4.2f %9.2f (best %+5.2f, %+5.2f %%) %9.2f %4.0f MB",
            outcome.seconds / unit.wall, processor / unit.processor, objective ?? .nan,
            (objective ?? .nan) - (reference?.best ?? .nan),
            100 * ((objective ?? .nan) / (reference?.best ?? .nan) - 1), outcome.bound ?? .nan,
            peak)
          + (objective == nil ? " BREAKS A LIMIT" : ""))
    }
  }

  private static func percent(_ objective: Double, _ bound: Double) -> Double {
    100 * PlanningOutcome.gap(objective: objective, bound: bound)
  }

  /// The same with 27 scenarios and their risk.
  static func runScenarios() throws {
    guard let judge = PlanJudge() else { return print("../shared/milp is not beside the project") }
    print("problem          LP s   plan of 27 scenarios                 bound")
    for name in judge.names {
      guard let reference = judge.reference(name, withScenarios: true) else { continue }
      let problem = try judge.problem(name)
      let outcome = try planned(problem) { $0.usesScenarios = true }
      let unit = try lpUnit(problem).wall
      let objective =
        try judge.objective(outcome, of: problem, withScenarios: true) ?? .nan
      print(
        name.padding(toLength: 15, withPad: " ", startingAt: 0)
          + String(
            format: "%6.2f  %5.2f LPU %9.2f (reference %+5.2f, %+5.2f %%) %9.2f", unit,
            outcome.seconds / unit, objective, objective - reference.best,
            100 * (objective / reference.best - 1), outcome.bound ?? .nan))
    }
  }

  /// Plain HiGHS with the same problem, until it is within 5 % of the bound.
  static func runWholeHouse() throws {
    guard let judge = PlanJudge() else { return print("../shared/milp is not beside the project") }
    let name = "winter_1000"
    let problem = try judge.problem(name)
    let outcome = try planned(problem)
    guard let bound = outcome.bound,
      let good = outcome.trace.first(where: {
        PlanningOutcome.gap(objective: $0.objective, bound: bound) <= 0.05
      })
    else { return print("no plan within 5 %") }
    for limit in [60.0, 240, 1200] {
      var options = PlannerOptions()
      options.timeLimitSeconds = limit
      options.elapsedSeconds = Stopwatch.wall
      let plain = try WholeHousePlanner(options: options).plan(problem)
      let gap = PlanningOutcome.gap(objective: plain.schedule.objective.total, bound: bound)
      print(
        String(
          format: "%@: plain HiGHS %.1f s, %.2f %% above the bound; pems %.4f s: %.0f times faster",
          name, plain.seconds, 100 * gap, good.seconds, plain.seconds / good.seconds))
      if gap <= 0.05 { return }
    }
  }

  static func planned(
    _ problem: PlanningProblem, memory: PlanMemory? = nil,
    _ change: (inout PlannerOptions) -> Void = { _ in }
  ) throws -> PlanningOutcome {
    var options = PlannerOptions()
    options.elapsedSeconds = Stopwatch.wall
    change(&options)
    return try Planner(options: options).plan(problem, memory: memory)
  }

  /// Seconds of the LP relaxation, as the solver does it with or without presolve.
  ///
  /// Presolve makes it slower here, so the unit is without it.
  static func lpUnit(
    _ problem: PlanningProblem, usesPresolve: Bool = false
  ) throws -> (wall: Double, processor: Double) {
    var options = PlannerOptions()
    options.elapsedSeconds = Stopwatch.wall
    let before = Stopwatch.processor()
    let wall = try WholeHousePlanner(options: options)
      .relaxation(problem, usesPresolve: usesPresolve).seconds
    return (wall, Stopwatch.processor() - before)
  }
}
