// SPDX-License-Identifier: MIT
import MILP

/// The master programme: dispatch plus a convex choice among schedules of each room and deferrable load.
///
/// Source: G. Dantzig, P. Wolfe, Decomposition principle for linear programs, Operations Research 8
/// (1960) 101, doi:10.1287/opre.8.1.101.
final class ColumnMaster {
  /// One schedule of one unit; units are the rooms and after them the deferrable loads.
  struct Column {
    let unit: Int
    let schedule: [Bool]
    var ownCost: Double
    let solverColumn: Int
    /// Whether it may be used now.
    var isOpen = true
  }

  /// A solved master.
  struct Point {
    let objective: Double
    /// Marginal value of power in each step, currency/kW.
    let powerPrices: [Double]
    /// Additional price in each group with a limit, currency/kW, in the order of `groupLimits`.
    let groupPrices: [[Double]]
    /// Price of each unit's convexity.
    let unitPrices: [Double]
    /// Values of all solver columns.
    let values: [Double]
    /// What a solver column would cost beyond its price.
    let reducedCosts: [Double]
  }

  let problem: PlanningProblem
  let solver: LinearSolver
  private(set) var columns: [Column] = []
  private var known: Set<ScheduleKey> = []
  private let linear: LinearModel
  /// Row of each step in which a kW of load has the coefficient −1.
  private let balance: [Int]
  private let groups: [PlanningProblem.GroupLimit]
  private let groupRows: [[Int]]
  private let convexity: [Int]
  private var boundsChanged = true
  let unitCount: Int

  /// A master around any model of what power costs.
  ///
  /// - Parameters:
  ///   - balance: the row of each step in which a kW of load has the coefficient −1.
  ///   - groupRows: the rows of each group with a limit; a kW of the group has the coefficient 1.
  init(
    problem: PlanningProblem, linear: LinearModel, balance: [Int], groupRows: [[Int]]
  ) throws(SolverError) {
    self.problem = problem
    self.balance = balance
    self.groupRows = groupRows
    groups = problem.groupLimits
    let units = problem.rooms.count + problem.deferrableLoads.count
    unitCount = units
    var linear = linear
    convexity = (0..<units).map { _ in linear.addRow(lower: 1, upper: 1, []) }
    self.linear = linear
    solver = try LinearSolver(linear, options: .warm(.primal))
  }

  /// A master around the dispatch for expected values.
  convenience init(problem: PlanningProblem) throws(SolverError) {
    let model = DispatchModel(problem: problem)
    try self.init(
      problem: problem, linear: model.linear, balance: model.balance,
      groupRows: model.groupRows)
  }

  /// Tells that bounds or rows were changed from outside.
  func noteChangedRows() { boundsChanged = true }

  /// Power of a unit while it is on, kW.
  func power(_ unit: Int) -> Double {
    unit < problem.rooms.count
      ? problem.rooms[unit].powerKilowatts
      : problem.deferrableLoads[unit - problem.rooms.count].powerKilowatts
  }

  /// Price of being on in each step for a unit, currency.
  func unitPrices(_ unit: Int, at point: Point) -> [Double] {
    prices(unit, power: point.powerPrices, groups: point.groupPrices)
  }

  func prices(_ unit: Int, power: [Double], groups extra: [[Double]]) -> [Double] {
    let kilowatts = self.power(unit)
    var prices = power.map { $0 * kilowatts }
    for (group, more) in zip(groups, extra) {
      let part = kilowatts * group.share(unit: unit)
      guard part > 0 else { continue }
      for step in prices.indices { prices[step] += part * more[step] }
    }
    return prices
  }

  // MARK: Columns

  /// Adds the schedules that are new; returns how many were.
  @discardableResult
  func add(_ schedules: [(unit: Int, schedule: [Bool], ownCost: Double)]) throws(SolverError) -> Int
  {
    var batch = ColumnBatch()
    for item in schedules {
      guard known.insert(ScheduleKey(unit: item.unit, schedule: item.schedule)).inserted else {
        continue
      }
      columns.append(
        Column(
          unit: item.unit, schedule: item.schedule, ownCost: item.ownCost,
          solverColumn: linear.columnCount + columns.count))
      batch.begin(cost: item.ownCost)
      let kilowatts = power(item.unit)
      for step in item.schedule.indices where item.schedule[step] {
        batch.add(row: balance[step], value: -kilowatts)
      }
      for (group, rows) in zip(groups, groupRows) {
        let part = kilowatts * group.share(unit: item.unit)
        for step in item.schedule.indices where item.schedule[step] && part > 0 {
          batch.add(row: rows[step], value: part)
        }
      }
      batch.add(row: convexity[item.unit], value: 1)
    }
    try batch.pass(to: solver)
    return batch.count
  }

  /// Takes new own costs for all columns, after neighbours moved.
  func refreshCosts(_ cost: (Int, [Bool]) -> Double) throws(SolverError) {
    for index in columns.indices {
      columns[index].ownCost = cost(columns[index].unit, columns[index].schedule)
    }
    try solver.setCosts(
      columns: columns.map { Int32($0.solverColumn) }, columns.map(\.ownCost))
  }

  // MARK: Solving

