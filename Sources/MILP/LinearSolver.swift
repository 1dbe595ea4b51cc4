// SPDX-License-Identifier: MIT
internal import CHiGHS

/// One instance of the HiGHS solver with its model, basis and solution.
///
/// Not `Sendable`: an instance stays inside one thread or actor. Each solve runs on one thread, because
/// the solver's thread pool is global to the process; run several instances side by side instead.
///
/// Source: Q. Huangfu, J. Hall, Parallelizing the dual revised simplex method, Mathematical
/// Programming Computation 10 (2018) 119, doi:10.1007/s12532-017-0130-5.
public final class LinearSolver {
  let handle: UnsafeMutableRawPointer
  var shouldStop: (() -> Bool)?
  private var options: SolverOptions
  private var cutoff = Double.infinity

  /// The version of the solver library.
  public static var version: String { String(cString: Highs_version()) }

  /// Takes over a model.
  ///
  /// - Throws: `refused` when an option or the model is not accepted.
  public init(_ model: LinearModel, options: SolverOptions = SolverOptions())
    throws(SolverError)
  {
    guard let handle = Highs_create() else { throw .unavailable }
    self.handle = handle
    self.options = options
    Highs_setBoolOptionValue(handle, "output_flag", 0)
    try apply(options)
    try pass(model)
  }

  deinit { Highs_destroy(handle) }

  func check(_ status: HighsInt, _ call: String = #function) throws(SolverError) {
    if status == kHighsStatusError { throw .refused(call: call) }
  }

  private func pass(_ model: LinearModel) throws(SolverError) {
    // The library takes NaN without a word and then answers nonsense.
    guard !model.hasNotANumber else { throw .refused(call: "passModel: a value is not a number") }
    let kinds = model.isInteger.map { $0 ? kHighsVarTypeInteger : kHighsVarTypeContinuous }
    try check(
      Highs_passModel(
        handle, HighsInt(model.columnCount), HighsInt(model.rowCount),
        HighsInt(model.rowValues.count), 0, kHighsMatrixFormatRowwise,
        kHighsHessianFormatTriangular, kHighsObjSenseMinimize, model.offset, model.costs,
        model.columnLower, model.columnUpper, model.rowLower, model.rowUpper, model.rowStarts,
        model.rowColumns, model.rowValues, nil, nil, nil,
        model.integerCount > 0 ? kinds : nil), "passModel")
  }

  // MARK: Solving

  /// Solves from the present basis or incumbent.
  ///
  /// - Parameters:
  ///   - timeLimitSeconds: a limit for this solve, in place of the options' one.
  ///   - cutoff: an objective above which the answer does not matter: the dual simplex method stops as
  ///     soon as it has proven one, with `aboveCutoff`.
  /// - Throws: `refused` when the solver fails internally.
  @discardableResult
  public func solve(
    timeLimitSeconds: Double? = nil, cutoff: Double = .infinity
  ) throws(SolverError) -> SolverStatus {
    if let limit = timeLimitSeconds ?? options.timeLimitSeconds {
      // The solver counts from its creation, so the limit is set anew for each solve.
      let end = Highs_getRunTime(handle) + max(0, limit)
      try check(Highs_setDoubleOptionValue(handle, "time_limit", end), "time_limit")
    }
    if cutoff != self.cutoff {
      try check(Highs_setDoubleOptionValue(handle, "objective_bound", cutoff), "cutoff")
      self.cutoff = cutoff
    }
    try check(Highs_run(handle), "run")
    return status()
  }

  private func status() -> SolverStatus {
    var primal: HighsInt = 0
    Highs_getIntInfoValue(handle, "primal_solution_status", &primal)
    let hasSolution = primal == kHighsSolutionStatusFeasible
    switch Highs_getModelStatus(handle) {
    case kHighsModelStatusOptimal, kHighsModelStatusModelEmpty: return .optimal
    case kHighsModelStatusInfeasible: return .infeasible
    case kHighsModelStatusObjectiveBound: return .aboveCutoff
    case kHighsModelStatusUnbounded, kHighsModelStatusUnboundedOrInfeasible: return .unbounded
    case kHighsModelStatusTimeLimit, kHighsModelStatusIterationLimit,
      kHighsModelStatusSolutionLimit:
      return hasSolution ? .feasible : .noSolutionInTime
    case kHighsModelStatusInterrupt: return .interrupted(hasSolution: hasSolution)
    case let other: return .failed(Int(other))
    }
  }

