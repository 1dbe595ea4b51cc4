// SPDX-License-Identifier: MIT
import Foundation
import Planning

/// Plans of the reference problems, timed in units of their LP relaxation (LPU) in the same run.
///
/// On a busy machine the wall tells little, so all times are of the processor, all threads together;
/// on two idle cores the planner needs less of the wall.
enum PlannerBenchmark {
  static func run() throws {
    guard let judge = PlanJudge() else { return print("../shared/milp is not beside the project") }
    print("problem          LP s   first         final                          bound   peak")
    for name in judge.names {
      let problem = try judge.problem(name)
      Stopwatch.forgetPeakMemory()
      let outcome = try planned(problem)
      let peak = Stopwatch.peakMegabytes
      let unit = try lpUnit(problem)
      let objective = try judge.objective(outcome, of: problem)
      let reference = judge.reference(name)
      let first = outcome.trace.first { $0.objective.isFinite } ?? (0, .nan)
      let bound = outcome.bound ?? .nan
      let known = max(bound.isNaN ? -.infinity : bound, reference?.lower_bound ?? .nan)
      print(
        name.padding(toLength: 15, withPad: " ", startingAt: 0)
          + String(
            format:
              "%6.2f  %4.2f %+6.2f %%  %5.2f LPU %9.2f (best %+6.2f, %+5.2f %%) %9.2f %5.0f MB",
            unit, first.seconds / unit,
            100 * PlanningOutcome.gap(objective: first.objective, bound: known),
            outcome.seconds / unit, objective ?? .nan,
            (objective ?? .nan) - (reference?.best ?? .nan),
            100 * ((objective ?? .nan) / (reference?.best ?? .nan) - 1), bound, peak)
          + (objective == nil ? " BREAKS A LIMIT" : ""))
    }
  }

  /// The same with 27 scenarios and their risk.
  static func runScenarios() throws {
    guard let judge = PlanJudge() else { return print("../shared/milp is not beside the project") }
    print("problem          LP s   plan of 27 scenarios                 bound")
    for name in judge.names {
      guard let reference = judge.reference(name, withScenarios: true) else { continue }
      let problem = try judge.problem(name)
      let outcome = try planned(problem) { $0.usesScenarios = true }
      let unit = try lpUnit(problem)
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
    for limit in [30.0, 60, 120, 240] {
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
    options.elapsedSeconds = Stopwatch.processor
    change(&options)
    return try Planner(options: options).plan(problem, memory: memory)
  }

  /// Processor seconds of the LP relaxation.
  static func lpUnit(_ problem: PlanningProblem) throws -> Double {
    var options = PlannerOptions()
    options.elapsedSeconds = Stopwatch.processor
    return try WholeHousePlanner(options: options).relaxation(problem).seconds
  }
}
