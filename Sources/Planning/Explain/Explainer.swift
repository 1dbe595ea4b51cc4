// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

/// Explains the steps of a plan by prices and by planning the alternatives.
public struct Explainer {
  let problem: PlanningProblem
  let schedule: PlanSchedule
  let search: PlanSearch
  let solution: LinearSolution
  let pattern: DispatchPattern
  let load: PlannedLoad

  /// Prepares explanations of a plan.
  ///
  /// - Throws: `unreadable` when the dispatch of the plan cannot be solved again.
  public init(problem: PlanningProblem, schedule: PlanSchedule) throws(PlanningError) {
    try problem.validate()
    self.problem = problem
    self.schedule = schedule
    load = PlannedLoad(
      problem: problem, relays: schedule.relays, runs: schedule.controls.deferrableRuns)
    do {
      search = try PlanSearch(
        problem: problem, options: PlannerOptions(), start: 0, memory: nil)
      pattern = Self.pattern(of: schedule, model: search.dispatchSolver.model)
      guard let solution = try search.dispatchSolver.solution(load, pattern: pattern) else {
        throw SolverError.noSolution(.infeasible)
      }
      self.solution = solution
    } catch {
      throw .unreadable(reason: "the plan cannot be solved again: \(error)")
    }
  }

  /// The whole decisions of a plan as bounds.
  private static func pattern(
    of schedule: PlanSchedule, model: DispatchModel
  ) -> DispatchPattern {
    var pattern: DispatchPattern = [:]
    for (index, charger) in model.problem.chargers.enumerated() {
      for (step, column) in model.chargers[index].charge.enumerated() {
        guard let column else { continue }
        let isOn =
          schedule.controls.dispatch.chargerKilowatts[index][step]
          > PlanSimulation.noiseKilowatts
        let highest = model.linear.columnUpper[column]
        pattern[column] =
          isOn ? min(charger.minimumKilowatts, highest)...highest : 0...0
      }
    }
    for step in 0..<model.problem.stepCount where schedule.gridKilowatts[step] != 0 {
      if DispatchModel.canCirculate(model.problem, step: step) {
        let imports = schedule.gridKilowatts[step] > 0
        pattern[imports ? model.exports[step] : model.imports[step]] = 0...0
      }
    }
    return pattern
  }

  /// The limit that is never exceeded by choice.
  static let fuse = "main fuse"
  /// What several loads share beside it.
  static let sharedLimit = "limit of a phase or of all heaters"

  /// Names of all devices that can be explained.
  public var devices: [String] {
    problem.rooms.map(\.name) + problem.batteries.map(\.name) + problem.chargers.map(\.name)
      + problem.deferrableLoads.map(\.name)
  }

  /// Why each device does what it does in a step; only one device with its name.
  ///
  /// - Throws: `outOfRange` for a step outside the horizon, `unreadable` when the solver fails.
  public func explain(
    step: Int, device: String? = nil
  ) throws(PlanningError) -> [Explanation] {
    guard problem.stepHours.indices.contains(step) else {
      throw .outOfRange(
        field: "step", value: Double(step), allowed: "0…\(problem.stepCount - 1)")
    }
    var explanations: [Explanation] = []
    do {
      for index in problem.rooms.indices where matches(problem.rooms[index].name, device) {
        explanations.append(try room(index, step))
      }
      for index in problem.batteries.indices where matches(problem.batteries[index].name, device) {
        explanations.append(try battery(index, step))
      }
      for index in problem.chargers.indices where matches(problem.chargers[index].name, device) {
        explanations.append(try charger(index, step))
      }
      for index in problem.deferrableLoads.indices
      where matches(problem.deferrableLoads[index].name, device) {
        explanations.append(try deferrable(index, step))
      }
    } catch {
      throw .unreadable(reason: "solver: \(error)")
    }
    return explanations
  }

  private func matches(_ name: String, _ wanted: String?) -> Bool {
    wanted == nil || wanted == name
  }

  /// Marginal value of power, currency/kWh.
  func powerPrice(_ step: Int) -> Double {
    solution.rowDuals[search.dispatchSolver.model.balance[step]] / problem.stepHours[step]
  }

  /// Limits of the connection that bind in a step.
  func gridLimits(_ step: Int) -> [String] {
    let power = schedule.gridKilowatts[step]
    let grid = problem.grid
    var limits: [String] = []
    if power > grid.importLimitKilowatts - 1e-3 { limits.append(Self.fuse) }
    if power < -(grid.exportLimitKilowatts - 1e-3) { limits.append("export limit") }
    let peak = max(grid.peakFreeKilowatts, schedule.gridKilowatts.max() ?? 0)
    if grid.peakPricePerKilowatt > 0, power > peak - 1e-3 { limits.append("import peak") }
    let unused = problem.availablePV(step) - schedule.pvUsedKilowatts[step]
    if unused > 1e-3 { limits.append("PV curtailed by \(Self.short(unused)) kW") }
    return limits
  }

  /// Money, or a price of a kWh: a problem does not say in which currency.
  static func money(_ amount: Double) -> String { Money(amount).text(in: "") }

  /// Two digits behind the point.
  static func short(_ value: Double) -> String {
    let hundredths = (abs(value) * 100).rounded()
    let whole = Int(hundredths / 100)
    let rest = Int(hundredths) % 100
    return (value < 0 && hundredths > 0 ? "-" : "") + "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
