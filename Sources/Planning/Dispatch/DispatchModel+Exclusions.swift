// SPDX-License-Identifier: MIT
import MILP

extension DispatchModel {
  /// Whether burning energy by charging and discharging at once can pay in a step.
  ///
  /// 1 kWh in and η² kWh out leaves the energy as it was, burns 1 − η² and wears w·(1 + η²); it pays only
  /// where power is worth less than −w·(1 + η²)/(1 − η²).
  static func canBurn(
    _ battery: PlanningProblem.Battery, in problem: PlanningProblem, step: Int
  ) -> Bool {
    let roundTrip = battery.chargeEfficiency * battery.dischargeEfficiency
    let lowest = min(problem.grid.importCost(step), problem.grid.exportValue(step))
    let margin = 0.004 * priceScale(problem)
    return lowest * (1 - roundTrip) + battery.wearPerKilowattHour * (1 + roundTrip) < margin
  }

  /// Whether importing and exporting at once can pay in a step.
  static func canCirculate(_ problem: PlanningProblem, step: Int) -> Bool {
    problem.grid.exportValue(step) > problem.grid.importCost(step) - 1e-6
  }

  /// Steps in which a relaxed dispatch may do what no device can.
  static func needsExclusions(_ problem: PlanningProblem) -> Bool {
    problem.batteries.contains { !$0.chargesFromGrid || !$0.dischargesToGrid }
      || (0..<problem.stepCount).contains { step in
        canCirculate(problem, step: step)
          || problem.batteries.contains { canBurn($0, in: problem, step: step) }
      }
  }

  /// Binary columns, only in the steps where they matter.
  mutating func addExclusions() {
    let grid = problem.grid
    for step in 0..<stepCount {
      let separates = problem.batteries.contains { !$0.chargesFromGrid || !$0.dischargesToGrid }
      var direction: Int?
      if separates || Self.canCirculate(problem, step: step) {
        let isImport = linear.addColumn(upper: 1, isInteger: true)
        linear.addRow(upper: 0, [(imports[step], 1), (isImport, -grid.importLimitKilowatts)])
        linear.addRow(
          upper: grid.exportLimitKilowatts,
          [(exports[step], 1), (isImport, grid.exportLimitKilowatts)])
        direction = isImport
      }
      for (battery, columns) in zip(problem.batteries, batteries) {
        let charge = columns.charge[step]
        let discharge = columns.discharge[step]
        if let direction, !battery.chargesFromGrid {
          linear.addRow(
            upper: battery.chargeLimitKilowatts,
            [(charge, 1), (direction, battery.chargeLimitKilowatts)])
        }
        if let direction, !battery.dischargesToGrid {
          linear.addRow(
            upper: 0, [(discharge, 1), (direction, -battery.dischargeLimitKilowatts)])
        }
        guard Self.canBurn(battery, in: problem, step: step) else { continue }
        let isCharging = linear.addColumn(upper: 1, isInteger: true)
        linear.addRow(upper: 0, [(charge, 1), (isCharging, -battery.chargeLimitKilowatts)])
        linear.addRow(
          upper: battery.dischargeLimitKilowatts,
          [(discharge, 1), (isCharging, battery.dischargeLimitKilowatts)])
      }
    }
  }

  /// The convex hull of each pair of directions of which one must be zero, without a binary column.
  ///
  /// `imp/F + exp/X ≤ 1` and `c/C + d/D ≤ 1`, with the largest powers that can come together in the step:
  /// what is exported must come from PV, batteries and vehicles, and serves the base load first.
  mutating func addExclusionHulls() {
    let grid = problem.grid
    let heating =
      problem.rooms.reduce(0) { $0 + $1.powerKilowatts }
      + problem.deferrableLoads.reduce(0) { $0 + $1.powerKilowatts }
    for step in 0..<stepCount {
      var (into, out) = (0.0, problem.availablePV(step))
      for columns in batteries {
        into += linear.columnUpper[columns.charge[step]]
        out += linear.columnUpper[columns.discharge[step]]
      }
      for columns in chargers {
        if let column = columns.charge[step] { into += linear.columnUpper[column] }
        if let column = columns.discharge[step] { out += linear.columnUpper[column] }
      }
      for (battery, columns) in zip(problem.batteries, batteries)
      where Self.canBurn(battery, in: problem, step: step) {
        addHull(columns.charge[step], columns.discharge[step])
      }
      guard Self.canCirculate(problem, step: step) else { continue }
      let base = problem.baseLoadKilowatts[step]
      let highestImport = min(grid.importLimitKilowatts, max(0, base + heating + into))
      let highestExport = min(grid.exportLimitKilowatts, max(0, out - base))
      linear.setBounds(column: imports[step], lower: 0, upper: highestImport)
      linear.setBounds(column: exports[step], lower: 0, upper: highestExport)
      addHull(imports[step], exports[step])
    }
  }

  private mutating func addHull(_ left: Int, _ right: Int) {
    let (first, second) = (linear.columnUpper[left], linear.columnUpper[right])
    guard first > 1e-6, second > 1e-6, first.isFinite, second.isFinite else { return }
    linear.addRow(upper: 1, [(left, 1 / first), (right, 1 / second)])
  }

  /// Closes in `other` the directions that a solution of this model does not use, where they exclude each other.
  func directions(_ values: [Double], in other: DispatchModel) -> DispatchPattern {
    var pattern: DispatchPattern = [:]
    for step in 0..<stepCount {
      if Self.canCirculate(problem, step: step) {
        let imports = values[self.imports[step]] > values[exports[step]]
        pattern[imports ? other.exports[step] : other.imports[step]] = 0...0
      }
      for (index, battery) in problem.batteries.enumerated() {
        let own = batteries[index]
        let (meter, columns) = (other, other.batteries[index])
        if !battery.chargesFromGrid {
          let charges = values[own.charge[step]] > 1e-6
          pattern[charges ? meter.imports[step] : columns.charge[step]] = 0...0
        }
        if !battery.dischargesToGrid {
          let discharges = values[own.discharge[step]] > 1e-6
          pattern[discharges ? meter.exports[step] : columns.discharge[step]] = 0...0
        }
        guard Self.canBurn(battery, in: problem, step: step) else { continue }
        let charges = values[own.charge[step]] > values[own.discharge[step]]
        pattern[charges ? columns.discharge[step] : columns.charge[step]] = 0...0
      }
    }
    return pattern
  }
}
