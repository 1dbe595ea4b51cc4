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
  /// For how many solves each cut has been slack.
  private var idleSolves: [Int] = []
  /// A cut that was slack for so many solves goes: each is a full row, and most bind only near their load.
  private static let longestIdle = 8

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
    for (scenario, prices) in evaluation.prices.enumerated() {
      var columns = [Int32(costs[scenario])]
      var values = [1.0]
      var right = evaluation.costs[scenario]
      for step in prices.indices where abs(prices[step]) > 1e-9 {
        columns.append(Int32(self.load[step]))
        values.append(-prices[step])
        right -= prices[step] * load[step]
      }
      // The solver wants ascending columns nowhere, but the load columns come before the costs.
      try master.solver.addRow(lower: right, upper: .infinity, columns: columns, values: values)
    }
    idleSolves += [Int](repeating: 0, count: evaluation.prices.count)
    master.noteChangedRows()
  }

  /// Removes cuts that have been slack for some solves; to be called after each of them.
  func dropIdleCuts() throws(SolverError) {
    let basis = try master.basis()
    var removed: [Int32] = []
    var kept: [Int] = []
    for (cut, idle) in idleSolves.enumerated() {
      let isSlack = basis.holds(row: firstCut + cut)
      if isSlack, idle >= Self.longestIdle {
        removed.append(Int32(firstCut + cut))
      } else {
        kept.append(isSlack ? idle + 1 : 0)
      }
    }
    idleSolves = kept
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
