// SPDX-License-Identifier: MIT
import MILP

/// Solves the dispatch of one course of events again and again for different planned loads.
final class DispatchSolver {
  /// A dispatch that devices can carry out.
  struct Answer {
    var dispatch: DispatchSchedule
    /// Objective of the linear model with all decisions fixed.
    var objective: Double
    /// Marginal value of power in each step, currency/kW.
    var powerPrices: [Double]
    /// Import above the fuse, kW.
    var overload: [Double]
  }

  let problem: PlanningProblem
  let model: DispatchModel
  private let solver: LinearSolver

  init(problem: PlanningProblem) throws(SolverError) {
    self.problem = problem
    model = DispatchModel(problem: problem)
    solver = try LinearSolver(model.linear, options: .warm(.dual))
  }

  /// The relaxed optimum for a planned load.
  func relaxed(_ load: PlannedLoad) throws(SolverError) -> LinearSolution {
    try setLoad(load)
    try freeAll()
    return try solved()
  }

  /// A dispatch with whole decisions near the relaxed optimum.
  func executable(_ load: PlannedLoad) throws(SolverError) -> Answer {
    var solution = try relaxed(load)
    if try fixChargers(solution.values) { solution = try solved() }
    // Each pass closes at least one wrong direction, so the loop ends.
    for _ in 0..<8 {
      guard try closeContradictions(solution.values) else { break }
      solution = try solved()
    }
    return answer(solution)
  }

  func answer(_ solution: LinearSolution) -> Answer {
    Answer(
      dispatch: model.dispatch(solution.values), objective: solution.objective,
      powerPrices: model.balance.map { solution.rowDuals[$0] },
      overload: model.overloads.map { solution.values[$0] })
  }

  private func solved() throws(SolverError) -> LinearSolution {
    let status = try solver.solve()
    guard status.hasSolution else { throw .noSolution(status) }
    return try solver.solution()
  }

  private func setLoad(_ load: PlannedLoad) throws(SolverError) {
    let right = zip(problem.baseLoadKilowatts, load.total).map { $0 + $1 }
    try solver.setRowBounds(
      rows: model.balance.map { Int32($0) }, lower: right, upper: right)
    guard let limits = problem.grid.phases else { return }
    for (phase, rows) in model.phaseRows.enumerated() {
      let upper = problem.baseLoadKilowatts.indices.map { step in
        limits.importLimitKilowatts
          - problem.baseLoadKilowatts[step] * limits.baseLoadShares[phase]
          - load.phases[phase][step]
      }
      try solver.setRowBounds(
        rows: rows.map { Int32($0) },
        lower: upper.map { _ in -.infinity }, upper: upper)
    }
  }

  private var changed: [Int] = []

  private func close(_ column: Int, lower: Double, upper: Double) throws(SolverError) {
    changed.append(column)
    try solver.setBounds(column: column, lower: lower, upper: upper)
  }

  private func freeAll() throws(SolverError) {
    for column in changed {
      try solver.setBounds(
        column: column, lower: model.linear.columnLower[column],
        upper: model.linear.columnUpper[column])
    }
    changed = []
  }

  /// Rounds the on/off pattern of chargers to where the relaxed power is at least half the minimum.
  private func fixChargers(_ values: [Double]) throws(SolverError) -> Bool {
    var isFixed = false
    for (charger, columns) in zip(problem.chargers, model.chargers) {
      guard charger.minimumKilowatts > 0 || charger.startCost > 0 else { continue }
      let pattern = ChargerPattern.rounded(
        columns.charge.map { column in column.map { values[$0] } }, charger: charger)
      for (step, column) in columns.charge.enumerated() {
        guard let column else { continue }
        let highest = model.linear.columnUpper[column]
        let isOn = pattern[step] && highest >= charger.minimumKilowatts
        try close(
          column, lower: isOn ? charger.minimumKilowatts : 0, upper: isOn ? highest : 0)
        isFixed = true
      }
    }
    return isFixed
  }

  /// Closes the smaller of two directions that are used at once.
  private func closeContradictions(_ values: [Double]) throws(SolverError) -> Bool {
    let tolerance = 1e-6
    var closedAny = false
    for step in 0..<problem.stepCount {
      let imported = values[model.imports[step]]
      let exported = values[model.exports[step]]
      if min(imported, exported) > tolerance {
        let loser = imported >= exported ? model.exports[step] : model.imports[step]
        try close(loser, lower: 0, upper: 0)
        closedAny = true
      }
      for (battery, columns) in zip(problem.batteries, model.batteries) {
        let (charge, discharge) = (columns.charge[step], columns.discharge[step])
        if min(values[charge], values[discharge]) > tolerance {
          let loser = values[charge] >= values[discharge] ? discharge : charge
          try close(loser, lower: 0, upper: 0)
          closedAny = true
        }
        if !battery.chargesFromGrid, min(values[charge], imported) > tolerance {
          try close(charge, lower: 0, upper: 0)
          closedAny = true
        }
        if !battery.dischargesToGrid, min(values[discharge], exported) > tolerance {
          try close(discharge, lower: 0, upper: 0)
          closedAny = true
        }
      }
    }
    return closedAny
  }
}
