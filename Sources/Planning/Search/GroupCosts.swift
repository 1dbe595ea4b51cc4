// SPDX-License-Identifier: MIT

/// What a room costs beyond the limits of the groups it belongs to: its phase, all heaters.
struct GroupCosts {
  private let problem: PlanningProblem
  private let groups: [PlanningProblem.GroupLimit]
  private let overload: Double
  /// Power of each group in each step, kW.
  private var powers: [[Double]]

  /// - Parameters:
  ///   - beforePV: load of everything before PV, kW.
  ///   - overloadFactor: price of a kWh above a limit, in units of the largest price.
  init(
    problem: PlanningProblem, load: PlannedLoad, beforePV: [Double],
    controls: PlanSchedule.Controls, overloadFactor: Double = DispatchModel.overloadFactor
  ) {
    self.problem = problem
    groups = problem.groupLimits
    overload = overloadFactor * DispatchModel.priceScale(problem)
    powers = zip(groups, load.groups).map { group, planned in
      (0..<problem.stepCount).map { step in
        let base = problem.baseLoadKilowatts[step]
        let common =
          beforePV[step] - controls.dispatch.pvUsedKilowatts[step] - base - load.total[step]
        return base * group.baseShare + planned[step] + common * group.commonShare
      }
    }
  }

  /// The groups as a plan loads them.
  init(_ controls: PlanSchedule.Controls, _ problem: PlanningProblem) {
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let grid = PlanSimulation(problem: problem).grid(
      controls.dispatch, fixedLoad: load.total, in: problem)
    self.init(
      problem: problem, load: load,
      beforePV: zip(grid, controls.dispatch.pvUsedKilowatts).map { $0 + $1 }, controls: controls)
  }

  /// Power above the groups' limits, summed over steps and groups, kW.
  static func excess(_ controls: PlanSchedule.Controls, _ problem: PlanningProblem) -> Double {
    guard problem.grid.phases != nil || problem.heatingLimitKilowatts != nil else { return 0 }
    let costs = GroupCosts(controls, problem)
    return zip(costs.groups, costs.powers).reduce(0) { sum, item in
      item.1.reduce(sum) { $0 + max(0, $1 - item.0.limitKilowatts - 1e-5) }
    }
  }

  /// Names of the limits that a room that is on meets in a step, or that keep it off.
  func limits(of room: Int, isOn: Bool, step: Int) -> [String] {
    zip(groups, powers).compactMap { group, power in
      let own = group.roomShares[room] * problem.rooms[room].powerKilowatts
      let wanted = power[step] + (isOn ? 0 : own)
      return own > 0 && wanted > group.limitKilowatts - 1e-3 ? group.name : nil
    }
  }

  mutating func add(_ room: Int, _ relay: [Bool]) { change(room, relay, sign: 1) }
  mutating func remove(_ room: Int, _ relay: [Bool]) { change(room, relay, sign: -1) }

  private mutating func change(_ room: Int, _ relay: [Bool], sign: Double) {
    for (index, group) in groups.enumerated() where group.roomShares[room] > 0 {
      let power = sign * group.roomShares[room] * problem.rooms[room].powerKilowatts
      for step in relay.indices where relay[step] { powers[index][step] += power }
    }
  }

  /// Adds what being on costs a room that is not among the powers now.
  func addCost(of room: Int, to prices: inout [Double]) {
    for (index, group) in groups.enumerated() where group.roomShares[room] > 0 {
      let power = group.roomShares[room] * problem.rooms[room].powerKilowatts
      for step in prices.indices {
        let before = max(0, powers[index][step] - group.limitKilowatts)
        let after = max(0, powers[index][step] + power - group.limitKilowatts)
        prices[step] += overload * problem.stepHours[step] * (after - before)
      }
    }
  }
}