  // MARK: Results

  /// The objective of the present solution.
  public var objective: Double { Highs_getObjectiveValue(handle) }

  /// The best proven lower bound of the last whole-number solve.
  public var bound: Double {
    var value = -Double.infinity
    Highs_getDoubleInfoValue(handle, "mip_dual_bound", &value)
    return value
  }

  /// How many simplex iterations the last solve took.
  public var simplexIterations: Int {
    var value: HighsInt = 0
    Highs_getIntInfoValue(handle, "simplex_iteration_count", &value)
    return Int(value)
  }

  /// How many columns the model has now.
  public var columnCount: Int { Int(Highs_getNumCol(handle)) }

  /// How many rows the model has now.
  public var rowCount: Int { Int(Highs_getNumRow(handle)) }

  /// The present solution.
  ///
  /// - Throws: `refused` when there is none.
  public func solution() throws(SolverError) -> LinearSolution {
    let (columns, rows) = (columnCount, rowCount)
    var values = [Double](repeating: 0, count: columns)
    var reducedCosts = values
    var activities = [Double](repeating: 0, count: rows)
    var duals = activities
    try check(
      Highs_getSolution(handle, &values, &reducedCosts, &activities, &duals), "getSolution")
    return LinearSolution(
      values: values, reducedCosts: reducedCosts, rowDuals: duals, objective: objective)
  }

  // MARK: Options

  private func apply(_ options: SolverOptions) throws(SolverError) {
    try check(Highs_setIntOptionValue(handle, "threads", 1), "threads")
    try check(Highs_setIntOptionValue(handle, "random_seed", HighsInt(options.seed)), "seed")
    try check(Highs_setDoubleOptionValue(handle, "mip_rel_gap", options.relativeGap), "gap")
    let nodes = HighsInt(options.nodeLimit ?? Int(HighsInt.max))
    try check(Highs_setIntOptionValue(handle, "mip_max_nodes", nodes), "nodeLimit")
    try check(
      Highs_setDoubleOptionValue(
        handle, "mip_feasibility_tolerance", options.integerTolerance), "integerTolerance")
    try check(
      Highs_setStringOptionValue(
        handle, "presolve", options.usesPresolve ? "choose" : "off"), "presolve")
    try check(
      Highs_setIntOptionValue(
        handle, "simplex_strategy", HighsInt(options.simplexMethod.rawValue)), "simplex")
    self.options = options
  }

  /// Chooses the simplex method of the next solves.
  public func set(simplexMethod: SolverOptions.SimplexMethod) throws(SolverError) {
    guard simplexMethod != options.simplexMethod else { return }
    try check(
      Highs_setIntOptionValue(handle, "simplex_strategy", HighsInt(simplexMethod.rawValue)),
      "simplex")
    options.simplexMethod = simplexMethod
  }

  /// Changes how the next solve is done.
  public func set(options: SolverOptions) throws(SolverError) { try apply(options) }

  /// What the solver really uses, by its own option names.
  public func effectiveOptions() -> [String: String] {
    var echo: [String: String] = [:]
    for name in ["threads", "random_seed", "simplex_strategy"] {
      var value: HighsInt = 0
      if Highs_getIntOptionValue(handle, name, &value) != kHighsStatusError {
        echo[name] = String(value)
      }
    }
    for name in ["time_limit", "mip_rel_gap", "mip_feasibility_tolerance"] {
      var value = 0.0
      if Highs_getDoubleOptionValue(handle, name, &value) != kHighsStatusError {
        echo[name] = String(value)
      }
    }
    var text = [CChar](repeating: 0, count: Int(kHighsMaximumStringLength))
    if Highs_getStringOptionValue(handle, "presolve", &text) != kHighsStatusError {
      let end = text.firstIndex(of: 0) ?? text.endIndex
      echo["presolve"] = String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    return echo
  }
}
