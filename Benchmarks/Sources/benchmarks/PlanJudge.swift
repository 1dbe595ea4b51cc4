// SPDX-License-Identifier: MIT
import Foundation
import Planning

/// The reference problems, their best known objectives, and the independent judge of plans.
struct PlanJudge {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/milp")

  /// What is known about a problem.
  struct Reference: Decodable {
    let best: Double
    let lower_bound: Double
  }

  private struct References: Decodable {
    let det: Reference
    let stoch: Reference?
  }

  private let references: [String: References]

  /// `nil` where the reference problems are not beside the project.
  init?() {
    let file = folder.appending(path: "reference.json")
    guard let text = try? Data(contentsOf: file),
      let references = try? JSONDecoder().decode([String: References].self, from: text)
    else { return nil }
    self.references = references
  }

  var names: [String] {
    let order = ["winter", "shoulder", "negprice", "fuse", "exotic", "coupled"]
    return references.keys.sorted { left, right in
      let places = [left, right].map { name in order.firstIndex { name.hasPrefix($0) } ?? 9 }
      return (places[0], left) < (places[1], right)
    }
  }

  func problem(_ name: String) throws -> PlanningProblem {
    try PlanningProblem(
      json: Data(contentsOf: folder.appending(path: "instances/\(name).json")))
  }

  func reference(_ name: String, withScenarios: Bool = false) -> Reference? {
    withScenarios ? references[name]?.stoch : references[name]?.det
  }

  /// What check_plan.py says about a plan: its objective, or `nil` when it breaks a limit.
  func objective(
    _ outcome: PlanningOutcome, of problem: PlanningProblem, withScenarios: Bool = false
  ) throws -> Double? {
    let file = FileManager.default.temporaryDirectory.appending(path: "pems-benchmark-plan.json")
    try PlanDocument(problem: problem, outcome: outcome).json().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let checker = Process()
    checker.executableURL = URL(filePath: "/usr/bin/env")
    checker.arguments =
      [
        "python3", folder.appending(path: "check_plan.py").path,
        folder.appending(path: "instances/\(problem.name).json").path, file.path, "--json",
      ] + (withScenarios ? ["--stochastic"] : [])
    let pipe = Pipe()
    checker.standardOutput = pipe
    try checker.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    checker.waitUntilExit()
    let verdict = try JSONDecoder().decode(Verdict.self, from: text)
    return verdict.feasible ? verdict.objective : nil
  }

  private struct Verdict: Decodable {
    let feasible: Bool
    let objective: Double?
  }
}
