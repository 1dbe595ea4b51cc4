// SPDX-License-Identifier: MIT
internal import CHiGHS

extension LinearSolver {
  /// Adds a column with its entries and returns its number; the basis is kept.
  @discardableResult
  public func addColumn(
    cost: Double, lower: Double, upper: Double, rows: [Int32], values: [Double]
  ) throws(SolverError) -> Int {
    try check(
      Highs_addCol(handle, cost, lower, upper, HighsInt(rows.count), rows, values), "addColumn")
    return columnCount - 1
  }

  /// Adds columns at once, `starts` being the first entry of each in `rows` and `values`.
  public func addColumns(
    costs: [Double], lower: [Double], upper: [Double], starts: [Int32], rows: [Int32],
    values: [Double]
  ) throws(SolverError) {
    guard !costs.isEmpty else { return }
    try check(
      Highs_addCols(
        handle, HighsInt(costs.count), costs, lower, upper, HighsInt(rows.count), starts, rows,
        values), "addColumns")
  }

  /// Adds a row with its entries and returns its number; the basis is kept.
  @discardableResult
  public func addRow(
    lower: Double, upper: Double, columns: [Int32], values: [Double]
  ) throws(SolverError) -> Int {
    try check(
      Highs_addRow(handle, lower, upper, HighsInt(columns.count), columns, values), "addRow")
    return rowCount - 1
  }

  /// Removes rows by their numbers, which must be ascending; later rows move up.
  ///
  /// The basis is kept where the rows are slack in it.
  public func removeRows(_ rows: [Int32]) throws(SolverError) {
    guard !rows.isEmpty else { return }
    let basis = try basis().without(rows: rows)
    try check(Highs_deleteRowsBySet(handle, HighsInt(rows.count), rows), "removeRows")
    if let basis { try set(basis: basis) }
  }

  /// Removes columns by their numbers, which must be ascending; later columns move up.
  ///
  /// The basis is kept where the columns are not in it.
  public func removeColumns(_ columns: [Int32]) throws(SolverError) {
    guard !columns.isEmpty else { return }
    let basis = try basis().without(columns: columns)
    try check(Highs_deleteColsBySet(handle, HighsInt(columns.count), columns), "removeColumns")
    if let basis { try set(basis: basis) }
  }

  /// Changes the costs of columns given by their numbers, which must be ascending.
  public func setCosts(columns: [Int32], _ costs: [Double]) throws(SolverError) {
    guard !columns.isEmpty else { return }
    try check(
      Highs_changeColsCostBySet(handle, HighsInt(columns.count), columns, costs), "setCosts")
  }

  /// Changes the cost of one column.
  public func setCost(column: Int, _ cost: Double) throws(SolverError) {
    try check(Highs_changeColCost(handle, HighsInt(column), cost), "setCost")
  }

  /// Changes the bounds of columns given by their numbers, which must be ascending.
  public func setBounds(
    columns: [Int32], lower: [Double], upper: [Double]
  ) throws(SolverError) {
    guard !columns.isEmpty else { return }
    try check(
      Highs_changeColsBoundsBySet(handle, HighsInt(columns.count), columns, lower, upper),
      "setBounds")
  }

  /// Changes the bounds of columns, which must be ascending.
  public func setBounds(
    _ changes: [(column: Int, bounds: ClosedRange<Double>)]
  ) throws(SolverError) {
    try setBounds(
      columns: changes.map { Int32($0.column) }, lower: changes.map(\.bounds.lowerBound),
      upper: changes.map(\.bounds.upperBound))
  }

  /// Changes the bounds of one column.
  public func setBounds(column: Int, lower: Double, upper: Double) throws(SolverError) {
    try check(Highs_changeColBounds(handle, HighsInt(column), lower, upper), "setBounds")
  }

  /// Changes the bounds of rows given by their numbers, which must be ascending.
  public func setRowBounds(
    rows: [Int32], lower: [Double], upper: [Double]
  ) throws(SolverError) {
    guard !rows.isEmpty else { return }
    try check(
      Highs_changeRowsBoundsBySet(handle, HighsInt(rows.count), rows, lower, upper),
      "setRowBounds")
  }

