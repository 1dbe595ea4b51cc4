// SPDX-License-Identifier: MIT

/// Recomputes a plan from its decisions and finds every broken limit.
///
/// This shares no code with the planner: it reads the problem and the decisions, and does its own arithmetic.
public struct PlanCheck: Sendable {
  let problem: PlanningProblem
  /// How far a limit may be missed, in its unit.
  public let tolerance: Double

  /// A check of plans for one problem.
  public init(_ problem: PlanningProblem, tolerance: Double = 1e-4) {
    self.problem = problem
    self.tolerance = tolerance
  }

  /// The verdict on decisions; with `scenarios`, on those of every scenario and the weighed objective.
  public func verdict(_ plan: PlanSchedule.Controls, scenarios: Bool = false) -> PlanVerdict {
    var findings = CheckFindings(tolerance: tolerance)
    guard shapesFit(plan, scenarios: scenarios) else {
      findings.record(.shape, "plan", step: nil, amount: 1)
      return PlanVerdict(violations: findings.violations, objective: nil, parts: [:])
    }
    checkRelays(plan.relays, &findings)
    checkHeating(plan.relays, &findings)
    checkDeferrables(plan.deferrableRuns, &findings)
    var parts = roomCosts(plan.relays)
    parts["deferrable"] = deferrableCost(plan.deferrableRuns)
    let load = plannedLoad(plan)
    if scenarios, let set = problem.scenarios {
      addScenarios(plan, set, load, &parts, &findings)
    } else {
      let expected = Outlook(
        pv: problem.pvKilowatts, base: problem.baseLoadKilowatts,
        importPrice: problem.grid.importPrices, exportPrice: problem.grid.exportPrices)
      let check = DispatchCheck(problem: problem, outlook: expected, plan: plan, load: load)
      parts.merge(check.run(plan.dispatch, &findings)) { $0 + $1 }
    }
    return PlanVerdict(
      violations: findings.violations, objective: parts.values.reduce(0, +), parts: parts)
  }

  private func addScenarios(
    _ plan: PlanSchedule.Controls, _ set: PlanningProblem.ScenarioSet, _ load: [Double],
    _ parts: inout [String: Double], _ findings: inout CheckFindings
  ) {
    var costs: [(cost: Double, probability: Double)] = []
    for (scenario, dispatch) in zip(set.scenarios, plan.scenarioDispatches) {
      let outlook = Outlook(
        pv: scenario.pvKilowatts, base: scenario.baseLoadKilowatts,
        importPrice: scenario.importPrices, exportPrice: scenario.exportPrices)
      let check = DispatchCheck(problem: problem, outlook: outlook, plan: plan, load: load)
      let cost = check.run(dispatch, &findings).values.reduce(0, +)
      costs.append((cost, scenario.probability))
    }
    let mean = costs.reduce(0) { $0 + $1.cost * $1.probability }
    // The worst cases are taken one after another until the tail's probability is used up.
    let tail = 1 - set.riskLevel
    var left = tail
    var sum = 0.0
    for item in costs.sorted(by: { $0.cost > $1.cost }) where left > 0 {
      sum += min(left, item.probability) * item.cost
      left -= min(left, item.probability)
    }
    parts["expected"] = (1 - set.riskWeight) * mean
    parts["cvar"] = set.riskWeight * sum / tail
  }

  private func shapesFit(_ plan: PlanSchedule.Controls, scenarios: Bool) -> Bool {
    let steps = problem.stepHours.count
    func fits(_ rows: [[Double]], _ count: Int) -> Bool {
      rows.count == count
        && rows.allSatisfy { $0.count == steps && $0.allSatisfy(\.isFinite) }
    }
    func fits(_ dispatch: DispatchSchedule) -> Bool {
      fits(dispatch.batteryChargeKilowatts, problem.batteries.count)
        && fits(dispatch.batteryDischargeKilowatts, problem.batteries.count)
        && fits(dispatch.chargerKilowatts, problem.chargers.count)
        && fits(dispatch.chargerDischargeKilowatts, problem.chargers.count)
        && fits([dispatch.pvUsedKilowatts], 1)
    }
    let expected = scenarios ? plan.scenarioDispatches : [plan.dispatch]
    let wanted = scenarios ? (problem.scenarios?.scenarios.count ?? -1) : 1
    return plan.relays.count == problem.rooms.count
      && plan.relays.allSatisfy { $0.count == steps }
      && plan.deferrableRuns.count == problem.deferrableLoads.count
      && plan.deferrableRuns.allSatisfy { $0.count == steps }
      && expected.count == wanted && expected.allSatisfy(fits)
  }

  /// Power of heating and deferrable loads, which the plan fixes for all scenarios.
  private func plannedLoad(_ plan: PlanSchedule.Controls) -> [Double] {
    problem.stepHours.indices.map { step in
      var power = 0.0
      for index in problem.rooms.indices where plan.relays[index][step] {
        power += problem.rooms[index].powerKilowatts
      }
      for index in problem.deferrableLoads.indices where plan.deferrableRuns[index][step] {
        power += problem.deferrableLoads[index].powerKilowatts
      }
      return power
    }
  }

  private func checkHeating(_ relays: [[Bool]], _ findings: inout CheckFindings) {
    guard let limit = problem.heatingLimitKilowatts else { return }
    for step in problem.stepHours.indices {
      var power = 0.0
      for index in problem.rooms.indices where relays[index][step] {
        power += problem.rooms[index].powerKilowatts
      }
      findings.record(.heatingLimit, "heating", step: step, amount: power - limit)
    }
  }

  private func deferrableCost(_ runs: [[Bool]]) -> Double {
    var cost = 0.0
    for (index, load) in problem.deferrableLoads.enumerated() {
      let got = runs[index].filter { $0 }.count
      if got < load.steps { cost += Double(load.steps - got) * load.missedStepPenalty }
    }
    return cost
  }
}

/// What is known about one course of events.
struct Outlook {
  let pv: [Double]
  let base: [Double]
  let importPrice: [Double]
  let exportPrice: [Double]
}

/// Collects broken limits; of each limit and device only the worst step.
struct CheckFindings {
  let tolerance: Double
  private(set) var violations: [PlanVerdict.Violation] = []

  init(tolerance: Double) { self.tolerance = tolerance }

  mutating func record(
    _ limit: PlanVerdict.Violation.Limit, _ device: String, step: Int?, amount: Double
  ) {
    guard amount > tolerance else { return }
    let violation = PlanVerdict.Violation(
      limit: limit, device: device, step: step, amount: amount)
    guard let known = violations.firstIndex(where: { $0.limit == limit && $0.device == device })
    else { return violations.append(violation) }
    if violations[known].amount < amount { violations[known] = violation }
  }
}
