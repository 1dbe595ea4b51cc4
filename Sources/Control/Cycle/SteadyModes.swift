// SPDX-License-Identifier: MIT
import Foundation
import Household
import Planning
import TimeSeries

/// Takes changes out of a sequence of battery modes that gain too little to be worth a change.
///
/// Quarter-hour prices jump up and down by some per cent, and an optimiser follows each jump: charge,
/// hold, charge. Every change is a write into the inverter's memory and looks like a fault to people. Here a
/// change costs money, and the cheapest sequence is found by a dynamic programme over the modes. What
/// another mode costs in a step is its grid flow at the prices of the step, with the energy it leaves in
/// the battery at the value the plan itself gives it: what is missing at what its use would have earned,
/// what is too much at what its purchase cost.
///
/// Source: G. D. Forney, The Viterbi algorithm, Proceedings of the IEEE 61 (1973) 268,
/// doi:10.1109/PROC.1973.9030.
struct SteadyModes {
  /// A change of mode must gain this share of the mean price of the largest energy of a quarter-hour.
  private static let changeShare = 0.03
  /// Another mode than the plan's costs at least this share of a change: ties go to the plan.
  private static let tieShare = 0.02
  /// Differences below this are the optimiser's noise, kW.
  private static let negligible = 0.05
  /// A power that is within this share of the largest is the same power.
  private static let samePower = 0.1
  /// Stops that are within this of each other are the same stop.
  private static let sameStop = Fraction(0.02)

  private enum Kind: Int, CaseIterable {
    case selfConsumption, hold, charge, discharge

    init(_ mode: BatteryMode) {
      switch mode {
      case .selfConsumption: self = .selfConsumption
      case .hold: self = .hold
      case .chargeFromGrid: self = .charge
      case .dischargeToGrid: self = .discharge
      }
    }
  }

  private let modes: [BatteryMode]
  private let current: BatteryMode?
  private let problem: PlanningProblem
  private let battery: PlanningProblem.Battery
  private let charge: [Double]
  private let discharge: [Double]
  /// What the house would import without the battery, kW.
  private let need: [Double]
  private let stateOfCharge: [Fraction]
  private let changeCost: Double
  private let values: StoredEnergyValues

  /// - Parameters:
  ///   - modes: what the plan wants in each step.
  ///   - current: what the inverter does now; `nil` where that is not known.
  ///   - stateOfCharge: at the end of each step.
  init(
    _ modes: [BatteryMode], current: BatteryMode?, schedule: PlanSchedule,
    problem: PlanningProblem, battery: PlanningProblem.Battery, stateOfCharge: [Fraction]
  ) {
    self.modes = modes
    self.current = current
    self.problem = problem
    self.battery = battery
    self.stateOfCharge = stateOfCharge
    let dispatch = schedule.controls.dispatch
    let (charge, discharge) = (
      dispatch.batteryChargeKilowatts[0], dispatch.batteryDischargeKilowatts[0]
    )
    (self.charge, self.discharge) = (charge, discharge)
    need = schedule.gridKilowatts.indices.map {
      schedule.gridKilowatts[$0] + discharge[$0] - charge[$0]
    }
    let prices = problem.grid.importPrices
    let mean = prices.reduce(0, +) / Double(max(1, prices.count))
    changeCost = Self.changeShare * max(0, mean) * battery.chargeLimitKilowatts / 4
    values = StoredEnergyValues(
      charge: charge, discharge: discharge, need: need, stateOfCharge: stateOfCharge,
      problem: problem, battery: battery)
  }

  /// The modes with fewer changes; those of one purchase or sale are one order.
  var steadied: [BatteryMode] {
    let kinds = cheapestKinds()
    var result: [BatteryMode] = []
    var start = 0
    while start < kinds.count {
      let end = kinds[start...].firstIndex { $0 != kinds[start] } ?? kinds.count
      result += Array(repeating: order(kinds[start], start..<end), count: end - start)
      start = end
    }
    return result
  }

  // MARK: One order for a run of steps

  private func order(_ kind: Kind, _ run: Range<Int>) -> BatteryMode {
    switch kind {
    case .selfConsumption: return .selfConsumption
    case .hold: return .hold
    case .charge:
      let mode = BatteryMode.chargeFromGrid(
        power: settable(charge, run, of: battery.chargeLimitKilowatts),
        until: .percent(stateOfCharge[run.upperBound - 1].percent.rounded(.up)))
      return run.lowerBound == 0 ? kept(mode) : mode
    case .discharge:
      let mode = BatteryMode.dischargeToGrid(
        power: settable(discharge, run, of: battery.dischargeLimitKilowatts),
        until: .percent(stateOfCharge[run.upperBound - 1].percent.rounded(.down)))
      return run.lowerBound == 0 ? kept(mode) : mode
    }
  }

  /// The mean power of a run in whole steps, rounded up so that the stop is reached, at least one step.
  private func settable(_ powers: [Double], _ run: Range<Int>, of limit: Double) -> Watts {
    let hours = run.reduce(0) { $0 + problem.stepHours[$1] }
    let energy = run.reduce(0) { $0 + powers[$1] * problem.stepHours[$1] }
    let step = limit * Battery.powerStepPercent / 100
    let power = min(limit, max(step, (energy / hours / step - 1e-6).rounded(.up) * step))
    return Battery.settable(atMost: .kilowatts(power), of: .kilowatts(limit))
  }

