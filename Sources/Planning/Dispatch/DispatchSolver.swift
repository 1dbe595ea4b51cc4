// SPDX-License-Identifier: MIT
import MILP

/// Solves the dispatch of one course of events again and again for different planned loads.
final class DispatchSolver {
  /// A dispatch that devices can carry out.
  struct Answer {
    var dispatch: DispatchSchedule
    /// Objective of the linear model with all decisions fixed, starts of charging included.
    var objective: Double
    /// Marginal value of power in each step, currency/kW.
    var powerPrices: [Double]
    /// Import above the fuse, kW.
    var overload: [Double]
    /// The whole decisions.
    var pattern: DispatchPattern
    /// The solution of the linear model with these decisions.
    var solution: LinearSolution
  }

  /// How far whole decisions are searched.
  enum Effort: Int, Comparable {
    /// Decisions that suited a similar load, if there are any.
    case kept
    /// Rounding, and decisions that suited a similar load.
    case rounding
    /// What programmes of single devices propose as well.
    case proposals
    /// Small changes of the best pattern as well.
    case changes

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  let problem: PlanningProblem
  let model: DispatchModel
  private let solver: LinearSolver
  private var applied: DispatchPattern = [:]
  /// The basis of the last relaxed optimum.
  private(set) var relaxedBasis: SolverBasis?
  /// Most small changes of the charging pattern that are tried.
  var patternTrials = 24
  /// Rounds of dynamic programmes beside the linear one.
  var programmeRounds = 4

  init(problem: PlanningProblem) throws(SolverError) {
    self.problem = problem
    model = DispatchModel(problem: problem)
    solver = try LinearSolver(model.linear, options: .warm(.dual))
  }

  /// The relaxed optimum for a planned load.
  func relaxed(_ load: PlannedLoad) throws(SolverError) -> LinearSolution {
    try setLoad(load)
    let solution = try solved([:])
    relaxedBasis = try solver.basis()
    return solution
  }

  /// Starts from the optimum of a model of the same size, for other prices or another base load.
  func start(from basis: SolverBasis) throws(SolverError) {
    guard basis.rowCount == solver.rowCount, basis.columnCount == solver.columnCount
    else { return }
    try solver.set(basis: basis)
  }

  /// A dispatch with whole decisions near the relaxed optimum.
  ///
  /// - Parameter improves: how far whole decisions are searched.
  /// - Parameter known: whole decisions that suited a similar load.
  func executable(
    _ load: PlannedLoad, improves: Effort = .rounding, known: DispatchPattern = [:]
  ) throws(SolverError) -> Answer {
    if improves == .kept, !known.isEmpty {
      try setLoad(load)
      if let kept = try attempt(known) { return kept }
    }
    let relaxed = try relaxed(load)
    let isTight = { (answer: Answer) in
      answer.objective - relaxed.objective <= 1e-5 * max(1, abs(relaxed.objective))
    }
    let kept = known.isEmpty ? nil : try attempt(known)
    if let kept, isTight(kept) { return kept }
    let answer = try rounded(relaxed, unless: kept)
    if improves == .kept || improves == .rounding || isTight(answer) { return answer }
    return try improved(answer, load, tries: improves == .changes, until: isTight)
  }

  /// The whole decisions nearest to the relaxed optimum, unless those that are kept cost no more.
  private func rounded(
    _ relaxed: LinearSolution, unless kept: Answer?
  ) throws(SolverError) -> Answer {
    let bounds = chargerBounds(
      problem.chargers.indices.map { index in
        ChargerPattern.rounded(
          model.chargers[index].charge.map { $0.map { relaxed.values[$0] } },
          charger: problem.chargers[index])
      })
    guard let kept else { return try completed(bounds, from: relaxed) }
    guard let other = try attempt(bounds, from: relaxed, cutoff: kept.objective),
      other.objective < kept.objective
    else { return kept }
    return other
  }

  /// The best dispatch a whole-number solve finds within its limits; `nil` when it finds none.
  func exact(
    _ load: PlannedLoad, settings: SolverOptions
  ) throws(SolverError) -> Answer? {
    let whole = DispatchModel(problem: problem, load: load, integrality: .exact)
    let exactSolver = try LinearSolver(whole.linear, options: settings)
    guard try exactSolver.solve().hasSolution else { return nil }
    let values = try exactSolver.solution().values
    let patterns = whole.chargers.map { columns in
      columns.charge.map { column in
        column.map { values[$0] > PlanSimulation.noiseKilowatts } ?? false
      }
    }
    try setLoad(load)
    return try completed(
      chargerBounds(patterns).merging(whole.directions(values, in: model)) { $1 })
  }

  /// The optimum for a load with given bounds of columns; `nil` when they contradict each other or every
  /// solution costs more than the cutoff.
  func solution(
    _ load: PlannedLoad, pattern: DispatchPattern, cutoff: Double = .infinity
  ) throws(SolverError) -> LinearSolution? {
    try setLoad(load)
    do { return try solved(pattern, cutoff: cutoff) } catch {
      if case .noSolution = error { return nil }
      throw error
    }
  }

