// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import Planning
import Spelling

/// `pems why`.
let whyCommand = CommandLineCommand(
  "why", "Say why each device does what it does in one step of a plan, and what else would cost.",
  examples: ["pems why problem.json --time 2026-01-15T18:00:00Z --device battery"],
  options: [
    .value("time", "T", default: "0", "an instant (ISO 8601) or the number of a step"),
    .value("device", "NAME", "only this device"),
    .flag("json", "print JSON"),
  ],
  arguments: [CommandLineArgument("PROBLEM", "the problem, hems-bench-1 JSON")],
  run: { input in
    let problem = try SolveCommand.readProblem(try input.require("PROBLEM"))
    let step = try WhyCommand.step(try input.require("time"), in: problem)
    let device = input.string("device")
    do {
      let outcome = try Planner().plan(problem)
      let explainer = try Explainer(problem: problem, schedule: outcome.schedule)
      if let device, !explainer.devices.contains(device) {
        let near = NearestMatch.of(device, in: explainer.devices)
        throw CommandFailure.failed(
          "no device '\(device)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
      }
      try WhyCommand.show(
        try explainer.explain(step: step, device: device), asJSON: input.flag("json"))
    } catch let error as PlanningError {
      throw CommandFailure.failed("\(error)")
    }
    return ExitCode.done
  })

/// The steps of `pems why`.
enum WhyCommand {
  /// The step that a text means.
  static func step(_ text: String, in problem: PlanningProblem) throws -> Int {
    if let number = Int(text) { return number }
    guard let time = try? Date(text, strategy: .iso8601) else {
      throw CommandLineError.usage("--time: '\(text)' is neither an instant nor a step")
    }
    guard let start = problem.start else {
      throw CommandFailure.configuration("--time: the problem has no start; give a step number")
    }
    var end = start
    for (step, hours) in problem.stepHours.enumerated() {
      end += hours * 3600
      if time >= start, time < end { return step }
    }
    throw CommandFailure.failed("--time: \(text) lies outside the plan")
  }

  static func show(_ explanations: [Explanation], asJSON: Bool) throws {
    if asJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(explanations), as: UTF8.self))
      return
    }
    for item in explanations {
      print(item.sentence)
      if !item.bindingLimits.isEmpty {
        print("  limits: " + item.bindingLimits.joined(separator: ", "))
      }
      for other in item.alternatives {
        let cost =
          other.extraCost.map { String(format: "%+.3f", $0) }
          ?? "not possible: \(other.obstacle ?? "its limits")"
        print("  otherwise \(other.action): \(cost)")
      }
    }
  }
}
