// SPDX-License-Identifier: MIT

/// The dynamic programme of a charge point: when to charge if power costs a given amount in each step.
///
/// State: energy in the vehicle on a grid, and whether it charged before. It sees what a linear model
/// does not: the smallest power other than 0 and the cost of each start.
struct ChargerProgramme {
  /// Points of the energy grid.
  private static let points = 120
  /// Powers between the smallest and the highest one.
  private static let levels = 16

  let charger: PlanningProblem.Charger
  let stepHours: [Double]
  /// Cost of a power in a step, currency.
  let cost: (_ power: Double, _ step: Int) -> Double
  /// Further powers worth trying in a step, kW, for example the one that uses up the sun.
  let extraPower: (_ step: Int) -> Double

  /// Whether it charges in each step.
  func pattern() -> [Bool] {
    var pattern = [Bool](repeating: false, count: stepHours.count)
    for session in charger.sessions where session.end > session.start {
      let wasOn = session.start == 0 && charger.isChargingInitially
      for (offset, isOn) in plan(session, wasOn: wasOn).enumerated() {
        pattern[session.start + offset] = isOn
      }
    }
    return pattern
  }

  private func powers(_ step: Int) -> [Double] {
    let (low, high) = (charger.minimumKilowatts, charger.maximumKilowatts)
    var powers = [0.0]
    for level in 0...Self.levels {
      powers.append(low + (high - low) * Double(level) / Double(Self.levels))
    }
    let extra = extraPower(step)
    if extra > low, extra < high { powers.append(extra) }
    return powers
  }

  private func plan(_ session: PlanningProblem.Charger.Session, wasOn: Bool) -> [Bool] {
    let steps = Array(session.start..<session.end)
    let first = session.initialKilowattHours
    let last = max(first + 1e-6, session.maximumKilowattHours)
    let grid = EnergyGrid(
      lowest: first, highest: last, through: session.targetKilowattHours, count: Self.points)
    // values[offset][on][point]
    let penalty = charger.shortfallPenaltyPerKilowattHour
    let end = grid.energies.map { penalty * max(0, session.targetKilowattHours - $0) }
    var values = [[[Double]]](repeating: [end, end], count: steps.count + 1)
    let choices = steps.map { step in
      powers(step).filter { $0 == 0 || $0 > 1e-6 }.map { power in
        (
          power: power, cost: power > 0 ? cost(power, step) : 0,
          energy: power * stepHours[step] * charger.efficiency
        )
      }
    }
    for offset in steps.indices.reversed() {
      let later = values[offset + 1]
      var on = [Double](repeating: .infinity, count: grid.energies.count)
      for choice in choices[offset] where choice.power > 0 {
        grid.lower(&on, to: later[1], after: choice.energy, adding: choice.cost, upTo: last)
      }
      let idle = later[0]
      values[offset] = [
        zip(idle, on).map { min($0, $1 + charger.startCost) }, zip(idle, on).map { min($0, $1) },
      ]
    }
    return follow(choices, values, grid, from: first, upTo: last, wasOn: wasOn)
  }

  private func follow(
    _ choices: [[(power: Double, cost: Double, energy: Double)]], _ values: [[[Double]]],
    _ grid: EnergyGrid, from first: Double, upTo last: Double, wasOn: Bool
  ) -> [Bool] {
    var energy = first
    var isOn = wasOn
    return choices.indices.map { offset in
      var best = (value: Double.infinity, energy: energy, isOn: false)
      for choice in choices[offset] where energy + choice.energy <= last + 1e-9 {
        let charges = choice.power > 0
        var value = choice.cost
        value += grid.value(values[offset + 1][charges ? 1 : 0], energy + choice.energy)
        if charges, !isOn { value += charger.startCost }
        if value < best.value - 1e-12 { best = (value, energy + choice.energy, charges) }
      }
      (energy, isOn) = (best.energy, best.isOn)
      return isOn
    }
  }
}
