// SPDX-License-Identifier: MIT

extension ColumnGeneration {
  /// Sweeps that look for what a group's limit costs, before the first master.
  private static let groupSweeps = 24
  /// First change of a price for a load twice the limit, in units of the largest price.
  private static let firstStep = 2.0

  /// Prices of the groups' limits at which the cheapest schedules about keep them, and those schedules.
  ///
  /// A master whose columns cannot keep a limit pays for overload, and its prices then say nothing about
  /// what keeping it costs; so the prices are raised where a sweep breaks a limit and lowered where it
  /// leaves room, by steps that get shorter: a subgradient method on the relaxed limits.
  /// Source: M. Held, P. Wolfe, H. Crowder, Mathematical Programming 6 (1974) 62.
  func groupPrices(
    power: [Double]
  ) -> (prices: [[Double]], found: [(unit: Int, schedule: [Bool], ownCost: Double)]) {
    let groups = problem.groupLimits
    var prices = groups.map { _ in [Double](repeating: 0, count: problem.stepCount) }
    var found: [(unit: Int, schedule: [Bool], ownCost: Double)] = []
    guard !groups.isEmpty else { return (prices, found) }
    let scale = DispatchModel.priceScale(problem)
    for round in 0..<Self.groupSweeps {
      let answers = sweep(units, power: power, groups: prices)
      found += answers.map { ($0.unit, $0.schedule, $0.ownCost) }
      let length = Self.firstStep * scale / (1 + Double(round) / 4).squareRoot()
      for (index, group) in groups.enumerated() {
        let load = load(of: group, answers.map { ($0.unit, $0.schedule) })
        for step in prices[index].indices {
          let excess = load[step] - group.limitKilowatts
          let change = length * problem.stepHours[step] * excess / max(1, group.limitKilowatts)
          prices[index][step] = max(0, prices[index][step] + change)
        }
      }
    }
    return (prices, found)
  }

  /// What schedules load a group with beside the base load, kW in each step.
  private func load(
    of group: PlanningProblem.GroupLimit, _ schedules: [(unit: Int, schedule: [Bool])]
  ) -> [Double] {
    var load = problem.baseLoadKilowatts.map { $0 * group.baseShare }
    for (unit, schedule) in schedules {
      let power = master.power(unit) * group.share(unit: unit)
      for step in schedule.indices where schedule[step] { load[step] += power }
    }
    return load
  }
}
