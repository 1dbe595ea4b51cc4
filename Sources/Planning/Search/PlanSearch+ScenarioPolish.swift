// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Plans rooms anew against what each step costs over all scenarios, batteries and vehicles standing
  /// still in each; keeps what is better once they move.
  ///
  /// - Returns: whether the relays got better.
  func polish(_ lane: ScenarioLane) throws(SolverError) -> Bool {
    let (state, scenarios) = (lane.state, lane.scenarios)
    var costs = scenarios.loadCosts(state.evaluation)
    var groups = GroupCosts(state.controls, problem)
    let order = Array(problem.rooms.indices)
    let (controls, changes) = polished(
      state.controls, order: order, costs: &costs, groups: &groups)
    return changes > 0 ? try lane.judge(controls) : false
  }
}
