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
      for (index, energy) in grid.energies.enumerated() {
        var least = (idle: Double.infinity, on: Double.infinity)
        for choice in choices[offset] where energy + choice.energy <= last + 1e-9 {
          if choice.power > 0 {
            least.on = min(least.on, choice.cost + grid.value(later[1], energy + choice.energy))
          } else {
            least.idle = min(least.idle, grid.value(later[0], energy))
          }
        }
        values[offset][0][index] = min(least.idle, least.on + charger.startCost)
        values[offset][1][index] = min(least.idle, least.on)
      }
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

/// Energies at equal distances, with straight lines between them.
struct EnergyGrid {
  let energies: [Double]
  let highest: Double
  private let spacing: Double
  private let lowest: Double

  init(lowest: Double, highest: Double, count: Int) {
    self.lowest = lowest
    self.highest = highest
    let spacing = (highest - lowest) / Double(count - 1)
    self.spacing = spacing
    energies = (0..<count).map { lowest + Double($0) * spacing }
  }

  /// A grid one of whose energies is the given one, so that no line cuts off its corner.
  init(lowest: Double, highest: Double, through corner: Double, count: Int) {
    guard corner > lowest + 0.01, corner < highest else {
      self.init(lowest: lowest, highest: highest, count: count)
      return
    }
    let share = (corner - lowest) / (highest - lowest)
    let cells = max(Double(count) / 3, (share * Double(count)).rounded()).rounded()
    let spacing = (corner - lowest) / cells
    let all = Int(((highest - lowest) / spacing).rounded(.up)) + 1
    self.init(lowest: lowest, highest: lowest + Double(all - 1) * spacing, count: all)
  }

  /// The value at an energy, which lies on the grid but for rounding.
  func value(_ values: [Double], _ energy: Double) -> Double {
    let place = (energy - lowest) / spacing
    let index = min(max(Int(place), 0), values.count - 2)
    let fraction = place - Double(index)
    return values[index] + fraction * (values[index + 1] - values[index])
  }
}
