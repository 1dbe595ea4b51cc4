// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Moves from the plan with other directions before it is compared with the best one.
  private static let movesApart = 2
  /// Most steps whose direction is tried alone; each try is a solve of the master.
  private static let mostTrials = 40

  /// Whether directions of batteries and meter are decisions that a new plan wants anew.
  var searchesDirections: Bool { DispatchModel.needsExclusions(problem) }

  /// A dive for better directions of the meter, searched a little before it is judged.
  ///
  /// Other directions want other relays: right after the dive the plan is often dearer than the best one,
  /// and some moves later cheaper.
  func diveElsewhere(_ generation: ColumnGeneration, perRound: Int) throws(SolverError) {
    try certify()
    try generation.release()
    let pattern = try improvedDirections(generation)
    try apart { () throws(SolverError) in
      try dive(generation, perRound: perRound, within: pattern)
      for number in 0..<Self.movesApart where !mustStop {
        try move(generation, number: number)
      }
    }
  }

  /// Searches from a plan of its own, and goes back to the best one before when that was better.
  private func apart(_ search: () throws(SolverError) -> Void) throws(SolverError) {
    let (old, oldPrices, oldPattern) = (best, bestPrices, bestPattern)
    best = nil
    known = nil
    try search()
    guard let old else { return }
    if let best, PlanRank(best, problem) <= PlanRank(old, problem) { return }
    (best, bestPrices, bestPattern) = (old, oldPrices, oldPattern)
    known = nil
  }

  /// The best plan's whole decisions, with the meter turned in single steps and pairs of steps where the
  /// master gets better by it.
  private func improvedDirections(
    _ generation: ColumnGeneration
  ) throws(SolverError) -> DispatchPattern {
    guard let best else { return bestPattern }
    let decided = (0..<problem.stepCount).filter { DispatchModel.canCirculate(problem, step: $0) }
    guard !decided.isEmpty else { return bestPattern }
    // Where little passes the meter, its direction is the least certain.
    let trials = Set(
      decided.sorted { abs(best.gridKilowatts[$0]) < abs(best.gridKilowatts[$1]) }
        .prefix(Self.mostTrials))
    var imports = best.gridKilowatts.map { $0 > 0 }
    var pattern = bestPattern
    turn(&pattern, decided, imports)
    var value = try masterValue(generation, pattern)
    for length in [1, 2] {
      for first in decided {
        let run = Array(first..<(first + length))
        guard trials.isSuperset(of: run), run.allSatisfy({ imports[$0] == imports[first] }),
          length == 1 || isAtTurn(run, imports)
        else { continue }
        var changed = imports
        for step in run { changed[step].toggle() }
        var other = pattern
        turn(&other, run, changed)
        let now = try masterValue(generation, other, cutoff: value)
        guard now < value - 1e-3 else { continue }
        (value, pattern, imports) = (now, other, changed)
      }
    }
    return pattern
  }

  /// The best plan's whole decisions without the batteries' directions.
  var meterPattern: DispatchPattern {
    var pattern = bestPattern
    for columns in dispatchSolver.model.batteries {
      for column in columns.charge + columns.discharge { pattern[column] = nil }
    }
    return pattern
  }

  /// Whether a run of one direction touches the other one.
  private func isAtTurn(_ run: [Int], _ imports: [Bool]) -> Bool {
    guard let first = run.first, let last = run.last else { return false }
    return (first > 0 && imports[first - 1] != imports[first])
      || (last + 1 < imports.count && imports[last + 1] != imports[last])
  }

  /// Leaves the meter one direction in some steps.
  private func turn(_ pattern: inout DispatchPattern, _ steps: [Int], _ imports: [Bool]) {
    for step in steps {
      pattern[dispatchSolver.model.imports[step]] = imports[step] ? nil : 0...0
      pattern[dispatchSolver.model.exports[step]] = imports[step] ? 0...0 : nil
    }
  }

  /// The master's value for whole decisions of the dispatch; infinite when they contradict each other or
  /// it is above the cutoff.
  private func masterValue(
    _ generation: ColumnGeneration, _ pattern: DispatchPattern, cutoff: Double = .infinity
  ) throws(SolverError) -> Double {
    try generation.master.restrict(pattern)
    do { return try generation.solveMaster(cutoff: cutoff).objective } catch {
      if case .noSolution = error { return .infinity }
      throw error
    }
  }
}
