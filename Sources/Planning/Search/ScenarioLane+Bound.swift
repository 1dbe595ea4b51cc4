// SPDX-License-Identifier: MIT
import MILP

extension ScenarioLane {
  /// First trust region around the best load, kW; it shrinks by `shrink` after a step that does not help.
  private static let firstRadius = 1.5
  private static let shrink = 0.7
  private static let leastRadius = 0.2
  /// Rounds from one master without a trust region, which proves a bound, to the next.
  private static let roundsPerBound = 4
  /// Part of the objective within which the bound is met.
  private static let tolerance = 1e-3

  /// Cuts and columns in turn, within a trust region around the best fractional load.
  ///
  /// Source: trust region for multi-cut Benders after J. Linderoth, S. Wright, Computational Optimization
  /// and Applications 24 (2003) 207, doi:10.1023/A:1021858008222.
  func approach(rounds: Int, until mustStop: () -> Bool) throws(SolverError) {
    var radius = Self.firstRadius
    var centre = state.load
    var lowest = state.objective
    for round in 0..<rounds {
      if mustStop() { break }
      let isLast = round == rounds - 1
      let isBounding = round % Self.roundsPerBound == Self.roundsPerBound - 1 || isLast
      try risk.trust(isBounding ? nil : centre, radius: radius)
      let now = try search.solveMaster()
      try risk.dropIdleCuts(after: Self.longestIdle)
      try price(now, isBounding: isBounding)
      let load = risk.load(now)
      let evaluation = try scenarios.evaluate(PlannedLoad(fractional: load, problem: problem))
      try risk.addCuts(evaluation, at: load)
      let own = zip(risk.master.columns, risk.master.weights(now))
        .reduce(0) { $0 + $1.0.ownCost * $1.1 }
      let total = scenarios.risk(evaluation.costs) + own
      if total < lowest - 1e-6 {
        (lowest, centre) = (total, load)
      } else if !isBounding {
        radius = max(Self.leastRadius, radius * Self.shrink)
      }
      if lowest - search.estimatedBound < Self.tolerance * max(100, abs(lowest)) { break }
    }
    try risk.trust(nil)
  }

  /// Adds each unit's best schedule at the prices of a master; without a trust region they bound the cost.
  private func price(_ point: ColumnMaster.Point, isBounding: Bool) throws(SolverError) {
    let answers = search.sweep(
      search.units, power: point.powerPrices, groups: point.groupPrices)
    if isBounding {
      let gain = answers.reduce(0) { $0 + min(0, $1.value - point.unitPrices[$1.unit]) }
      search.note(bound: point.objective + gain, at: point)
    }
    try risk.master.add(answers.map { ($0.unit, $0.schedule, $0.ownCost) })
  }
}
