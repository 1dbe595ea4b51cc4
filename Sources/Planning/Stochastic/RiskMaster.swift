// SPDX-License-Identifier: MIT
import MILP

/// A master programme whose cost of power is a model of all scenarios, made of cuts.
///
/// min Σ own cost·λ + (1−β) Σ π_s θ_s + β (ζ + Σ π_s z_s/(1−α)), z_s ≥ θ_s − ζ, z ≥ 0,
/// θ_s ≥ Q_s(ĥ) + μ_s·(h − ĥ) for each cut, h = Σ P u λ.
/// Source: J. Benders, Numerische Mathematik 4 (1962) 238; multi-cut after J. Birge, F. Louveaux,
/// European J. Operational Research 34 (1988) 384; CVaR rows after Rockafellar and Uryasev (2000).
final class RiskMaster {
  let master: ColumnMaster
  private let load: [Int]
  private let costs: [Int]
  private let highest: Double
  /// Row of the first cut; all later rows are cuts.
  private let firstCut: Int
  private var cuts: [Cut] = []

  /// A lower bound of one scenario's cost that is linear in the load.
  private struct Cut {
    var columns: [Int32]
    var values: [Double]
    var lower: Double
    /// For how many solves it has been slack.
    var idleSolves = 0
  }

  init(problem: PlanningProblem, set: PlanningProblem.ScenarioSet) throws(SolverError) {
    var linear = LinearModel()
    let highest =
      problem.rooms.reduce(0) { $0 + $1.powerKilowatts }
      + problem.deferrableLoads.reduce(0) { $0 + $1.powerKilowatts }
    let load = (0..<problem.stepCount).map { _ in linear.addColumn(upper: highest) }
    let floor = -1e4 * DispatchModel.priceScale(problem)
    let costs = set.scenarios.map {
      linear.addColumn(cost: (1 - set.riskWeight) * $0.probability, lower: floor)
    }
    let threshold = linear.addColumn(cost: set.riskWeight, lower: -.infinity)
    for (scenario, cost) in zip(set.scenarios, costs) {
      let excess = linear.addColumn(
        cost: set.riskWeight * scenario.probability / (1 - set.riskLevel))
      linear.addRow(lower: 0, [(excess, 1), (cost, -1), (threshold, 1)])
    }
    let balance = load.map { linear.addRow(lower: 0, upper: 0, [($0, 1)]) }
    let groupRows = Self.addGroups(of: problem, to: &linear)
    self.load = load
    self.costs = costs
    self.highest = highest
    master = try ColumnMaster(
      problem: problem, linear: linear, balance: balance, groupRows: groupRows)
    firstCut = master.solver.rowCount
  }

  /// The same with all cuts of another one.
  convenience init(
    continuing other: RiskMaster, problem: PlanningProblem, set: PlanningProblem.ScenarioSet
  ) throws(SolverError) {
    try self.init(problem: problem, set: set)
    for cut in other.cuts { try add(cut) }
  }

  /// Rows of the groups with a limit; to be right, only units may belong to them.
  private static func addGroups(
    of problem: PlanningProblem, to linear: inout LinearModel
  ) -> [[Int]] {
    let price = DispatchModel.overloadFactor * DispatchModel.priceScale(problem)
    return problem.groupLimits.map { group in
      problem.stepHours.map { hours in
        let over = linear.addColumn(cost: price * hours)
        return linear.addRow(upper: group.limitKilowatts, [(over, -1)])
      }
    }
  }

  /// The load of a solved master, kW in each step.
  func load(_ point: ColumnMaster.Point) -> [Double] { load.map { point.values[$0] } }

  /// Adds what is known about all scenarios at a load.
  func addCuts(_ evaluation: ScenarioDispatch.Evaluation, at load: [Double]) throws(SolverError) {
    for (scenario, prices) in evaluation.prices.enumerated() where !prices.isEmpty {
      var cut = Cut(
        columns: [Int32(costs[scenario])], values: [1], lower: evaluation.costs[scenario])
      for step in prices.indices where abs(prices[step]) > 1e-9 {
        cut.columns.append(Int32(self.load[step]))
        cut.values.append(-prices[step])
        cut.lower -= prices[step] * load[step]
      }
      try add(cut)
    }
    master.noteChangedRows()
  }

  private func add(_ cut: Cut) throws(SolverError) {
    try master.solver.addRow(
      lower: cut.lower, upper: .infinity, columns: cut.columns, values: cut.values)
    cuts.append(cut)
  }

  /// Removes cuts that have been slack for so many solves; to be called after each of them.
  ///
  /// Each cut is a full row, and most bind only near their load.
  func dropIdleCuts(after longestIdle: Int) throws(SolverError) {
    let basis = try master.basis()
    var removed: [Int32] = []
    for place in cuts.indices {
      let isSlack = basis.holds(row: firstCut + place)
      if isSlack, cuts[place].idleSolves >= longestIdle {
        removed.append(Int32(firstCut + place))
      } else {
        cuts[place].idleSolves = isSlack ? cuts[place].idleSolves + 1 : 0
      }
    }
    let gone = Set(removed)
    cuts = cuts.enumerated().filter { !gone.contains(Int32(firstCut + $0.offset)) }.map(\.element)
    try master.solver.removeRows(removed)
  }

  /// Keeps the load within `radius` of a centre; `nil` lets it go.
  func trust(_ centre: [Double]?, radius: Double = 0) throws(SolverError) {
    try master.solver.setBounds(
      columns: load.map { Int32($0) },
      lower: load.indices.map { max(0, (centre?[$0] ?? 0) - radius) },
      upper: load.indices.map { step in
        centre.map { min(highest, $0[step] + radius) } ?? highest
      })
    master.noteChangedRows()
  }
}
