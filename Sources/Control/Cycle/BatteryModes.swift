// SPDX-License-Identifier: MIT
import Household
import Planning
import TimeSeries

/// What an inverter is told in each step of a plan.
///
/// A hybrid inverter follows the house in self-consumption; it cannot store a part of a surplus or
/// cover a part of a need. Planned flows go to the nearest mode, and a step in which the plan holds
/// back on purpose must promise more money than the uncertainty of what follows is worth.
struct BatteryModes {
  /// Differences below this are the optimiser's noise, kW.
  private static let negligible = 0.05
  /// What holding back must gain, as a share of the mean import price: forecasts of the sun are off
  /// by about a fifth, and stored energy that is not needed later is lost for the day.
  private static let hysteresisShare = 0.1

  private let charge: [Double]
  private let discharge: [Double]
  private let need: [Double]
  private let stateOfCharge: [Fraction]
  private let band: ClosedRange<Fraction>
  private let importPrices: [Double]
  private let exportPrices: [Double]
  private let hysteresis: Double
  /// Steps over which a surplus that is let go has to come back: the rest of a day of sun.
  private static let refillHours = 12.0
  private let stepHours: [Double]
  private let cautiousSurplus: [Double]
  private let capacity: Double
  private let chargeEfficiency: Double

  /// The flows of the only battery of a schedule.
  ///
  /// - Parameter cautiousSurplus: the surplus that even a dull day leaves, kW, ≥ 0, each step.
  init(
    schedule: PlanSchedule, problem: PlanningProblem, battery: PlanningProblem.Battery,
    stateOfCharge: [Fraction], cautiousSurplus: [Double]
  ) {
    let dispatch = schedule.controls.dispatch
    charge = dispatch.batteryChargeKilowatts[0]
    discharge = dispatch.batteryDischargeKilowatts[0]
    need = schedule.gridKilowatts.indices.map {
      schedule.gridKilowatts[$0] + dispatch.batteryDischargeKilowatts[0][$0]
        - dispatch.batteryChargeKilowatts[0][$0]
    }
    self.stateOfCharge = stateOfCharge
    band = Fraction(battery.minimumFraction)...Fraction(battery.maximumFraction)
    stepHours = problem.stepHours
    self.cautiousSurplus = cautiousSurplus
    capacity = battery.capacityKilowattHours
    chargeEfficiency = battery.chargeEfficiency
    importPrices = problem.grid.importPrices
    exportPrices = problem.grid.exportPrices
    let mean = importPrices.reduce(0, +) / Double(max(1, importPrices.count))
    hysteresis = max(0, mean) * Self.hysteresisShare
  }

  /// The mode of every step.
  var modes: [BatteryMode] { charge.indices.map(mode) }

  private func mode(_ step: Int) -> BatteryMode {
    let surplus = max(0, -need[step])
    let demand = max(0, need[step])
    if charge[step] > surplus + Self.negligible {
      return .chargeFromGrid(power: .kilowatts(charge[step]), until: stateOfCharge[step])
    }
    if discharge[step] > demand + Self.negligible {
      return .dischargeToGrid(power: .kilowatts(discharge[step]), until: stateOfCharge[step])
    }
    if surplus > Self.negligible {
      let follows = charge[step] >= surplus / 2 || isFull(step)
      return follows || !exportPays(step) ? .selfConsumption : .hold
    }
    if demand > Self.negligible {
      let follows = discharge[step] >= demand / 2 || isEmpty(step)
      return follows || !savingPays(step) ? .selfConsumption : .hold
    }
    return .selfConsumption
  }

  private func isFull(_ step: Int) -> Bool {
    stateOfCharge[step] >= band.upperBound - Fraction(0.005)
  }

  private func isEmpty(_ step: Int) -> Bool {
    stateOfCharge[step] <= band.lowerBound + Fraction(0.005)
  }

  /// Whether a surplus may be exported now: a later one earns less by enough, and even a dull day
  /// still fills the battery.
  private func exportPays(_ step: Int) -> Bool {
    let free = (band.upperBound - stateOfCharge[step]).rawValue * capacity
    var refill = 0.0
    var hours = 0.0
    var cheapest = Double.infinity
    for later in step + 1..<charge.count where hours < Self.refillHours {
      hours += stepHours[later]
      let energy = cautiousSurplus[later] * stepHours[later] * chargeEfficiency
      guard energy > 0 else { continue }
      refill += energy
      cheapest = min(cheapest, exportPrices[later])
    }
    return refill >= free && exportPrices[step] - cheapest > hysteresis
  }

  /// Whether the energy is used later in an hour that is dearer by enough.
  private func savingPays(_ step: Int) -> Bool {
    let later = (step + 1..<charge.count).prefix { !isFull($0 - 1) || $0 == step + 1 }
      .filter { discharge[$0] > Self.negligible }
    guard let dearest = later.map({ importPrices[$0] }).max() else { return false }
    return dearest - importPrices[step] > hysteresis
  }
}
