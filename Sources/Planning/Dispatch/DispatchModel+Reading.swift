// SPDX-License-Identifier: MIT
import MILP

extension DispatchModel {
  /// Powers below this are solver noise, kW.
  private static let noise = 1e-6
  /// Charging below this is solver noise, kW.
  private static let chargerNoise = 1e-4

  /// The dispatch in a solution, solver noise removed.
  func dispatch(_ values: [Double]) -> DispatchSchedule {
    var dispatch = DispatchSchedule(idleFor: problem)
    func clean(_ value: Double, _ noise: Double, upTo limit: Double) -> Double {
      value < noise ? 0 : min(value, limit)
    }
    for (index, columns) in batteries.enumerated() {
      for step in 0..<stepCount {
        let (charge, discharge) = (columns.charge[step], columns.discharge[step])
        var into = clean(values[charge], Self.noise, upTo: linear.columnUpper[charge])
        var out = clean(values[discharge], Self.noise, upTo: linear.columnUpper[discharge])
        if min(into, out) < 10 * Self.noise {
          // Whichever is smaller is noise beside the other.
          if into < out { into = 0 } else { out = 0 }
        }
        dispatch.batteryChargeKilowatts[index][step] = into
        dispatch.batteryDischargeKilowatts[index][step] = out
      }
    }
    for (index, columns) in chargers.enumerated() {
      let limit = problem.chargers[index].maximumKilowatts
      for step in 0..<stepCount {
        if let column = columns.charge[step] {
          dispatch.chargerKilowatts[index][step] = clean(
            values[column], Self.chargerNoise, upTo: limit)
        }
        if let column = columns.discharge[step] {
          dispatch.chargerDischargeKilowatts[index][step] = clean(
            values[column], Self.chargerNoise, upTo: linear.columnUpper[column])
        }
      }
    }
    for step in 0..<stepCount {
      guard let column = pv[step] else { continue }
      dispatch.pvUsedKilowatts[step] = min(max(0, values[column]), problem.availablePV(step))
    }
    return dispatch
  }
}
