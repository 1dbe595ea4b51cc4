// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Plans single rooms anew against the exact cost of each step, batteries and vehicles standing still.
  ///
  /// Marginal prices do not see that a room's power is large against the kinks between import, export and
  /// fuse; these costs do. It needs no solver and takes a fraction of a millisecond a room.
  /// - Returns: the relays afterwards, and how many rooms changed.
  func polished(
    _ controls: PlanSchedule.Controls, order: [Int]
  ) -> (controls: PlanSchedule.Controls, changes: Int) {
    var controls = controls
    var changes = 0
    let costs = StepCosts(problem: problem)
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    var grid = simulation.grid(controls.dispatch, fixedLoad: load.total, in: problem)
    for step in grid.indices { grid[step] += controls.dispatch.pvUsedKilowatts[step] }
    for room in order where room < problem.rooms.count {
      let power = problem.rooms[room].powerKilowatts
      let now = controls.relays[room]
      var others = grid
      for step in others.indices where now[step] { others[step] -= power }
      let prices = costs.ofAdding(power, to: others, present: grid)
      let answer = rooms.solve(room: room, prices: prices)
      let before = rooms.programmes[room].model.cost(of: now) + paid(now, prices)
      let after = answer.ownCost + paid(answer.schedule, prices)
      guard after < before - 1e-6 else { continue }
      controls.relays[room] = answer.schedule
      grid = others
      for step in grid.indices where answer.schedule[step] { grid[step] += power }
      changes += 1
    }
    return (controls, changes)
  }

  private func paid(_ schedule: [Bool], _ prices: [Double]) -> Double {
    schedule.indices.reduce(0) { $0 + (schedule[$1] ? prices[$1] : 0) }
  }

  /// Polishes and dispatches in turn until nothing gets better.
  func polish(rounds: Int) throws(SolverError) {
    guard !rooms.isCoupled, problem.grid.phases == nil, !problem.rooms.isEmpty else { return }
    for round in 0..<rounds {
      guard let best, !mustStop else { return }
      let count = problem.rooms.count
      let order = (0..<count).map { ($0 * 7 + round * 5) % count }
      let rest = Set(0..<count).subtracting(order).sorted()
      let (controls, changes) = polished(best.controls, order: order + rest)
      guard changes > 0 else { return }
      let before = best.objective.total
      try finish(controls)
      guard let now = self.best, now.objective.total < before - 1e-6 else { return }
    }
  }
}

/// What more power costs in each step while batteries and vehicles stand still.
struct StepCosts {
  let problem: PlanningProblem
  private let overload: Double

  init(problem: PlanningProblem) {
    self.problem = problem
    overload = DispatchModel.overloadFactor * DispatchModel.priceScale(problem)
  }

  /// Cost of `power` more in each step, currency.
  ///
  /// - Parameter others: load of all else in each step before PV, kW.
  /// - Parameter present: the load now, which says what peak is paid for already.
  func ofAdding(_ power: Double, to others: [Double], present: [Double]) -> [Double] {
    let peak = zip(present.indices, present).reduce(0) {
      max($0, $1.1 - problem.availablePV($1.0))
    }
    let cap = max(problem.grid.peakFreeKilowatts, peak)
    return others.indices.map { step in
      cost(others[step] + power, step, cap: cap) - cost(others[step], step, cap: cap)
    }
  }

  /// Cheapest way to serve a load from PV and grid.
  private func cost(_ load: Double, _ step: Int, cap: Double) -> Double {
    let grid = problem.grid
    let available = problem.availablePV(step)
    let lowest = min(available, max(0, load + grid.exportLimitKilowatts))
    var best = Double.infinity
    for used in [lowest, 0, min(max(load, 0), available)] where used <= lowest + 1e-12 {
      let net = load - used
      let hours = problem.stepHours[step]
      var cost = net > 0 ? net * grid.importCost(step) : net * grid.exportValue(step)
      cost += (available - used) * grid.curtailmentPenaltyPerKilowattHour
      cost *= hours
      cost += max(0, net - cap) * grid.peakPricePerKilowatt
      if net > grid.importLimitKilowatts {
        cost += (net - grid.importLimitKilowatts) * overload * hours
      }
      best = min(best, cost)
    }
    return best
  }
}
