// SPDX-License-Identifier: MIT

/// What a hybrid inverter can be told, as devices really understand it.
///
/// `hold` keeps the battery still, so PV surplus is exported; a limited charge or discharge is a mode with a
/// power rate; anything else follows the house's own balance.
public enum InverterMode: Sendable, Equatable {
  /// The battery neither charges nor discharges.
  case hold
  /// Surplus charges, need discharges, as far as power and band allow.
  case selfConsumption
  /// Charges with this power whatever the balance is, kW.
  case chargeFromGrid(kilowatts: Double)
  /// Discharges with this power whatever the balance is, kW.
  case dischargeToGrid(kilowatts: Double)
  /// Self-consumption that stops discharging at this state of charge.
  case backupReserve(fraction: Double)

  /// The name in plans and on devices.
  public var name: String {
    switch self {
    case .hold: "HOLD"
    case .selfConsumption: "SELF_CONSUMPTION"
    case .chargeFromGrid: "CHARGE_FROM_GRID"
    case .dischargeToGrid: "DISCHARGE_TO_GRID"
    case .backupReserve: "BACKUP_RESERVE"
    }
  }

  /// The mode of a battery in each step that makes it do what a plan says.
  ///
  /// Carried out on the planned balance, the modes give the planned powers within 10 W.
  public static func modes(
    of battery: Int, in schedule: PlanSchedule, problem: PlanningProblem
  ) -> [InverterMode] {
    problem.stepHours.indices.map { step in
      mode(of: battery, step: step, in: schedule, problem: problem)
    }
  }

  private static let tolerance = 0.01

  private static func mode(
    of index: Int, step: Int, in schedule: PlanSchedule, problem: PlanningProblem
  ) -> InverterMode {
    let dispatch = schedule.controls.dispatch
    let charge = dispatch.batteryChargeKilowatts[index][step]
    let discharge = dispatch.batteryDischargeKilowatts[index][step]
    // What the house would exchange with the grid if this battery stood still.
    let balance = schedule.gridKilowatts[step] - charge + discharge
    let own = selfConsumption(
      index, step: step, balance: balance, in: schedule, problem: problem)
    if abs(charge - discharge + own) < tolerance { return .selfConsumption }
    if charge > tolerance { return .chargeFromGrid(kilowatts: charge) }
    if discharge > tolerance { return .dischargeToGrid(kilowatts: discharge) }
    return .hold
  }

  /// What self-consumption would do, kW, + discharge.
  private static func selfConsumption(
    _ index: Int, step: Int, balance: Double, in schedule: PlanSchedule, problem: PlanningProblem
  ) -> Double {
    let battery = problem.batteries[index]
    let energy = schedule.batteryKilowattHours[index][step]
    let hours = problem.stepHours[step]
    let factor = battery.powerFactor(step)
    if balance >= 0 {
      let left = max(0, energy - battery.lowestKilowattHours)
      return min(
        balance, battery.dischargeLimitKilowatts * factor,
        left * battery.dischargeEfficiency / hours)
    }
    let space = max(0, battery.highestKilowattHours - energy)
    return -min(
      -balance, battery.chargeLimitKilowatts * factor,
      space / battery.chargeEfficiency / hours)
  }
}
