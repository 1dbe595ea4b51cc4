// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// Where power goes in one step, all in W and at least 0, on the alternating-current side.
///
/// `gridImport + pv + discharge == gridExport + charge + load`.
struct PowerFlows: Sendable, Hashable {
  /// PV production that is used.
  var pv = 0.0
  /// PV production that could have been and was not.
  var curtailed = 0.0
  /// Into the battery.
  var charge = 0.0
  /// Out of the battery.
  var discharge = 0.0
  /// From the grid.
  var gridImport = 0.0
  /// Into the grid.
  var gridExport = 0.0
}

/// A hybrid inverter of the Growatt SPH kind with its battery: what its modes really do.
///
/// Modes and their register names: self-consumption is load-first; hold is battery-first with the
/// stop state of charge at the live one, where the battery neither gives nor takes, so that PV that
/// is left over is exported; charging is battery-first with AC charge, at the commanded power
/// whatever PV gives, and holds once its stop is reached; discharging is grid-first, at the
/// commanded power whatever the house needs, and holds at its stop from both sides.
struct HybridInverter: Sendable, Hashable {
  let battery: Battery?
  /// The most alternating current in either direction, W; infinite without an inverter.
  let ratedWatts: Double
  /// The most that may be exported, W.
  let exportLimitWatts: Double

  init(home: Home) {
    battery = home.battery
    ratedWatts = home.inverter?.ratedPower.rawValue ?? .infinity
    exportLimitWatts = home.grid.exportLimit.rawValue
  }

  /// The flows of one step in which load and sun are constant.
  ///
  /// - Parameters:
  ///   - load: consumption of the house, W, at least 0.
  ///   - available: PV production on the alternating-current side if nothing limited it, W.
  ///   - limit: the most PV may give, W.
  ///   - exportLimit: the most that may be fed in now, W, beside the limit of the connection.
  ///   - stored: energy in the battery, kWh.
  func flows(
    load: Double, available: Double, limit: Double?, exportLimit: Double? = nil,
    mode: BatteryMode, stored: Double, stepHours: Double
  ) -> PowerFlows {
    let sun = min(available, limit ?? .infinity)
    var flows = PowerFlows()
    decideBattery(
      &flows, load: load, sun: sun, mode: mode, stored: stored, stepHours: stepHours)
    flows.pv = max(0, min(sun, ratedWatts + flows.charge - flows.discharge))
    let surplus = flows.pv + flows.discharge - flows.charge - load
    let allowed = min(exportLimitWatts, exportLimit ?? .infinity)
    if surplus > allowed {
      let excess = surplus - allowed
      let less = min(flows.discharge, excess)
      flows.discharge -= less
      flows.pv = max(0, flows.pv - (excess - less))
    }
    flows.curtailed = max(0, available - flows.pv)
    let net = load + flows.charge - flows.pv - flows.discharge
    flows.gridImport = max(0, net)
    flows.gridExport = max(0, -net)
    return flows
  }

  private func decideBattery(
    _ flows: inout PowerFlows, load: Double, sun: Double, mode: BatteryMode, stored: Double,
    stepHours: Double
  ) {
    guard let battery else { return }
    let band = battery.stateOfChargeBand
    func room(upTo limit: Fraction) -> Double {
      let free = min(limit, band.upperBound).rawValue * battery.capacity.rawValue - stored
      return min(
        battery.maximumCharge.rawValue,
        max(0, free) / battery.chargeEfficiency.rawValue / stepHours * 1_000)
    }
    func reserve(downTo limit: Fraction) -> Double {
      let above = stored - max(limit, band.lowerBound).rawValue * battery.capacity.rawValue
      return min(
        battery.maximumDischarge.rawValue, max(0, ratedWatts - sun),
        max(0, above) * battery.dischargeEfficiency.rawValue / stepHours * 1_000)
    }
    switch mode {
    case .selfConsumption:
      // Direct current beyond the inverter's limit can still be stored.
      let surplus = max(sun - load, sun - ratedWatts)
      if surplus > 0 {
        flows.charge = min(surplus, room(upTo: band.upperBound))
      } else {
        flows.discharge = min(load - sun, reserve(downTo: band.lowerBound))
      }
    case .hold:
      break
    case .chargeFromGrid(let power, let until):
      flows.charge = min(max(0, power.rawValue), room(upTo: until), ratedWatts + sun)
    case .dischargeToGrid(let power, let until):
      flows.discharge = min(max(0, power.rawValue), reserve(downTo: until))
    }
  }
}
