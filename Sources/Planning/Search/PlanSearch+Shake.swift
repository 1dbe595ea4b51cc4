// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

extension PlanSearch {
  /// Most rooms that a shake plans anew.
  private static let largestShake = 4
  /// Largest random part of a step's price in a shake.
  private static let noise = 0.15

  /// Plans a few rooms anew at disturbed prices, lets the others follow, and keeps what is better.
  ///
  /// A shake needs one small dispatch and no master, so many fit beside one move among columns.
  /// - Returns: whether the best plan got better.
  @discardableResult
  func shake(_ random: inout SplitMix64) throws(SolverError) -> Bool {
    guard let best, !rooms.isCoupled, !problem.rooms.isEmpty
    else { return false }
    var controls = best.controls
    let order = problem.rooms.indices.shuffled(using: &random)
    let size = Int.random(in: 1...min(Self.largestShake, order.count), using: &random)
    let blend = Double.random(in: 0...1, using: &random)
    for room in order.prefix(size) {
      let exact = stepPrices(of: room, controls)
      let power = problem.rooms[room].powerKilowatts
      let prices = exact.indices.map { step in
        let mixed = blend * exact[step] + (1 - blend) * bestPrices[step] * power
        return mixed * (1 + Double.random(in: -Self.noise...Self.noise, using: &random))
      }
      controls.relays[room] = rooms.solve(room: room, prices: prices).schedule
    }
    guard controls.relays != best.relays else { return false }
    controls = polished(controls, order: order).controls
    guard controls.relays != best.relays else { return false }
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let known = try knownObjective()
    let own = simulation.firstStage(controls)
    let began = options.elapsedSeconds()
    let solution = try dispatchSolver.solution(
      load, pattern: bestPattern, cutoff: known - own)
    dispatchSeconds += options.elapsedSeconds() - began
    guard let solution, solution.objective + own < known - 1e-6 else { return false }
    try finish(controls, improves: searchesDirections ? .proposals : .rounding)
    return self.best != best
  }

  /// The best plan's objective as the dispatch solver sees it: starts of charging are not in it.
  private func knownObjective() throws(SolverError) -> Double {
    guard let best else { return .infinity }
    return best.objective.total - best.objective.vehicleStarts
  }

  private func stepPrices(
    of room: Int, _ controls: PlanSchedule.Controls
  ) -> [Double] {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let beforePV = beforePV(controls, load)
    let power = problem.rooms[room].powerKilowatts
    var prices = LoadCosts(problem, load: beforePV)
      .removing(power, where: controls.relays[room]).ofAdding(power)
    var groups = GroupCosts(
      problem: problem, load: load, beforePV: beforePV, controls: controls)
    groups.remove(room, controls.relays[room])
    groups.addCost(of: room, to: &prices)
    return prices
  }
}
