// SPDX-License-Identifier: MIT

/// The dynamic programme of a battery beside a given load: it never charges and discharges at once.
///
/// State: stored energy on a grid. A linear dispatch needs it only where burning energy or sending it
/// round through the meter would pay; then its directions are fixed in the linear model.
struct BatteryProgramme {
  /// Points of the energy grid.
  private static let points = 81
  /// Powers in each direction.
  private static let levels = 8

  let battery: PlanningProblem.Battery
  let stepHours: [Double]
  /// Load of all else before PV, kW.
  let others: [Double]
  let costs: StepCosts

  /// Battery power in each step, kW, + charging.
  func powers() -> [Double] {
    let start = battery.initialKilowattHours
    let grid = EnergyGrid(
      lowest: min(start, battery.lowestKilowattHours),
      highest: max(start, battery.highestKilowattHours, start + 1e-6), count: Self.points)
    let choices = stepHours.indices.map(choices)
    var values = [[Double]](
      repeating: grid.energies.map { -battery.terminalValuePerKilowattHour * $0 },
      count: stepHours.count + 1)
    for step in stepHours.indices.reversed() {
      var least = [Double](repeating: .infinity, count: grid.energies.count)
      for choice in choices[step] {
        grid.lower(
          &least, to: values[step + 1], after: choice.energy, adding: choice.cost,
          upTo: grid.highest)
      }
      values[step] = least
    }
    var energy = start
    return stepHours.indices.map { step in
      let choice = best(choices[step], energy, values[step + 1], grid)
      energy += choice.energy
      return choice.power
    }
  }

  private typealias Choice = (power: Double, energy: Double, cost: Double)

  private func choices(_ step: Int) -> [Choice] {
    let factor = battery.powerFactor(step)
    var powers = [0.0]
    for level in 1...Self.levels {
      let share = Double(level) / Double(Self.levels) * factor
      powers.append(battery.chargeLimitKilowatts * share)
      powers.append(-battery.dischargeLimitKilowatts * share)
    }
    // What just uses up the sun, or just covers the load.
    let balance = costs.problem.availablePV(step) - others[step]
    if balance < battery.chargeLimitKilowatts * factor,
      balance > -battery.dischargeLimitKilowatts * factor
    {
      powers.append(balance)
    }
    let hours = stepHours[step]
    return powers.map { power in
      let energy =
        power > 0
        ? power * hours * battery.chargeEfficiency : power * hours / battery.dischargeEfficiency
      let wear = hours * battery.wearPerKilowattHour * abs(power)
      return (power, energy, wear + costs.cost(others[step] + power, step))
    }
  }

  private func best(
    _ choices: [Choice], _ energy: Double, _ later: [Double], _ grid: EnergyGrid
  ) -> (value: Double, power: Double, energy: Double) {
    var best = (value: Double.infinity, power: 0.0, energy: 0.0)
    let (low, high) = (grid.energies[0] - 1e-9, grid.highest + 1e-9)
    for choice in choices {
      let next = energy + choice.energy
      guard next >= low, next <= high else { continue }
      let value = choice.cost + grid.value(later, next)
      if value < best.value { best = (value, choice.power, choice.energy) }
    }
    return best
  }
}
