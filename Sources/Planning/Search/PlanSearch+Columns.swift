// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

extension PlanSearch {
  /// Units fixed between two solves of the first dive and of later ones.
  private static let firstDivePerRound = 3
  private static let divePerRound = 2
  /// Nodes of a whole-number dispatch in a home without rooms.
  private static let nodesWithoutRooms = 50
  /// Rooms that a move of the neighbourhood search plans anew.
  private static let moveSize = 3

  /// Columns, a quick dive, more columns, a careful dive, then moves while time remains.
  func columnPlan() throws(SolverError) {
    let generation = try ColumnGeneration(
      problem: problem, rooms: rooms, clock: options.elapsedSeconds)
    self.generation = generation
    defer {
      let moves = work.moves
      work = generation.work
      work.moves = moves
      work.dispatchSeconds = dispatchSeconds
    }
    try generation.start(prices: startPrices, schedules: memory.map { [$0.relays] } ?? [])
    try generation.generate(
      rounds: options.firstColumnRounds, tolerance: 2e-4, until: { self.mustStop })
    try dive(generation, perRound: Self.firstDivePerRound)
    guard options.effort == .full, !mustStop else { return }
    try generation.release()
    try generation.generate(
      rounds: max(0, options.columnRounds - options.firstColumnRounds), tolerance: 2e-4,
      until: { self.mustStop })
    bound = generation.provenBound(points: options.boundPoints)
    if mustStop { return }
    for perRound in options.dives where !mustStop {
      try generation.release()
      try dive(generation, perRound: perRound)
    }
    if rooms.isCoupled { try settleNeighbours(generation) }
    try certify()
    try search(generation)
  }

  private var startPrices: [[Double]] {
    let hours = problem.stepHours
    let market = (0..<problem.stepCount).map { problem.grid.importCost($0) * hours[$0] }
    let mean = market.reduce(0, +) / max(1e-9, hours.reduce(0, +))
    var prices = [market, hours.map { $0 * mean }, market.map { $0 / 2 }, market.map { $0 * 2 }]
    if let memory { prices.insert(zip(memory.powerPrices, hours).map { $0 * $1 }, at: 0) }
    return prices
  }

  /// A dive, its dispatch, and the plan that comes out.
  private func dive(_ generation: ColumnGeneration, perRound: Int) throws(SolverError) {
    let choices = try generation.dive(perRound: perRound)
    try finish(generation.controls(choices))
    try polish(rounds: 4)
  }

  /// Adds the dispatch to relays and runs and keeps the plan if it is better.
  @discardableResult
  func finish(
    _ relays: PlanSchedule.Controls, improves: Bool = false
  ) throws(SolverError) -> DispatchSolver.Answer {
    let began = options.elapsedSeconds()
    defer { dispatchSeconds += options.elapsedSeconds() - began }
    var controls = relays
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let answer = try dispatchSolver.executable(
      load, improves: improves, known: bestPattern)
    controls.dispatch = answer.dispatch
    if consider(controls, prices: answer.powerPrices) { bestPattern = answer.pattern }
    return answer
  }

  /// Alternates exact simulation of coupled rooms with new columns until the courses agree.
  private func settleNeighbours(_ generation: ColumnGeneration) throws(SolverError) {
    for _ in 0..<3 {
      guard let best, !mustStop else { return }
      try generation.release()
      try generation.recouple(best.temperaturesCelsius)
      try generation.regenerate(rounds: 8)
      let choices = try generation.dive(perRound: Self.divePerRound)
      try finish(generation.controls(choices))
    }
    if let best { try generation.recouple(best.temperaturesCelsius) }
  }

  /// Plans a few units anew around the rest, again and again; keeps what is better.
  private func search(_ generation: ColumnGeneration) throws(SolverError) {
    guard generation.master.unitCount > 0 else { return }
    var random = SplitMix64(seed: options.seed)
    var state = try incumbent(generation)
    for number in 0..<options.searchMoves {
      guard let best, !mustStop else { break }
      // Every fourth move also lets the dispatch's whole decisions go; their rounding is tried afterwards.
      let freesPattern = !bestPattern.isEmpty && number % 4 == 3
      if freesPattern {
        try generation.master.restrict([:])
        state.objective = try generation.solveMaster().objective
      }
      var units = generation.units
      units.shuffle(using: &random)
      units = Array(units.prefix(min(options.moveSize, units.count)))
      let (polished, _) = polished(best.controls, order: units)
      let candidates = units.filter { $0 < problem.rooms.count }
        .map { (unit: $0, schedule: polished.relays[$0]) }
      let moved = try generation.move(
        freeing: units, from: state.choices, candidates: candidates)
      work.moves += 1
      var isShaken = false
      for _ in 0..<options.shakesPerMove where !mustStop {
        isShaken = try shake(&random) || isShaken
      }
      if moved.objective < state.objective - 1e-6 {
        try finish(generation.controls(moved.choices), improves: freesPattern)
        try polish(rounds: 3)
      } else if !freesPattern, !isShaken {
        continue
      }
      state = try incumbent(generation)
    }
    try generation.master.restrict([:])
    try certify()
  }

  /// The best plan as a state of the master: its columns, and its objective there.
  private func incumbent(
    _ generation: ColumnGeneration
  ) throws(SolverError) -> (choices: [Int], objective: Double) {
    guard let best else { return ([], .infinity) }
    let choices = try generation.choices(of: best.controls)
    try generation.master.fix(choices.map { Optional($0) })
    try generation.master.restrict(bestPattern)
    return (choices, try generation.solveMaster().objective)
  }

  /// Improves the whole decisions of the dispatch around the best relays.
  func certify() throws(SolverError) {
    guard let best, !mustStop else { return }
    try finish(best.controls, improves: true)
    // Without rooms the dispatch is the whole problem, small enough to be solved.
    let isWhole = problem.rooms.isEmpty && problem.deferrableLoads.isEmpty
    let nodes = isWhole ? max(options.exactNodes, Self.nodesWithoutRooms) : options.exactNodes
    guard nodes > 0, problem.hasWholeDecisions else { return }
    let began = options.elapsedSeconds()
    defer { dispatchSeconds += options.elapsedSeconds() - began }
    var settings = SolverOptions()
    settings.nodeLimit = nodes
    settings.relativeGap = 1e-4
    settings.timeLimitSeconds = min(options.exactSeconds, remainingSeconds)
    var controls = best.controls
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    guard let answer = try dispatchSolver.exact(load, settings: settings) else { return }
    controls.dispatch = answer.dispatch
    if consider(controls, prices: answer.powerPrices) { bestPattern = answer.pattern }
  }
}

extension PlanningProblem {
  /// Whether the dispatch has decisions that a linear programme may get wrong.
  fileprivate var hasWholeDecisions: Bool {
    DispatchModel.needsExclusions(self)
      || chargers.contains { $0.minimumKilowatts > 0 || $0.startCost > 0 }
  }
}
