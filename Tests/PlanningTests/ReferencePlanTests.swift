// SPDX-License-Identifier: MIT
import Foundation
import Planning
import TestSupport
import Testing

/// Best known objectives of `milp/reference.json` and the lower bounds proven there.
private struct ReferenceCase: Sendable, CustomTestStringConvertible {
  let name: String
  let best: Double
  let bound: Double
  let tolerance: Double
  /// Part of the known bound that ours reaches at least; coupled rooms have a weak one.
  var boundShare = 0.98
  var testDescription: String { name }
}

@Suite("Reference problems")
struct ReferencePlanTests {
  private static let cases = [
    ReferenceCase(name: "winter_1000", best: 2006.4902, bound: 2003.9197, tolerance: 0.003),
    ReferenceCase(name: "shoulder_1010", best: 695.3493, bound: 690.108, tolerance: 0.003),
    ReferenceCase(name: "fuse_1030", best: 1973.8168, bound: 1961.2964, tolerance: 0.003),
    ReferenceCase(
      name: "coupled_1050", best: 1407.4242, bound: 1338.5, tolerance: 0.005, boundShare: 0.93),
  ]

  private func problem(_ name: String) throws -> PlanningProblem {
    try PlanningProblem(
      json: Data(contentsOf: ReferenceMaterial.url("milp/instances/\(name).json")))
  }

  @Test(
    "are planned close to the best known plan, with a valid bound",
    .enabled(
      if: ReferenceMaterial.has("milp/instances"),
      Comment(rawValue: ReferenceMaterial.missing("milp/instances"))), arguments: cases)
  fileprivate func quality(item: ReferenceCase) throws {
    let problem = try problem(item.name)
    let outcome = try Planner().plan(problem)
    let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    let total = try #require(verdict.objective)
    #expect(total <= item.best + max(item.tolerance * item.best, 0.5))
    let bound = try #require(outcome.bound)
    #expect(bound <= item.best)
    #expect(bound >= item.boundShare * item.bound)
  }

  @Test(
    "are planned anew after a disturbance without breaking a limit",
    .enabled(
      if: ReferenceMaterial.has("milp/instances"),
      Comment(rawValue: ReferenceMaterial.missing("milp/instances"))),
    arguments: ["fuse_1030", "winter_1000"], [1.5, 2.5])
  func quickPlan(name: String, factor: Double) throws {
    var disturbed = try problem(name)
    var options = PlannerOptions()
    options.effort = .first
    let plan = try Planner(options: options).plan(disturbed)
    for step in 0..<8 {
      disturbed.pvKilowatts[step] *= 0.3
      disturbed.baseLoadKilowatts[step] *= factor
    }
    options.effort = .sweep
    for memory in [plan.memory, nil] {
      let outcome = try Planner(options: options).plan(disturbed, memory: memory)
      let verdict = PlanCheck(disturbed).verdict(outcome.schedule.controls)
      #expect(verdict.isFeasible, "\(verdict.violations)")
    }
  }

  @Test(
    "relax to the known bound of the whole model",
    .enabled(
      if: ReferenceMaterial.has("milp/instances"),
      Comment(rawValue: ReferenceMaterial.missing("milp/instances"))),
    arguments: zip(["winter_1000", "exotic_1040"], [1951.3442, -0.2644]))
  func relaxation(name: String, value: Double) throws {
    let result = try WholeHousePlanner(options: PlannerOptions()).relaxation(problem(name))
    #expect(abs(result.bound - value) < 1e-3)
  }

  @Test(
    "the stored best plans are accepted and cost what is stored",
    .enabled(
      if: ReferenceMaterial.has("milp/plans"),
      Comment(rawValue: ReferenceMaterial.missing("milp/plans"))), arguments: cases)
  fileprivate func storedPlans(item: ReferenceCase) throws {
    let problem = try problem(item.name)
    let file = ReferenceMaterial.url("milp/plans/best_\(item.name).json")
    let stored = try JSONDecoder().decode(StoredPlan.self, from: Data(contentsOf: file))
    var controls = PlanSchedule.Controls(idleFor: problem)
    controls.relays = stored.u.map { $0.map { $0 == 1 } }
    controls.dispatch.batteryChargeKilowatts = [stored.batt_charge_kw]
    controls.dispatch.batteryDischargeKilowatts = [stored.batt_discharge_kw]
    controls.dispatch.chargerKilowatts = [stored.ev_kw]
    controls.dispatch.pvUsedKilowatts = stored.pv_used_kw
    let verdict = PlanCheck(problem).verdict(controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    #expect(abs((verdict.objective ?? .nan) - item.best) < 1e-3)
  }
}

// The names are those of the file.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct StoredPlan: Decodable {
  let u: [[Double]]
  let batt_charge_kw: [Double]
  let batt_discharge_kw: [Double]
  let ev_kw: [Double]
  let pv_used_kw: [Double]
}
