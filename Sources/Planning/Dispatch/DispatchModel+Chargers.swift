// SPDX-License-Identifier: MIT
import MILP

extension DispatchModel {
  mutating func addChargerColumns() {
    for charger in problem.chargers {
      var columns = ChargerColumns(
        charge: Array(repeating: nil, count: stepCount),
        discharge: Array(repeating: nil, count: stepCount),
        isOn: Array(repeating: nil, count: stepCount),
        starts: Array(repeating: nil, count: stepCount))
      for session in charger.sessions {
        for step in session.start..<max(session.start, session.end) {
          columns.charge[step] = linear.addColumn(upper: charger.maximumKilowatts)
          if givesBack(charger, session, step) {
            columns.discharge[step] = linear.addColumn(
              cost: problem.stepHours[step] * charger.dischargeWearPerKilowattHour,
              upper: charger.dischargeLimitKilowatts)
          }
        }
        columns.shortfall.append(
          linear.addColumn(cost: charger.shortfallPenaltyPerKilowattHour))
        addSession(session, charger, columns)
      }
      if integrality == .exact { addChargerBinaries(charger, &columns) }
      chargers.append(columns)
    }
  }

  /// Whether a vehicle may give energy back in a step.
  ///
  /// Not at negative prices, where charging and giving back at once would pay for its losses.
  private func givesBack(
    _ charger: PlanningProblem.Charger, _ session: PlanningProblem.Charger.Session, _ step: Int
  ) -> Bool {
    charger.dischargeLimitKilowatts > 0
      && session.initialKilowattHours >= session.reserveKilowattHours
      && min(problem.grid.importCost(step), problem.grid.exportValue(step)) >= 0
  }

  private mutating func addSession(
    _ session: PlanningProblem.Charger.Session, _ charger: PlanningProblem.Charger,
    _ columns: ChargerColumns
  ) {
    guard session.end > session.start else { return }
    let short = columns.shortfall[columns.shortfall.count - 1]
    let wanted = session.targetKilowattHours - session.initialKilowattHours
    let space = max(0, session.maximumKilowattHours - session.initialKilowattHours)
    let steps = session.start..<session.end
    let needsCourse =
      session.taperFromKilowattHours != nil || charger.dischargeLimitKilowatts > 0
    guard needsCourse else {
      let terms: [(column: Int, value: Double)] = steps.compactMap { step in
        columns.charge[step].map { ($0, charger.efficiency * problem.stepHours[step]) }
      }
      linear.addRow(lower: wanted, terms + [(short, 1)])
      linear.addRow(upper: space, terms)
      return
    }
    let start = session.initialKilowattHours
    var before: Int?
    for step in steps {
      let energy = linear.addColumn(
        lower: charger.dischargeLimitKilowatts > 0
          ? min(start, session.reserveKilowattHours) : 0,
        upper: max(session.maximumKilowattHours, start))
      var terms: [(column: Int, value: Double)] = [(energy, 1)]
      let hours = problem.stepHours[step]
      if let charge = columns.charge[step] { terms.append((charge, -hours * charger.efficiency)) }
      if let back = columns.discharge[step] {
        terms.append((back, hours / charger.dischargeEfficiency))
      }
      if let before { terms.append((before, -1)) }
      linear.addRow(
        lower: before == nil ? start : 0, upper: before == nil ? start : 0, terms)
      addTaper(session, charger, charge: columns.charge[step], energyBefore: before)
      before = energy
    }
    if let before { linear.addRow(lower: session.targetKilowattHours, [(before, 1), (short, 1)]) }
  }

  /// e ≤ P − (E − from)/(max − from)·(P − Pmin), E being the energy when the step starts.
  private mutating func addTaper(
    _ session: PlanningProblem.Charger.Session, _ charger: PlanningProblem.Charger,
    charge: Int?, energyBefore: Int?
  ) {
    guard let from = session.taperFromKilowattHours, session.maximumKilowattHours > from,
      let charge
    else { return }
    let slope =
      (charger.maximumKilowatts - charger.minimumKilowatts)
      / (session.maximumKilowattHours - from)
    let highest = charger.maximumKilowatts + slope * from
    if let energyBefore {
      linear.addRow(upper: highest, [(charge, 1), (energyBefore, slope)])
    } else {
      let limit = min(charger.maximumKilowatts, highest - slope * session.initialKilowattHours)
      linear.setBounds(column: charge, lower: 0, upper: max(0, limit))
    }
  }

  /// Semi-continuous power and starts: `Pmin·w ≤ e ≤ Pmax·w`, `y ≥ w − w before`.
  private mutating func addChargerBinaries(
    _ charger: PlanningProblem.Charger, _ columns: inout ChargerColumns
  ) {
    guard charger.minimumKilowatts > 0 || charger.startCost > 0 else { return }
    for step in 0..<stepCount {
      guard let charge = columns.charge[step] else { continue }
      let isOn = linear.addColumn(upper: 1, isInteger: true)
      columns.isOn[step] = isOn
      linear.addRow(upper: 0, [(charge, 1), (isOn, -charger.maximumKilowatts)])
      linear.addRow(lower: 0, [(charge, 1), (isOn, -charger.minimumKilowatts)])
      guard charger.startCost > 0 else { continue }
      let start = linear.addColumn(cost: charger.startCost, upper: 1)
      columns.starts[step] = start
      if step == 0 {
        linear.addRow(
          lower: charger.isChargingInitially ? -1 : 0, [(start, 1), (isOn, -1)])
      } else if let before = columns.isOn[step - 1] {
        linear.addRow(lower: 0, [(start, 1), (isOn, -1), (before, 1)])
      } else {
        linear.addRow(lower: 0, [(start, 1), (isOn, -1)])
      }
    }
  }
}
