// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import Planning
import TimeSeries

/// `pems solve`.
let solveCommand = CommandLineCommand(
  "solve", "Find the cheapest plan of a planning problem.",
  examples: [
    "pems solve problem.json --out plan.json --time-limit 2",
    "pems solve problem.json --baseline rules --out rules.json --json",
  ],
  options: [
    .value("out", "FILE", "where the plan goes; the standard output without it"),
    .flag("stochastic", "plan for the problem's scenarios with their risk"),
    .value("time-limit", "S", "wall-clock limit in seconds"),
    .value("gap", "G", default: "0.0001", "good enough within this fraction of the bound"),
    .value("threads", "N", default: "2", "threads for rooms and scenarios"),
    .value("seed", "N", default: "1", "seed of the neighbourhood search"),
    .value("effort", "E", default: "full", "sweep, first or full"),
    .value("baseline", "B", "rules or milp in place of the planner"),
    .flag("json", "with --out: print the summary as JSON"),
  ],
  arguments: [CommandLineArgument("PROBLEM", "the problem, hems-bench-1 JSON")],
  run: { input in
    let problem = try SolveCommand.readProblem(try input.require("PROBLEM"))
    let outcome = try SolveCommand.solve(problem, input)
    try SolveCommand.write(outcome, of: problem, input)
    return ExitCode.done
  })

/// The steps of `pems solve`.
enum SolveCommand {
  static func readProblem(_ path: String) throws -> PlanningProblem {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure.failed(
        "\(path) cannot be read; name a file with a planning problem (docs/formats.md)")
    }
    do {
      return try PlanningProblem(json: data)
    } catch {
      throw CommandFailure.configuration("\(path): \(notJSON(data) ?? "\(error)")")
    }
  }

  /// What is wrong with a text that is no JSON, and where; `nil` for one that is.
  private static func notJSON(_ data: Data) -> String? {
    do {
      _ = try JSONSerialization.jsonObject(with: data)
      return nil
    } catch {
      let reason = (error as NSError).userInfo["NSDebugDescription"] as? String
      return "is no JSON: \(reason ?? error.localizedDescription)"
    }
  }

  static func options(_ input: CommandLineInput) throws -> PlannerOptions {
    var options = PlannerOptions()
    options.timeLimitSeconds = try input.number("time-limit", in: 0.001...86_400, "seconds")
    options.gap = try input.number("gap", in: 0...1) ?? options.gap
    options.threads = try input.number("threads", in: 1...256) ?? options.threads
    options.seed = try input.value("seed", as: UInt64.self) ?? options.seed
    options.usesScenarios = input.flag("stochastic")
    switch input.string("effort") {
    case "sweep": options.effort = .sweep
    case "first": options.effort = .first
    case "full", nil: options.effort = .full
    case let other:
      throw CommandLineError.usage("--effort: '\(other ?? "")' is none of sweep, first, full")
    }
    options.elapsedSeconds = monotonicSeconds
    return options
  }

  /// Seconds of a clock that never jumps.
  static let monotonicSeconds: @Sendable () -> Double = {
    let start = ContinuousClock.now
    return {
      let elapsed = (ContinuousClock.now - start).components
      return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
  }()

  static func solve(
    _ problem: PlanningProblem, _ input: CommandLineInput
  ) throws -> PlanningOutcome {
    let options = try options(input)
    if options.usesScenarios, problem.scenarios == nil {
      throw CommandFailure.configuration("--stochastic: the problem has no scenarios")
    }
    do {
      switch input.string("baseline") {
      case nil: return try Planner(options: options).plan(problem)
      case "rules": return try RuleBasedPlanner().plan(problem)
      case "milp": return try WholeHousePlanner(options: options).plan(problem)
      case let other:
        throw CommandLineError.usage("--baseline: '\(other ?? "")' is none of rules, milp")
      }
    } catch let error as PlanningError {
      throw CommandFailure.configuration("\(error)")
    }
  }

  static func write(
    _ outcome: PlanningOutcome, of problem: PlanningProblem, _ input: CommandLineInput
  ) throws {
    let plan = try PlanDocument(problem: problem, outcome: outcome).json()
    if let path = input.string("out") {
      guard FileManager.default.createFile(atPath: path, contents: plan) else {
        throw CommandFailure.failed(
          "cannot write \(path); is its folder there, and is there room on the disk?")
      }
      print(input.flag("json") ? summaryJSON(outcome) : summary(outcome))
    } else {
      print(String(decoding: plan, as: UTF8.self))
    }
  }

  private static func summary(_ outcome: PlanningOutcome) -> String {
    var lines = [
      "status     \(words(for: outcome.quality))",
      row("objective", outcome.schedule.objective.total),
    ]
    if let bound = outcome.bound { lines.append(row("bound", bound)) }
    lines.append(row("seconds", outcome.seconds))
    for part in outcome.schedule.objective.parts where part.value != 0 {
      lines.append(row("  " + part.name, part.value))
    }
    return (lines + outcome.diagnostics.map(\.description)).joined(separator: "\n")
  }

  private static func words(for quality: PlanningOutcome.Quality) -> String {
    switch quality {
    case .optimal: "optimal"
    case .feasible(let gap): String(format: "feasible, within %.2f %% of the bound", 100 * gap)
    case .fallback(let cause): "fallback: \(cause)"
    }
  }

  private static func row(_ name: String, _ value: Double) -> String {
    name.padding(toLength: 12, withPad: " ", startingAt: 0)
      + String(format: "%12.4f", value)
  }

  private static func summaryJSON(_ outcome: PlanningOutcome) -> String {
    let bound = outcome.bound.map { String($0) } ?? "null"
    let gap = outcome.gap.map { String($0) } ?? "null"
    return """
      {"objective": \(outcome.schedule.objective.total), "bound": \(bound), "gap": \(gap), \
      "solve_seconds": \(outcome.seconds)}
      """
  }
}
