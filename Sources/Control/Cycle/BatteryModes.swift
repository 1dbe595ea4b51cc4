// SPDX-License-Identifier: MIT
import Foundation
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
  private let cautiousNeed: [Double]
  private let capacity: Double
  private let chargeEfficiency: Double
  private let dischargeEfficiency: Double
  private let chargeLimit: Double
  private let dischargeLimit: Double

  /// The flows of the only battery of a schedule.
  ///
  /// - Parameters:
  ///   - cautiousSurplus: the surplus that even a dull day leaves (P10 of the sun, P90 of the load),
  ///     kW, ≥ 0, each step.
  ///   - smallerNeed: by how much less than planned a bright day with little load (P90 of the sun,
  ///     P10 of the load) needs, kW, ≥ 0, each step.
  init(
    schedule: PlanSchedule, problem: PlanningProblem, battery: PlanningProblem.Battery,
    stateOfCharge: [Fraction], cautiousSurplus: [Double], smallerNeed: [Double]
  ) {
    let dispatch = schedule.controls.dispatch
    charge = dispatch.batteryChargeKilowatts[0]
    discharge = dispatch.batteryDischargeKilowatts[0]
    let need = schedule.gridKilowatts.indices.map {
      schedule.gridKilowatts[$0] + dispatch.batteryDischargeKilowatts[0][$0]
        - dispatch.batteryChargeKilowatts[0][$0]
    }
    self.need = need
    cautiousNeed = zip(need, smallerNeed).map { max(0, $0 - $1) }
    self.stateOfCharge = stateOfCharge
    band = Fraction(battery.minimumFraction)...Fraction(battery.maximumFraction)
    stepHours = problem.stepHours
    self.cautiousSurplus = cautiousSurplus
    capacity = battery.capacityKilowattHours
    chargeEfficiency = battery.chargeEfficiency
    dischargeEfficiency = battery.dischargeEfficiency
    chargeLimit = battery.chargeLimitKilowatts
    dischargeLimit = battery.dischargeLimitKilowatts
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
      return .chargeFromGrid(
        power: Self.settable(charge[step], of: chargeLimit),
        until: .percent(stateOfCharge[step].percent.rounded(.up)))
    }
    if discharge[step] > demand + Self.negligible {
      return .dischargeToGrid(
        power: Self.settable(discharge[step], of: dischargeLimit),
        until: .percent(stateOfCharge[step].percent.rounded(.down)))
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

  /// The nearest power in whole steps, at least one.
  private static func settable(_ kilowatts: Double, of limit: Double) -> Watts {
    let step = limit * Battery.powerStepPercent / 100
    return Battery.settable(
      atMost: .kilowatts(max(step, kilowatts + step / 2)), of: .kilowatts(limit))
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

  /// Whether energy kept now for dearer hours is worth its risk.
  ///
  /// It pays only if the battery would be empty before the dear hours are over; else the energy stays
  /// until the sun fills the battery anyway, and buying now was in vain. With the probability p that
  /// the need until then is above what is stored, keeping earns p (dear − now) − (1 − p) (now − rest).
  private func savingPays(_ step: Int) -> Bool {
    let later = (step + 1..<charge.count).prefix { !isFull($0 - 1) || $0 == step + 1 }
      .filter {
        discharge[$0] > Self.negligible && importPrices[$0] > importPrices[step] + hysteresis
      }
    guard let last = later.last else { return false }
    let energies = later.map { discharge[$0] * stepHours[$0] }
    let dear =
      zip(later, energies).reduce(0) { $0 + importPrices[$1.0] * $1.1 }
      / energies.reduce(0, +)
    let probability = probabilityOfEmpty(from: step, through: last)
    let now = importPrices[step]
    return probability * (dear - now) - (1 - probability) * (now - worthOfRest(after: last))
      > hysteresis
  }

  /// The probability that the need of some steps is above what is stored, by a normal distribution
  /// through the planned and the cautious need.
  private func probabilityOfEmpty(from step: Int, through last: Int) -> Double {
    func energy(_ need: [Double]) -> Double {
      (step...last).reduce(0) { $0 + max(0, need[$1]) * stepHours[$1] }
    }
    let stored =
      (stateOfCharge[step] - band.lowerBound).rawValue * capacity * dischargeEfficiency
    let expected = energy(need)
    let deviation = max(1e-6, (expected - energy(cautiousNeed)) / Self.tenthQuantile)
    return erfc((stored - expected) / (deviation * 2.0.squareRoot())) / 2
  }

  /// What a kilowatt-hour that is left after a step is worth: the price at which the surplus that it
  /// then displaces is exported, or that of a later purchase where no surplus comes.
  private func worthOfRest(after step: Int) -> Double {
    let rest = Array(step + 1..<charge.count)
    let surplus = rest.filter { need[$0] < -Self.negligible }
    let refill = surplus.reduce(0) { $0 - need[$1] * stepHours[$1] * chargeEfficiency }
    let isRefilled = refill >= (band.upperBound - stateOfCharge[step]).rawValue * capacity
    let prices = isRefilled ? surplus.map { exportPrices[$0] } : rest.map { importPrices[$0] }
    return prices.isEmpty ? 0 : prices.reduce(0, +) / Double(prices.count)
  }

  /// How many standard deviations P10 lies below the middle of a normal distribution.
  private static let tenthQuantile = 1.2816
}