  func isSemiContinuous(_ charger: PlanningProblem.Charger) -> Bool {
    charger.minimumKilowatts > 0 || charger.startCost > 0
  }

  /// The dispatch with given whole decisions; `nil` when they contradict each other or it costs more than
  /// the cutoff.
  func attempt(
    _ pattern: DispatchPattern, from relaxed: LinearSolution? = nil, cutoff: Double = .infinity
  ) throws(SolverError) -> Answer? {
    do { return try completed(pattern, from: relaxed, cutoff: cutoff) } catch {
      if case .noSolution = error { return nil }
      throw error
    }
  }

  /// The dispatch with given whole decisions; contradictions are closed one after another.
  private func completed(
    _ decisions: DispatchPattern, from relaxed: LinearSolution? = nil,
    cutoff: Double = .infinity
  ) throws(SolverError) -> Answer {
    var pattern = decisions
    var solution: LinearSolution
    if pattern.isEmpty, let relaxed {
      solution = relaxed
    } else {
      solution = try solved(pattern, cutoff: cutoff)
    }
    // Each pass closes at least one wrong direction, so the loop ends.
    for _ in 0..<8 {
      guard closeContradictions(solution.values, &pattern) else { break }
      solution = try solved(pattern, cutoff: cutoff)
    }
    var answer = answer(solution, pattern)
    for (charger, powers) in zip(problem.chargers, answer.dispatch.chargerKilowatts) {
      answer.objective += charger.startCost * Double(ChargerPattern.starts(powers, charger))
    }
    return answer
  }

  private func answer(_ solution: LinearSolution, _ pattern: DispatchPattern) -> Answer {
    Answer(
      dispatch: model.dispatch(solution.values), objective: solution.objective,
      powerPrices: model.balance.map { solution.rowDuals[$0] },
      overload: model.overloads.map { solution.values[$0] }, pattern: pattern,
      solution: solution)
  }

  // MARK: Solver

  private func solved(
    _ pattern: DispatchPattern, cutoff: Double = .infinity
  ) throws(SolverError) -> LinearSolution {
    try solver.setBounds(pattern.changes(since: applied, in: model.linear))
    applied = pattern
    let status = try solver.solve(cutoff: cutoff)
    guard status.hasSolution else { throw .noSolution(status) }
    return try solver.solution()
  }

  private func setLoad(_ load: PlannedLoad) throws(SolverError) {
    let right = zip(problem.baseLoadKilowatts, load.total).map { $0 + $1 }
    try solver.setRowBounds(
      rows: model.balance.map { Int32($0) }, lower: right, upper: right)
    for (index, group) in problem.groupLimits.enumerated() {
      let rows = model.groupRows[index]
      let upper = zip(problem.baseLoadKilowatts, load.groups[index]).map {
        DispatchModel.room(in: group, $0, $1)
      }
      try solver.setRowBounds(
        rows: rows.map { Int32($0) },
        lower: upper.map { _ in -.infinity }, upper: upper)
    }
  }

  // MARK: Patterns

  func chargerBounds(_ patterns: [[Bool]]) -> DispatchPattern {
    var bounds: DispatchPattern = [:]
    for (index, charger) in problem.chargers.enumerated() where isSemiContinuous(charger) {
      for (step, column) in model.chargers[index].charge.enumerated() {
        guard let column else { continue }
        let highest = model.linear.columnUpper[column]
        let isOn = patterns[index][step] && highest >= charger.minimumKilowatts
        bounds[column] = isOn ? charger.minimumKilowatts...highest : 0...0
      }
    }
    return bounds
  }

  /// Closes the smaller of two directions that are used at once.
  private func closeContradictions(_ values: [Double], _ pattern: inout DispatchPattern) -> Bool {
    let tolerance = 1e-6
    let before = pattern.count
    for step in 0..<problem.stepCount {
      let (importing, exporting) = (model.imports[step], model.exports[step])
      if min(values[importing], values[exporting]) > tolerance {
        pattern[values[importing] >= values[exporting] ? exporting : importing] = 0...0
      }
      for (battery, columns) in zip(problem.batteries, model.batteries) {
        let (charge, discharge) = (columns.charge[step], columns.discharge[step])
        if min(values[charge], values[discharge]) > tolerance {
          pattern[values[charge] >= values[discharge] ? discharge : charge] = 0...0
        }
        if !battery.chargesFromGrid, min(values[charge], values[importing]) > tolerance {
          pattern[charge] = 0...0
        }
        if !battery.dischargesToGrid, min(values[discharge], values[exporting]) > tolerance {
          pattern[discharge] = 0...0
        }
      }
    }
    return pattern.count > before
  }
}
