// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Keeps the previous relays when the new ones save less than the hysteresis.
  func keepPrevious() throws(SolverError) {
    guard options.hysteresis > 0, let memory, let best,
      memory.relays.count == problem.rooms.count,
      zip(memory.relays, rooms.programmes).allSatisfy({
        $0.count == problem.stepCount && $1.model.allows($0)
      })
    else { return }
    var controls = best.controls
    controls.relays = memory.relays
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let answer = try dispatchSolver.executable(load, improves: .changes)
    controls.dispatch = answer.dispatch
    let previous = simulation.schedule(controls)
    let isWithin = answer.overload.allSatisfy { $0 <= 1e-5 }
    guard isWithin, previous.objective.total <= best.objective.total + options.hysteresis
    else { return }
    self.best = previous
    bestPrices = answer.powerPrices
    bestPattern = answer.pattern
  }

  /// Among dispatches of the same cost takes one with little throughput and few changes of power.
  func smooth() throws(SolverError) {
    guard let best, !mustStop, !problem.batteries.isEmpty || !problem.chargers.isEmpty
    else { return }
    let load = PlannedLoad(
      problem: problem, relays: best.relays, runs: best.controls.deferrableRuns)
    guard let known = try dispatchSolver.solution(load, pattern: bestPattern) else { return }
    // What is calmer must not burn energy where the plan does not.
    let model = dispatchSolver.model
    let pattern = bestPattern.merging(model.directions(known.values, in: model)) { own, _ in own }
    guard
      let dispatch = try SmoothDispatch(problem: problem, load: load, pattern: pattern)
        .dispatch(costingAtMost: known.objective)
    else { return }
    var controls = best.controls
    controls.dispatch = dispatch
    let smoothed = simulation.schedule(controls)
    let allowed = 1e-6 * max(1, abs(best.objective.total))
    let overload = problem.grid.importLimitKilowatts + 1e-5
    guard smoothed.objective.total <= best.objective.total + allowed,
      smoothed.gridKilowatts.allSatisfy({ $0 <= overload }),
      GroupCosts.excess(controls, problem) <= GroupCosts.excess(best.controls, problem)
    else { return }
    self.best = smoothed
  }
}

/// The second stage of a lexicographic optimum: of all dispatches that cost the same, the calmest.
struct SmoothDispatch {
  let problem: PlanningProblem
  let load: PlannedLoad
  let pattern: DispatchPattern

  /// Weight of a change of power between steps against a kWh of throughput.
  private static let changeWeight = 0.05

  func dispatch(costingAtMost limit: Double) throws(SolverError) -> DispatchSchedule? {
    var model = DispatchModel(problem: problem, load: load)
    for (column, range) in pattern {
      model.linear.setBounds(
        column: column, lower: range.lowerBound, upper: range.upperBound)
    }
    let costs = model.linear.costs
    let slack = 1e-7 * max(1, abs(limit))
    model.linear.addRow(
      upper: limit - model.linear.offset + slack, costs.enumerated().map { ($0.offset, $0.element) }
    )
    for column in costs.indices { model.linear.addCost(-costs[column], column: column) }
    model.linear.offset = 0
    for columns in model.batteries {
      for step in columns.charge.indices {
        let hours = problem.stepHours[step]
        model.linear.addCost(hours, column: columns.charge[step])
        model.linear.addCost(hours, column: columns.discharge[step])
      }
      addChanges(columns.charge.map { $0 }, &model.linear)
      addChanges(columns.discharge.map { $0 }, &model.linear)
    }
    for columns in model.chargers { addChanges(columns.charge, &model.linear) }
    let solver = try LinearSolver(model.linear)
    guard try solver.solve() == .optimal else { return nil }
    return model.dispatch(try solver.solution().values)
  }

  /// Columns for the size of each change between neighbouring steps.
  private func addChanges(_ columns: [Int?], _ linear: inout LinearModel) {
    for step in columns.indices.dropFirst() {
      guard let before = columns[step - 1], let now = columns[step] else { continue }
      let change = linear.addColumn(cost: Self.changeWeight)
      linear.addRow(lower: 0, [(change, 1), (now, -1), (before, 1)])
      linear.addRow(lower: 0, [(change, 1), (now, 1), (before, -1)])
    }
  }
}
