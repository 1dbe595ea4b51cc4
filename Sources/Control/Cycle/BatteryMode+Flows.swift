// SPDX-License-Identifier: MIT
import Household
import TimeSeries

extension BatteryMode {
  /// Differences below this are the optimiser's noise, kW.
  private static let negligible = 0.05

  /// The mode in which the inverter comes closest to the flows of a step.
  ///
  /// A hybrid inverter follows the house in self-consumption; it cannot store a part of the surplus
  /// or cover a part of the need. Flows between two modes go to the nearer one.
  ///
  /// - Parameters:
  ///   - charge: planned charging, kW, ≥ 0.
  ///   - discharge: planned discharging, kW, ≥ 0.
  ///   - need: what the house needs beyond PV, kW; negative for a surplus.
  ///   - stateOfCharge: planned at the end of the step.
  ///   - band: the state of charge the battery is kept in.
  init(
    charge: Double, discharge: Double, need: Double, stateOfCharge: Fraction,
    band: ClosedRange<Fraction>
  ) {
    let surplus = max(0, -need)
    if charge > surplus + Self.negligible {
      self = .chargeFromGrid(power: .kilowatts(charge), until: stateOfCharge)
    } else if charge > Self.negligible {
      self = charge >= surplus / 2 ? .selfConsumption : .hold
    } else if discharge > max(0, need) + Self.negligible {
      self = .dischargeToGrid(power: .kilowatts(discharge), until: stateOfCharge)
    } else if discharge > Self.negligible {
      self = discharge >= need / 2 ? .selfConsumption : .hold
    } else {
      // Nothing flows: either nothing could, or the plan saves the battery on purpose.
      let isEmpty = stateOfCharge <= band.lowerBound + Fraction(0.005)
      let isFull = stateOfCharge >= band.upperBound - Fraction(0.005)
      let couldFlow =
        need > Self.negligible ? !isEmpty : need < -Self.negligible ? !isFull : false
      self = couldFlow ? .hold : .selfConsumption
    }
  }
}
