// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

extension PlanSearch {
  /// Plans rooms anew against what each step costs over all scenarios, batteries and vehicles standing
  /// still in each; keeps what is better once they move.
  ///
  /// - Returns: whether the relays got better.
  func polishScenarios(
    _ state: inout ScenarioState, _ scenarios: ScenarioDispatch
  ) throws(SolverError) -> Bool {
    var costs = scenarios.loadCosts(state.evaluation)
    var groups = GroupCosts(state.controls, problem)
    let order = Array(problem.rooms.indices)
    let (controls, changes) = polished(
      state.controls, order: order, costs: &costs, groups: &groups)
    return changes > 0 ? try judge(controls, &state, scenarios) : false
  }

  /// A shake as for expected values, with prices and costs of all scenarios.
  func shakeScenarios(
    _ state: inout ScenarioState, _ scenarios: ScenarioDispatch, _ random: inout SplitMix64
  ) throws(SolverError) {
    guard !rooms.isCoupled, !problem.rooms.isEmpty else { return }
    var costs = scenarios.loadCosts(state.evaluation)
    var groups = GroupCosts(state.controls, problem)
    let marginal = scenarios.powerPrices(state.evaluation)
    var controls = state.controls
    let order = problem.rooms.indices.shuffled(using: &random)
    let size = Int.random(in: 1...min(Self.largestShake, order.count), using: &random)
    let blend = Double.random(in: 0...1, using: &random)
    for room in order.prefix(size) {
      let power = problem.rooms[room].powerKilowatts
      costs = costs.removing(power, where: controls.relays[room])
      groups.remove(room, controls.relays[room])
      var exact = costs.ofAdding(power)
      groups.addCost(of: room, to: &exact)
      let prices = exact.indices.map { step in
        let mixed = blend * exact[step] + (1 - blend) * marginal[step] * power
        return mixed * (1 + Double.random(in: -Self.noise...Self.noise, using: &random))
      }
      controls.relays[room] = rooms.solve(room: room, prices: prices).schedule
      costs.add(power, where: controls.relays[room])
      groups.add(room, controls.relays[room])
    }
    guard controls.relays != state.controls.relays else { return }
    controls = polished(controls, order: order, costs: &costs, groups: &groups).controls
    guard controls.relays != state.controls.relays else { return }
    _ = try judge(controls, &state, scenarios)
  }

  /// Takes over relays that cost less over all scenarios.
  private func judge(
    _ controls: PlanSchedule.Controls, _ state: inout ScenarioState, _ scenarios: ScenarioDispatch
  ) throws(SolverError) -> Bool {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let own = simulation.firstStage(controls)
    guard
      let evaluation = try scenarios.evaluate(
        load, near: state.evaluation, at: state.load, below: state.objective - own - 1e-6)
    else { return false }
    state = ScenarioState(
      controls: controls, objective: own + scenarios.risk(evaluation.costs), load: load.total,
      evaluation: evaluation)
    return true
  }
}