  /// Makes columns whole-number columns, or free again; numbers must be ascending.
  public func setInteger(columns: [Int32], _ isInteger: Bool) throws(SolverError) {
    guard !columns.isEmpty else { return }
    let kind = isInteger ? kHighsVarTypeInteger : kHighsVarTypeContinuous
    let kinds = [HighsInt](repeating: kind, count: columns.count)
    try check(
      Highs_changeColsIntegralityBySet(handle, HighsInt(columns.count), columns, kinds),
      "setInteger")
  }

  /// Gives a starting solution of a whole-number solve, one value a column.
  public func setStart(_ values: [Double]) throws(SolverError) {
    try check(Highs_setSolution(handle, values, nil, nil, nil), "setStart")
  }

  /// The present basis, to come back to it later.
  public func basis() throws(SolverError) -> SolverBasis {
    var basis = SolverBasis(
      columns: [HighsInt](repeating: 0, count: columnCount),
      rows: [HighsInt](repeating: 0, count: rowCount))
    try check(Highs_getBasis(handle, &basis.columns, &basis.rows), "basis")
    return basis
  }

  /// Starts the next solve from a basis of a model with as many columns and rows.
  public func set(basis: SolverBasis) throws(SolverError) {
    try check(Highs_setBasis(handle, basis.columns, basis.rows), "setBasis")
  }

  /// Forgets basis and solution and keeps the model.
  public func forgetSolution() throws(SolverError) {
    try check(Highs_clearSolver(handle), "forgetSolution")
  }

  /// Asks `shouldStop` from time to time during solves, on the solving thread; `true` stops the solve.
  public func interrupt(when shouldStop: @escaping () -> Bool) throws(SolverError) {
    self.shouldStop = shouldStop
    let callback: HighsCCallbackType = { _, _, _, input, user in
      guard let user, let input else { return }
      let solver = Unmanaged<LinearSolver>.fromOpaque(user).takeUnretainedValue()
      if solver.shouldStop?() == true { input.pointee.user_interrupt = 1 }
    }
    let user = Unmanaged.passUnretained(self).toOpaque()
    try check(Highs_setCallback(handle, callback, user), "setCallback")
    for kind in [kHighsCallbackMipInterrupt, kHighsCallbackSimplexInterrupt] {
      try check(Highs_startCallback(handle, kind), "startCallback")
    }
  }
}

/// Which columns and rows are basic; opaque, for `LinearSolver.set(basis:)`.
public struct SolverBasis: Sendable, Equatable {
  var columns: [Int32]
  var rows: [Int32]

  /// How many rows it is for.
  public var rowCount: Int { rows.count }
  /// How many columns it is for.
  public var columnCount: Int { columns.count }

  /// Whether a column is basic.
  public func holds(column: Int) -> Bool { columns[column] == kHighsBasisStatusBasic }

  /// Whether a row is slack.
  public func holds(row: Int) -> Bool { rows[row] == kHighsBasisStatusBasic }

  /// The same basis for a model without some columns, given ascending; `nil` where it needs one of them.
  func without(columns removed: [Int32]) -> SolverBasis? {
    guard !removed.contains(where: { holds(column: Int($0)) }) else { return nil }
    return SolverBasis(columns: Self.rest(of: columns, without: removed), rows: rows)
  }

  /// The same basis for a model without some rows, given ascending; `nil` where one of them binds.
  func without(rows removed: [Int32]) -> SolverBasis? {
    guard removed.allSatisfy({ holds(row: Int($0)) }) else { return nil }
    return SolverBasis(columns: columns, rows: Self.rest(of: rows, without: removed))
  }

  private static func rest(of statuses: [Int32], without removed: [Int32]) -> [Int32] {
    var next = 0
    return statuses.enumerated().compactMap { index, status in
      guard next < removed.count, Int(removed[next]) == index else { return status }
      next += 1
      return nil
    }
  }

  /// The same basis for a model with more rows, in each of which one of some further columns is basic.
  public func extended(basic: [Int], columns count: Int) -> SolverBasis {
    var result = extended(columns: count)
    for column in basic { result.columns[column] = kHighsBasisStatusBasic }
    result.rows += [Int32](repeating: kHighsBasisStatusLower, count: basic.count)
    return result
  }

  /// The same basis for a model with more columns, which stay at their lower bounds.
  public func extended(columns count: Int) -> SolverBasis {
    let added = max(0, count - columns.count)
    return SolverBasis(
      columns: columns + [Int32](repeating: kHighsBasisStatusLower, count: added), rows: rows)
  }
}