  /// Solves from the last basis: after new columns that is primal feasible, after new bounds dual feasible.
  ///
  /// - Parameter cutoff: only kept after new bounds; there is no solution when all cost more.
  func solve(cutoff: Double = .infinity) throws(SolverError) -> Point {
    try solver.set(simplexMethod: boundsChanged ? .dual : .primal)
    boundsChanged = false
    let status = try solver.solve(cutoff: cutoff)
    guard status.hasSolution else { throw .noSolution(status) }
    let solution = try solver.solution()
    return Point(
      objective: solution.objective, powerPrices: balance.map { solution.rowDuals[$0] },
      groupPrices: groupRows.map { $0.map { -solution.rowDuals[$0] } },
      unitPrices: convexity.map { solution.rowDuals[$0] }, values: solution.values,
      reducedCosts: solution.reducedCosts)
  }

  /// Weight of each column of `columns`; 0 for those that are newer than the point.
  func weights(_ point: Point) -> [Double] {
    columns.map { $0.solverColumn < point.values.count ? point.values[$0.solverColumn] : 0 }
  }

  /// The present basis, to come back to it with `restore` when more columns are there.
  func basis() throws(SolverError) -> SolverBasis { try solver.basis() }

  /// Starts the next solve from a basis; columns added since then wait at zero.
  ///
  /// All columns that the basis uses must be open.
  func restore(_ basis: SolverBasis) throws(SolverError) {
    try solver.set(basis: basis.extended(columns: solver.columnCount))
    boundsChanged = false
  }

  /// Starts the next solve from one column of each unit and the dispatch of their load.
  ///
  /// - Parameter dispatch: a basis of the model without units, optimal for that load.
  func start(from choices: [Int], dispatch: SolverBasis) throws(SolverError) {
    let basis = dispatch.extended(
      basic: choices.map { columns[$0].solverColumn }, columns: solver.columnCount)
    guard basis.rowCount == solver.rowCount else { return }
    try solver.set(basis: basis)
    boundsChanged = false
  }

  /// Removes columns that are far from being used, all but some of each unit.
  ///
  /// Each iteration of the simplex method looks at every column, and a schedule is a long one.
  /// - Parameter point: the last solved master; columns that are newer stay.
  func prune(_ point: Point, keepingOfEach count: Int) throws(SolverError) {
    guard columns.count > count * unitCount else { return }
    let basis = try solver.basis()
    var rank = [Int](repeating: 0, count: unitCount)
    var removed: [Int] = []
    let old = columns.indices.filter { columns[$0].solverColumn < point.values.count }
    let costs = columns.map {
      $0.solverColumn < point.values.count ? point.reducedCosts[$0.solverColumn] : 0
    }
    for index in old.sorted(by: { (costs[$0], $0) < (costs[$1], $1) }) {
      let column = columns[index]
      rank[column.unit] += 1
      if rank[column.unit] > count, !basis.holds(column: column.solverColumn) {
        removed.append(index)
      }
    }
    removed.sort()
    try solver.removeColumns(removed.map { Int32(columns[$0].solverColumn) })
    let gone = Set(removed)
    for index in removed {
      known.remove(ScheduleKey(unit: columns[index].unit, schedule: columns[index].schedule))
    }
    let kept = columns.indices.filter { !gone.contains($0) }.map { columns[$0] }
    columns = kept.enumerated().map { place, column in
      Column(
        unit: column.unit, schedule: column.schedule, ownCost: column.ownCost,
        solverColumn: linear.columnCount + place, isOpen: column.isOpen)
    }
  }

  // MARK: Fixing

  /// Leaves a unit only one column, or all of them with `nil`.
  func fix(_ choices: [Int?]) throws(SolverError) {
    var changed: [Int32] = []
    var upper: [Double] = []
    for index in columns.indices {
      let choice = choices[columns[index].unit]
      let isOpen = choice == nil || choice == index
      guard isOpen != columns[index].isOpen else { continue }
      columns[index].isOpen = isOpen
      changed.append(Int32(columns[index].solverColumn))
      upper.append(isOpen ? .infinity : 0)
    }
    if !changed.isEmpty { boundsChanged = true }
    try solver.setBounds(
      columns: changed, lower: [Double](repeating: 0, count: changed.count), upper: upper)
  }

  private var restricted: DispatchPattern = [:]

  /// Puts the whole decisions of a dispatch into the master; an empty pattern frees them.
  func restrict(_ pattern: DispatchPattern) throws(SolverError) {
    boundsChanged = true
    try solver.setBounds(pattern.changes(since: restricted, in: linear))
    restricted = pattern
  }

  /// The column with a schedule.
  func index(unit: Int, schedule: [Bool]) -> Int? {
    columns.firstIndex { $0.unit == unit && $0.schedule == schedule }
  }
}

/// A schedule of a unit, packed for quick comparison.
private struct ScheduleKey: Hashable {
  let unit: Int
  let words: [UInt64]

  init(unit: Int, schedule: [Bool]) {
    self.unit = unit
    var words = [UInt64](repeating: 0, count: (schedule.count + 63) / 64)
    for (step, isOn) in schedule.enumerated() where isOn {
      words[step / 64] |= 1 << UInt64(step % 64)
    }
    self.words = words
  }
}

/// Columns on their way to the solver.
private struct ColumnBatch {
  private var costs: [Double] = []
  private var starts: [Int32] = []
  private var rows: [Int32] = []
  private var values: [Double] = []

  var count: Int { costs.count }

  mutating func begin(cost: Double) {
    costs.append(cost)
    starts.append(Int32(rows.count))
  }

  mutating func add(row: Int, value: Double) {
    rows.append(Int32(row))
    values.append(value)
  }

  func pass(to solver: LinearSolver) throws(SolverError) {
    try solver.addColumns(
      costs: costs, lower: [Double](repeating: 0, count: count),
      upper: [Double](repeating: .infinity, count: count), starts: starts, rows: rows,
      values: values)
  }
}
