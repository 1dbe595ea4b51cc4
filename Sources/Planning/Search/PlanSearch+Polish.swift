// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Plans single rooms anew against the exact cost of each step, batteries and vehicles standing still.
  ///
  /// Marginal prices do not see that a room's power is large against the kinks between import, export and
  /// fuse; these costs do. It needs no solver and takes a fraction of a millisecond a room.
  /// - Parameter overloadFactor: price of a kWh above a group's limit, in units of the largest price.
  /// - Returns: the relays afterwards, and how many rooms changed.
  func polished(
    _ controls: PlanSchedule.Controls, order: [Int],
    overloadFactor: Double = DispatchModel.overloadFactor
  ) -> (controls: PlanSchedule.Controls, changes: Int) {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let beforePV = beforePV(controls, load)
    var costs = LoadCosts(problem, load: beforePV)
    var groups = GroupCosts(
      problem: problem, load: load, beforePV: beforePV, controls: controls,
      overloadFactor: overloadFactor)
    return polished(controls, order: order, costs: &costs, groups: &groups)
  }

  /// Load of everything before PV under a plan for expected values, kW in each step.
  func beforePV(_ controls: PlanSchedule.Controls, _ load: PlannedLoad) -> [Double] {
    let grid = simulation.grid(controls.dispatch, fixedLoad: load.total, in: problem)
    return zip(grid, controls.dispatch.pvUsedKilowatts).map { $0 + $1 }
  }

  /// The same against costs that are known already, which follow the changes.
  func polished(
    _ controls: PlanSchedule.Controls, order: [Int], costs: inout LoadCosts,
    groups: inout GroupCosts
  ) -> (controls: PlanSchedule.Controls, changes: Int) {
    var controls = controls
    var changes = 0
    for room in order where room < problem.rooms.count {
      let power = problem.rooms[room].powerKilowatts
      let now = controls.relays[room]
      let others = costs.removing(power, where: now)
      var prices = others.ofAdding(power)
      groups.remove(room, now)
      groups.addCost(of: room, to: &prices)
      let answer = rooms.solve(room: room, prices: prices)
      let before = rooms.programmes[room].model.cost(of: now) + paid(now, prices)
      let after = answer.ownCost + paid(answer.schedule, prices)
      guard after < before - 1e-6 else {
        groups.add(room, now)
        continue
      }
      controls.relays[room] = answer.schedule
      groups.add(room, answer.schedule)
      costs = others
      costs.add(power, where: answer.schedule)
      changes += 1
    }
    return (controls, changes)
  }

  /// Prices of overload while schedules are packed below the groups' limits, in units of the largest price.
  private static let packingFactors = [0.25, 0.5, 1, 2, 4, 8, 16, 64]

  /// Takes a plan below the groups' limits at a price of overload that grows slowly.
  ///
  /// At once the full price would leave all of an overload to the room that is planned first; at a
  /// growing one those go that lose least.
  func packed(_ controls: PlanSchedule.Controls, from first: Int) -> PlanSchedule.Controls {
    var controls = controls
    let count = problem.rooms.count
    for (round, factor) in Self.packingFactors.enumerated() where !mustStop {
      let order = (0..<count).map { ($0 + first + round * 5) % count }
      controls = polished(controls, order: order, overloadFactor: factor).controls
    }
    return controls
  }

  private func paid(_ schedule: [Bool], _ prices: [Double]) -> Double {
    schedule.indices.reduce(0) { $0 + (schedule[$1] ? prices[$1] : 0) }
  }

  /// Polishes and dispatches in turn until nothing gets better.
  func polish(
    rounds: Int, improves: DispatchSolver.Effort = .rounding
  ) throws(SolverError) {
    guard !rooms.isCoupled, !problem.rooms.isEmpty else { return }
    for round in 0..<rounds {
      guard let best, !mustStop else { return }
      let count = problem.rooms.count
      let order = (0..<count).map { ($0 * 7 + round * 5) % count }
      let rest = Set(0..<count).subtracting(order).sorted()
      let (controls, changes) = polished(best.controls, order: order + rest)
      guard changes > 0 else { return }
      try finish(controls, improves: improves)
      guard let now = self.best, now != best else { return }
    }
  }
}
