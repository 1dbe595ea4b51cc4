// SPDX-License-Identifier: MIT
import MILP

extension Explainer {
  func battery(_ index: Int, _ step: Int) throws(SolverError) -> Explanation {
    let battery = problem.batteries[index]
    let columns = search.dispatchSolver.model.batteries[index]
    let charge = schedule.controls.dispatch.batteryChargeKilowatts[index][step]
    let discharge = schedule.controls.dispatch.batteryDischargeKilowatts[index][step]
    let stored = -solution.rowDuals[columns.storageRows[step]]
    let price = powerPrice(step)
    let action: String
    var sentence: String
    if charge > 1e-3 {
      action = "charges with \(Self.short(charge)) kW"
      sentence =
        "\(battery.name) \(action): a kWh costs \(Self.money(price)) now and will be worth "
      sentence += "\(Self.money(stored)) stored" + laterUse(index, step)
    } else if discharge > 1e-3 {
      action = "discharges with \(Self.short(discharge)) kW"
      sentence =
        "\(battery.name) \(action): a kWh is worth \(Self.money(price)) now, more than the "
      sentence += "\(Self.money(stored)) it would be worth later"
    } else {
      action = "holds"
      sentence = "\(battery.name) holds: power at \(Self.money(price)) is neither cheap nor dear "
      sentence += "enough against \(Self.money(stored)) for a stored kWh, losses and wear included"
    }
    return Explanation(
      device: battery.name, step: step, action: action, sentence: sentence + ".",
      powerPrice: price, storedEnergyPrice: stored,
      bindingLimits: batteryLimits(index, step) + gridLimits(step),
      alternatives: try batteryAlternatives(index, step, charge: charge, discharge: discharge))
  }

  /// What the battery does not do, half its power each, and what that would cost.
  private func batteryAlternatives(
    _ index: Int, _ step: Int, charge: Double, discharge: Double
  ) throws(SolverError) -> [Explanation.Alternative] {
    let battery = problem.batteries[index]
    let columns = search.dispatchSolver.model.batteries[index]
    let (charging, discharging) = (columns.charge[step], columns.discharge[step])
    var alternatives: [Explanation.Alternative] = []
    if charge > 1e-3 || discharge > 1e-3 {
      alternatives.append(try alternative("holds", [charging: 0...0, discharging: 0...0]))
    }
    if charge <= 1e-3 {
      let power = battery.chargeLimitKilowatts * battery.powerFactor(step) / 2
      alternatives.append(
        try alternative(
          "charges with \(Self.short(power)) kW", [charging: power...power, discharging: 0...0]))
    }
    if discharge <= 1e-3 {
      let power = battery.dischargeLimitKilowatts * battery.powerFactor(step) / 2
      alternatives.append(
        try alternative(
          "discharges with \(Self.short(power)) kW", [discharging: power...power, charging: 0...0]))
    }
    return alternatives
  }

  /// When the stored energy will be used most.
  private func laterUse(_ index: Int, _ step: Int) -> String {
    let discharge = schedule.controls.dispatch.batteryDischargeKilowatts[index]
    let later = ((step + 1)..<max(step + 1, problem.stepCount)).filter { discharge[$0] > 1e-3 }
    guard let best = later.max(by: { powerPrice($0) < powerPrice($1) }) else { return "" }
    let hours = problem.stepHours[(step + 1)..<best].reduce(0, +)
    return ", for use in \(Self.short(hours)) h at \(Self.money(powerPrice(best)))"
  }

  private func batteryLimits(_ index: Int, _ step: Int) -> [String] {
    let battery = problem.batteries[index]
    let energy = schedule.batteryKilowattHours[index][step + 1]
    var limits: [String] = []
    if energy < battery.lowestKilowattHours + 1e-3 { limits.append("battery at its minimum") }
    if energy > battery.highestKilowattHours - 1e-3 { limits.append("battery at its maximum") }
    let factor = battery.powerFactor(step)
    let dispatch = schedule.controls.dispatch
    if dispatch.batteryChargeKilowatts[index][step]
      > battery.chargeLimitKilowatts * factor - 1e-3
    {
      limits.append("charging power")
    }
    if dispatch.batteryDischargeKilowatts[index][step]
      > battery.dischargeLimitKilowatts * factor - 1e-3
    {
      limits.append("discharging power")
    }
    return limits
  }

  /// The plan with some columns forced, dispatch solved again.
  private func alternative(
    _ action: String, _ forced: DispatchPattern
  ) throws(SolverError) -> Explanation.Alternative {
    let other = try search.dispatchSolver.solution(
      load, pattern: pattern.merging(forced) { $1 })
    let breaksFuse = other.map { overload($0) > overload(solution) + 1e-4 } ?? false
    return Explanation.Alternative(
      action: action, extraCost: other.map { $0.objective - solution.objective },
      obstacle: breaksFuse ? Self.fuse : nil)
  }

  /// Import above the fuse in a solution of the dispatch, kW summed over steps.
  private func overload(_ solution: LinearSolution) -> Double {
    search.dispatchSolver.model.overloads.reduce(0) { $0 + solution.values[$1] }
  }

  func charger(_ index: Int, _ step: Int) throws(SolverError) -> Explanation {
    let charger = problem.chargers[index]
    let price = powerPrice(step)
    let power = schedule.controls.dispatch.chargerKilowatts[index][step]
    guard let column = search.dispatchSolver.model.chargers[index].charge[step],
      let session = charger.sessions.first(where: { step >= $0.start && step < $0.end })
    else {
      return Explanation(
        device: charger.name, step: step, action: "idle",
        sentence: "\(charger.name) is idle: no vehicle is there.", powerPrice: price,
        storedEnergyPrice: nil, bindingLimits: [], alternatives: [])
    }
    let later = step..<session.end
    let cheaper = later.count { powerPrice($0) < price - 1e-9 }
    let isOn = power > PlanSimulation.noiseKilowatts
    let deed = isOn ? "charges with \(Self.short(power)) kW" : "waits"
    let sentence =
      "\(charger.name) \(deed): power is worth \(Self.money(price))/kWh now, "
      + "\(cheaper) of the \(later.count) steps until departure are cheaper"
    let highest = search.dispatchSolver.model.linear.columnUpper[column]
    let forced: DispatchPattern =
      isOn ? [column: 0...0] : [column: min(charger.minimumKilowatts, highest)...highest]
    var limits = gridLimits(step)
    if power > highest - 1e-3 { limits.insert("charging power", at: 0) }
    return Explanation(
      device: charger.name, step: step, action: isOn ? "charges" : "waits",
      sentence: sentence + ".", powerPrice: price, storedEnergyPrice: nil, bindingLimits: limits,
      alternatives: [try alternative(isOn ? "waits" : "charges", forced)])
  }
}
