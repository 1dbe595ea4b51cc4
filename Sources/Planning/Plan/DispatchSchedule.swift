// SPDX-License-Identifier: MIT

/// What batteries, chargers and PV do in each step; kW on the house's side.
public struct DispatchSchedule: Sendable, Equatable {
  /// Charging power of each battery, ≥ 0.
  public var batteryChargeKilowatts: [[Double]]
  /// Discharging power of each battery, ≥ 0.
  public var batteryDischargeKilowatts: [[Double]]
  /// Charging power of each charge point, ≥ 0.
  public var chargerKilowatts: [[Double]]
  /// Power given back by the vehicle at each charge point, ≥ 0.
  public var chargerDischargeKilowatts: [[Double]]
  /// PV power that is used; the rest is curtailed.
  public var pvUsedKilowatts: [Double]

  /// A dispatch in which nothing happens and all PV is used.
  public init(idleFor problem: PlanningProblem) {
    let still = [Double](repeating: 0, count: problem.stepCount)
    batteryChargeKilowatts = problem.batteries.map { _ in still }
    batteryDischargeKilowatts = batteryChargeKilowatts
    chargerKilowatts = problem.chargers.map { _ in still }
    chargerDischargeKilowatts = chargerKilowatts
    pvUsedKilowatts = problem.pvKilowatts.isEmpty ? still : problem.pvKilowatts
  }
}
