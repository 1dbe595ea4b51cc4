// SPDX-License-Identifier: MIT

/// Checks and prices the dispatch of one course of events.
struct DispatchCheck {
  let problem: PlanningProblem
  let outlook: Outlook
  let plan: PlanSchedule.Controls
  /// Heating and deferrable loads, kW.
  let load: [Double]

  /// Finds broken limits and returns the parts of the cost.
  func run(
    _ dispatch: DispatchSchedule, _ findings: inout CheckFindings
  ) -> [String: Double] {
    var parts = [
      "energy": 0.0, "export": 0, "curtail": 0, "wear": 0, "peak": 0, "term_batt": 0,
      "ev_short": 0, "ev_start": 0, "emissions": 0,
    ]
    for index in problem.batteries.indices {
      checkBattery(index, dispatch, &parts, &findings)
    }
    for index in problem.chargers.indices {
      checkCharger(index, dispatch, &parts, &findings)
    }
    checkGrid(dispatch, &parts, &findings)
    return parts
  }

  private func checkBattery(
    _ index: Int, _ dispatch: DispatchSchedule, _ parts: inout [String: Double],
    _ findings: inout CheckFindings
  ) {
    let battery = problem.batteries[index]
    var energy = battery.initialFraction * battery.capacityKilowattHours
    let top = battery.maximumFraction * battery.capacityKilowattHours
    let bottom = battery.minimumFraction * battery.capacityKilowattHours
    for step in problem.stepHours.indices {
      let hours = problem.stepHours[step]
      let charge = dispatch.batteryChargeKilowatts[index][step]
      let discharge = dispatch.batteryDischargeKilowatts[index][step]
      let factor = battery.powerFactors.isEmpty ? 1 : battery.powerFactors[step]
      var highest = battery.chargeLimitKilowatts * factor
      if let from = battery.taperFromFraction {
        let state = energy / battery.capacityKilowattHours
        let slope = (1 - battery.taperEndFactor) / (1 - from)
        highest = min(highest, battery.chargeLimitKilowatts * (1 - slope * (state - from)))
      }
      let power = max(
        -charge, charge - max(0, highest), -discharge,
        discharge - battery.dischargeLimitKilowatts * factor)
      findings.record(.batteryPower, battery.name, step: step, amount: power)
      findings.record(
        .simultaneous, battery.name, step: step, amount: min(charge, discharge))
      let before = energy
      energy += hours * battery.chargeEfficiency * charge
      energy -= hours * discharge / battery.dischargeEfficiency
      // Outside its band the energy may only come nearer to it.
      findings.record(
        .batteryEnergy, battery.name, step: step,
        amount: max(energy - max(top, before), min(bottom, before) - energy))
      parts["wear", default: 0] += hours * battery.wearPerKilowattHour * (charge + discharge)
    }
    parts["term_batt", default: 0] -= battery.terminalValuePerKilowattHour * energy
  }

  private func checkCharger(
    _ index: Int, _ dispatch: DispatchSchedule, _ parts: inout [String: Double],
    _ findings: inout CheckFindings
  ) {
    let charger = problem.chargers[index]
    let power = dispatch.chargerKilowatts[index]
    let back = dispatch.chargerDischargeKilowatts[index]
    var isPresent = [Bool](repeating: false, count: power.count)
    for session in charger.sessions {
      for step in session.start..<max(session.start, session.end) { isPresent[step] = true }
      checkSession(session, charger, power, back, &parts, &findings)
    }
    var wasOn = charger.isChargingInitially
    for step in power.indices {
      let isOn = power[step] > findings.tolerance
      var excess = max(-power[step], power[step] - charger.maximumKilowatts)
      if isOn { excess = max(excess, charger.minimumKilowatts - power[step]) }
      excess = max(excess, -back[step], back[step] - charger.dischargeLimitKilowatts)
      if !isPresent[step] { excess = max(excess, abs(power[step]), abs(back[step])) }
      findings.record(.chargerPower, charger.name, step: step, amount: excess)
      findings.record(
        .simultaneous, charger.name, step: step, amount: min(power[step], back[step]))
      if isOn && !wasOn { parts["ev_start", default: 0] += charger.startCost }
      wasOn = isOn
      parts["wear", default: 0] +=
        problem.stepHours[step] * charger.dischargeWearPerKilowattHour * back[step]
    }
  }

