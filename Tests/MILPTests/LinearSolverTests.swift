// SPDX-License-Identifier: MIT
import MILP
import Testing

@Suite("Linear solver")
struct LinearSolverTests {
  /// Maximise 3a + 2b with a + b ≤ 2, whole numbers; by hand a = 2 - b.
  private func knapsack(minimumB: Double) -> LinearModel {
    var model = LinearModel()
    let a = model.addColumn(cost: -3, upper: 5, isInteger: true)
    let b = model.addColumn(cost: -2, lower: minimumB, upper: 5, isInteger: true)
    model.addRow(upper: 2, [(a, 1), (b, 1)])
    return model
  }

  @Test("finds the hand-worked optimum", arguments: [(0.0, -6.0), (1.0, -5.0)])
  func knapsackOptimum(minimumB: Double, objective: Double) throws {
    let solver = try LinearSolver(knapsack(minimumB: minimumB))
    #expect(try solver.solve() == .optimal)
    #expect(abs(solver.objective - objective) < 1e-9)
    #expect(abs(try solver.solution().values[0] - (2 - minimumB)) < 1e-6)
  }

  @Test("says that a contradiction is infeasible and an open objective unbounded")
  func statuses() throws {
    var contradiction = LinearModel()
    let x = contradiction.addColumn(upper: 1)
    contradiction.addRow(lower: 2, [(x, 1)])
    #expect(try LinearSolver(contradiction).solve() == .infeasible)
    var open = LinearModel()
    _ = open.addColumn(cost: -1)
    #expect(try LinearSolver(open).solve() == .unbounded)
  }

  @Test("refuses values that are not numbers")
  func refusesNotANumber() {
    var model = LinearModel()
    let x = model.addColumn(upper: 1)
    model.addRow(lower: 0, [(x, .nan)])
    #expect(throws: SolverError.self) { try LinearSolver(model).solve() }
  }

  @Test("returns duals as the change of the objective with the right-hand side")
  func duals() throws {
    var model = LinearModel()  // min 2x, x ≥ 3 as a row: one more unit costs 2
    let x = model.addColumn(cost: 2)
    let row = model.addRow(lower: 3, [(x, 1)])
    let solver = try LinearSolver(model, options: .warm(.dual))
    #expect(try solver.solve() == .optimal)
    #expect(abs(try solver.solution().rowDuals[row] - 2) < 1e-9)
  }

  @Test("forgets a slack row without another iteration, and a binding one with its effect")
  func rowRemoval() throws {
    var model = LinearModel()  // min −x, x ≤ 2 binds, x ≤ 3 is slack
    let x = model.addColumn(cost: -1, upper: 5)
    let binding = model.addRow(upper: 2, [(x, 1)])
    let slack = model.addRow(upper: 3, [(x, 1)])
    let solver = try LinearSolver(model, options: .warm(.dual))
    try solver.solve()
    let basis = try solver.basis()
    #expect(basis.holds(row: slack) && !basis.holds(row: binding))
    try solver.removeRows([Int32(slack)])
    try solver.solve()
    #expect(solver.simplexIterations == 0)
    #expect(abs(solver.objective + 2) < 1e-9)
    try solver.removeRows([Int32(binding)])
    #expect(try solver.solve() == .optimal)
    #expect(abs(solver.objective + 5) < 1e-9)
  }

  @Test("goes on from the old basis when a cheaper column is added")
  func columnAddition() throws {
    var model = LinearModel()
    let x = model.addColumn(cost: 2)
    let row = model.addRow(lower: 3, upper: 3, [(x, 1)])
    let solver = try LinearSolver(model, options: .warm(.primal))
    try solver.solve()
    try solver.addColumn(
      cost: 1, lower: 0, upper: .infinity, rows: [Int32(row)], values: [1])
    #expect(try solver.solve() == .optimal)
    #expect(abs(solver.objective - 3) < 1e-9)
    #expect(solver.simplexIterations <= 1)
  }

  @Test("echoes the options it really uses")
  func effectiveOptions() throws {
    var options = SolverOptions()
    options.relativeGap = 0.005
    options.seed = 7
    options.usesPresolve = false
    let echo = try LinearSolver(LinearModel(), options: options).effectiveOptions()
    #expect(echo["mip_rel_gap"] == "0.005")
    #expect(echo["random_seed"] == "7")
    #expect(echo["threads"] == "1")
    #expect(echo["presolve"] == "off")
  }

  @Test("stops when asked and when the time is over, and says so")
  func interruptAndTimeLimit() throws {
    let solver = try LinearSolver(marketSplit(columns: 40, rows: 5))
    let status = try solver.solve(timeLimitSeconds: 0.05)
    #expect(status == .noSolutionInTime || status == .feasible)
    let other = try LinearSolver(marketSplit(columns: 40, rows: 5))
    var asked = 0
    try other.interrupt {
      asked += 1
      return asked > 3
    }
    let stopped = try other.solve(timeLimitSeconds: 20)
    #expect(
      stopped == .interrupted(hasSolution: true) || stopped == .interrupted(hasSolution: false))
  }

  /// Market split: tiny and notoriously hard.
  /// Source: G. Cornuéjols, M. Dawande, A class of hard small 0-1 programs, IPCO 1998.
  private func marketSplit(columns: Int, rows: Int) -> LinearModel {
    var model = LinearModel()
    let x = (0..<columns).map { _ in model.addColumn(upper: 1, isInteger: true) }
    var state: UInt64 = 42
    for _ in 0..<rows {
      var terms: [(column: Int, value: Double)] = []
      var sum = 0.0
      for column in x {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let value = Double((state >> 33) % 100)
        sum += value
        terms.append((column, value))
      }
      let over = model.addColumn(cost: 1)
      let under = model.addColumn(cost: 1)
      let half = (sum / 2).rounded(.down)
      model.addRow(lower: half, upper: half, terms + [(over, -1), (under, 1)])
    }
    return model
  }
}