  /// The order that is in force where the new one is nearly the same.
  private func kept(_ mode: BatteryMode) -> BatteryMode {
    func isNear(
      _ power: Watts, _ old: Watts, _ stop: Fraction, _ oldStop: Fraction, _ limit: Double
    ) -> Bool {
      abs((power - old).kilowatts) <= Self.samePower * limit + 1e-9
        && abs((stop - oldStop).rawValue) <= Self.sameStop.rawValue + 1e-9
    }
    switch (current, mode) {
    case (.chargeFromGrid(let old, let oldStop)?, .chargeFromGrid(let power, let stop))
    where isNear(power, old, stop, oldStop, battery.chargeLimitKilowatts):
      return .chargeFromGrid(power: old, until: oldStop)
    case (.dischargeToGrid(let old, let oldStop)?, .dischargeToGrid(let power, let stop))
    where isNear(power, old, stop, oldStop, battery.dischargeLimitKilowatts):
      return .dischargeToGrid(power: old, until: oldStop)
    default: return mode
    }
  }

  // MARK: The cheapest sequence

  private func cheapestKinds() -> [Kind] {
    let kinds = Kind.allCases
    var best = kinds.map { kind in
      current.map { Kind($0) == kind ? 0 : changeCost } ?? 0
    }
    var before: [[Int]] = []
    for step in modes.indices {
      let regrets = regrets(step)
      var next = [Double](repeating: .infinity, count: kinds.count)
      var from = [Int](repeating: 0, count: kinds.count)
      for (to, regret) in regrets.enumerated() {
        for old in kinds.indices {
          let change = step > 0 && old != to ? changeCost : 0
          // The first step is chosen from what the inverter does now; its cost is in `best` already.
          guard step > 0 || old == to else { continue }
          let cost = best[old] + change + regret
          if cost < next[to] { (next[to], from[to]) = (cost, old) }
        }
      }
      best = next
      before.append(from)
    }
    guard var kind = best.indices.min(by: { best[$0] < best[$1] }) else { return [] }
    var path: [Kind] = []
    for from in before.reversed() {
      path.append(kinds[kind])
      kind = from[kind]
    }
    return path.reversed()
  }

  /// What each kind costs more than the plan's own in a step; infinite for one that has no power here.
  private func regrets(_ step: Int) -> [Double] {
    let own = Kind(modes[step])
    let base = flow(own, step) ?? 0
    return Kind.allCases.map { kind in
      if kind == own { return 0 }
      guard let flow = flow(kind, step), isInsideFuse(flow, step) || !isInsideFuse(base, step)
      else { return .infinity }
      let missing = stored(base, step) - stored(flow, step)
      let value = missing > 0 ? values.upper[step] : values.lower[step]
      let regret = cost(flow, step) - cost(base, step) + missing * value
      return max(0, regret) + Self.tieShare * changeCost
    }
  }

  private func isInsideFuse(_ flow: Double, _ step: Int) -> Bool {
    need[step] - flow <= problem.grid.importLimitKilowatts + Self.negligible
  }

  /// What the battery gives in a mode, kW, discharge positive.
  private func flow(_ kind: Kind, _ step: Int) -> Double? {
    switch kind {
    case .hold: return 0
    case .selfConsumption:
      let start = step == 0 ? Fraction(battery.initialFraction) : stateOfCharge[step - 1]
      if need[step] > 0 {
        let isEmpty = start.rawValue <= battery.minimumFraction + 0.005
        return isEmpty ? 0 : min(need[step], battery.dischargeLimitKilowatts)
      }
      let isFull = start.rawValue >= battery.maximumFraction - 0.005
      return isFull ? 0 : -min(-need[step], battery.chargeLimitKilowatts)
    case .charge: return power(charge, .charge, step).map { -$0 }
    case .discharge: return power(discharge, .discharge, step)
    }
  }

  /// The power of a purchase or a sale: the plan's, or that of the next one near by.
  private func power(_ powers: [Double], _ kind: Kind, _ step: Int) -> Double? {
    for distance in 0...Self.reach {
      for near in Set([step - distance, step + distance]).sorted()
      where modes.indices.contains(near) && Kind(modes[near]) == kind {
        return max(powers[near], Self.negligible)
      }
    }
    return nil
  }

  /// Steps over which a purchase may be spread.
  private static let reach = 4

  /// What a flow leaves in the battery, kWh.
  private func stored(_ flow: Double, _ step: Int) -> Double {
    problem.stepHours[step]
      * (flow < 0 ? -flow * battery.chargeEfficiency : -flow / battery.dischargeEfficiency)
  }

  /// What a flow costs at the meter and in wear.
  private func cost(_ flow: Double, _ step: Int) -> Double {
    let grid = need[step] - flow
    let price = grid > 0 ? problem.grid.importPrices[step] : problem.grid.exportPrices[step]
    return problem.stepHours[step]
      * (grid * price + abs(flow) * battery.wearPerKilowattHour)
  }
}