  private func checkSession(
    _ session: PlanningProblem.Charger.Session, _ charger: PlanningProblem.Charger,
    _ power: [Double], _ back: [Double], _ parts: inout [String: Double],
    _ findings: inout CheckFindings
  ) {
    guard session.end > session.start else { return }
    var energy = session.initialKilowattHours
    for step in session.start..<session.end {
      if let from = session.taperFromKilowattHours, session.maximumKilowattHours > from {
        let part = (energy - from) / (session.maximumKilowattHours - from)
        let highest =
          charger.maximumKilowatts
          - max(0, part) * (charger.maximumKilowatts - charger.minimumKilowatts)
        findings.record(
          .chargerPower, charger.name, step: step, amount: power[step] - highest)
      }
      let before = energy
      energy += problem.stepHours[step] * charger.efficiency * power[step]
      energy -= problem.stepHours[step] * back[step] / charger.dischargeEfficiency
      let top = max(session.maximumKilowattHours, before)
      var amount = energy - top
      if back[step] > findings.tolerance {
        amount = max(amount, session.reserveKilowattHours - energy)
      }
      findings.record(.vehicleEnergy, charger.name, step: step, amount: amount)
    }
    parts["ev_short", default: 0] +=
      charger.shortfallPenaltyPerKilowattHour * max(0, session.targetKilowattHours - energy)
  }

  private func checkGrid(
    _ dispatch: DispatchSchedule, _ parts: inout [String: Double],
    _ findings: inout CheckFindings
  ) {
    let grid = problem.grid
    var peak = 0.0
    for step in problem.stepHours.indices {
      let hours = problem.stepHours[step]
      let available = outlook.pv.isEmpty ? 0 : outlook.pv[step]
      let used = dispatch.pvUsedKilowatts[step]
      findings.record(.pvPower, "pv", step: step, amount: max(-used, used - available))
      let charge = dispatch.batteryChargeKilowatts.reduce(0) { $0 + $1[step] }
      let discharge = dispatch.batteryDischargeKilowatts.reduce(0) { $0 + $1[step] }
      let vehicles = dispatch.chargerKilowatts.reduce(0) { $0 + $1[step] }
      let given = dispatch.chargerDischargeKilowatts.reduce(0) { $0 + $1[step] }
      let net =
        outlook.base[step] + load[step] + vehicles - given + charge - discharge - used
      let imported = net > 0 ? net : 0
      let exported = net < 0 ? -net : 0
      findings.record(
        .importLimit, "grid", step: step, amount: imported - grid.importLimitKilowatts)
      findings.record(
        .exportLimit, "grid", step: step, amount: exported - grid.exportLimitKilowatts)
      checkPhases(step, common: charge - discharge + vehicles - given - used, &findings)
      checkBatteryAndGrid(step, imported: imported, exported: exported, dispatch, &findings)
      parts["energy", default: 0] +=
        hours * (imported * outlook.importPrice[step] - exported * outlook.exportPrice[step])
      parts["export", default: 0] += hours * exported * grid.exportPenaltyPerKilowattHour
      parts["curtail", default: 0] +=
        hours * (available - used) * grid.curtailmentPenaltyPerKilowattHour
      if !grid.emissionsKilogramsPerKilowattHour.isEmpty {
        parts["emissions", default: 0] +=
          hours * imported * grid.emissionsKilogramsPerKilowattHour[step]
          * grid.emissionPricePerKilogram
      }
      peak = max(peak, imported)
    }
    parts["peak"] = grid.peakPricePerKilowatt * max(0, peak - grid.peakFreeKilowatts)
  }

  private func checkPhases(_ step: Int, common: Double, _ findings: inout CheckFindings) {
    guard let limits = problem.grid.phases else { return }
    for phase in 0..<3 {
      var power = outlook.base[step] * limits.baseLoadShares[phase] + common / 3
      for (index, room) in problem.rooms.enumerated() where plan.relays[index][step] {
        if let own = room.phase {
          power += own == phase ? room.powerKilowatts : 0
        } else {
          power += room.powerKilowatts / 3
        }
      }
      for (index, load) in problem.deferrableLoads.enumerated()
      where plan.deferrableRuns[index][step] {
        power += load.powerKilowatts / 3
      }
      findings.record(
        .phaseLimit, "L\(phase + 1)", step: step, amount: power - limits.importLimitKilowatts)
    }
  }

  private func checkBatteryAndGrid(
    _ step: Int, imported: Double, exported: Double, _ dispatch: DispatchSchedule,
    _ findings: inout CheckFindings
  ) {
    for (index, battery) in problem.batteries.enumerated() {
      if !battery.chargesFromGrid {
        let amount = min(dispatch.batteryChargeKilowatts[index][step], imported)
        findings.record(.batteryGrid, battery.name, step: step, amount: amount)
      }
      if !battery.dischargesToGrid {
        let amount = min(dispatch.batteryDischargeKilowatts[index][step], exported)
        findings.record(.batteryGrid, battery.name, step: step, amount: amount)
      }
    }
  }
}
