// SPDX-License-Identifier: MIT
import MILP
import TimeSeries

extension PlanSearch {
  /// Units fixed between two solves of the first dive and of later ones.
  private static let firstDivePerRound = 4
  private static let divePerRound = 2
  /// Nodes of a whole-number dispatch in a home without rooms.
  private static let nodesWithoutRooms = 50
  /// Rounds of columns for a dive that keeps the whole decisions of the best dispatch.
  private static let roundsWithinPattern = 4

  /// Orders of rooms in which an overload is packed below the groups' limits.
  private static let packings = 4

  /// Columns, a quick dive, more columns, careful dives, then moves while time remains.
  ///
  /// What does not depend on each other goes on in two lanes: shakes beside the columns, the bound and a
  /// dive beside another dive, moves beside moves. Lanes meet after a fixed amount of work, so the answer
  /// is the same on one thread.
  func columnPlan() throws(SolverError) {
    guard let generation = prepared else { return }
    self.generation = generation
    defer { noteWork() }
    let first = best.flatMap { best in dispatchSolver.relaxedBasis.map { (best.controls, $0) } }
    try generation.start(
      prices: pricesAfterDispatch, schedules: memory.map { [$0.relays] } ?? [], plan: first)
    try generation.generate(
      rounds: options.firstColumnRounds, tolerance: 2e-4, until: { self.mustStop })
    // A dive among fewer columns than were asked for would be another search, not less of the same.
    if mustStop { return }
    try firstDives(generation)
    guard options.effort == .full, !mustStop else { return }
    let second = rooms.isCoupled ? nil : try PlanSearch(beside: self)
    self.second = second
    try together(second) { lane throws(SolverError) in
      try generation.release()
      try generation.generate(
        rounds: max(0, self.options.columnRounds - self.options.firstColumnRounds),
        tolerance: 2e-4, until: { self.mustStop })
    } and: { lane throws(SolverError) in
      try lane.shakes(self.options.shakesBesideColumns)
    }
    if mustStop { return }
    // Scenarios judge relays in another way: their search needs the columns and any good plan.
    if searchesScenarios, !rooms.isCoupled { return }
    try dives(generation, second)
    if rooms.isCoupled { try settleNeighbours(generation) }
    if searchesDirections { try certify() }
    try search(generation, second)
  }

  /// The first dive, and beside it one that asks for no columns on its way.
  ///
  /// The plan of that one is there earlier and mostly the worse one. The search goes on without it: it
  /// counts in the end, where nothing better has come or the search was stopped before.
  private func firstDives(_ generation: ColumnGeneration) throws(SolverError) {
    guard options.effort == .full, !rooms.isCoupled else {
      return try dive(generation, perRound: Self.firstDivePerRound, improves: .proposals)
    }
    let quick = try PlanSearch(beside: self)
    let (snapshot, basis) = (generation.snapshot, dispatchSolver.relaxedBasis)
    try inTwoLanes { () throws(SolverError) in
      if let basis { try quick.dispatchSolver.start(from: basis) }
      let columns = try ColumnGeneration(
        continuing: snapshot, problem: problem, rooms: quick.rooms, clock: options.elapsedSeconds)
      try quick.dive(
        columns, perRound: Self.firstDivePerRound, asksForColumns: false, improves: .proposals)
    } and: { () throws(SolverError) in
      try dive(generation, perRound: Self.firstDivePerRound, improves: .proposals)
    }
    dispatchSeconds += quick.dispatchSeconds
    early = quick
  }

  /// The careful dives, the last one here and the others beside it; who is done first begins the bound.
  ///
  /// Where directions are whole decisions, those beside are dives for better ones.
  private func dives(_ generation: ColumnGeneration, _ second: PlanSearch?) throws(SolverError) {
    let snapshot = generation.snapshot
    let dives = options.dives
    let proof = generation.boundProof(points: options.boundPoints)
    try together(second) { _ throws(SolverError) in
      for perRound in dives.suffix(second == nil ? .max : 1) where !self.mustStop {
        try generation.release()
        try self.dive(generation, perRound: perRound)
      }
      proof?.work(self.rooms)
    } and: { lane throws(SolverError) in
      let own = try ColumnGeneration(
        continuing: snapshot, problem: self.problem, rooms: lane.rooms,
        clock: self.options.elapsedSeconds)
      lane.generation = own
      for perRound in dives.dropLast() where !self.mustStop {
        if self.searchesDirections {
          try lane.diveElsewhere(own, perRound: perRound)
        } else {
          try lane.diveWithinPattern(own, perRound: perRound)
        }
      }
      proof?.work(lane.rooms)
    }
    bound = proof?.bound
  }

  /// A dive among columns for the whole decisions of the best dispatch.
  private func diveWithinPattern(
    _ generation: ColumnGeneration, perRound: Int
  ) throws(SolverError) {
    try certify()
    try generation.release()
    try dive(generation, perRound: perRound, within: bestPattern)
  }

  /// A dive among columns for given whole decisions of the dispatch.
  func dive(
    _ generation: ColumnGeneration, perRound: Int, within pattern: DispatchPattern
  ) throws(SolverError) {
    try generation.master.restrict(pattern)
    if !pattern.isEmpty { try generation.regenerate(rounds: Self.roundsWithinPattern) }
    try dive(generation, perRound: perRound, known: pattern)
    try generation.master.restrict([:])
  }

  /// What power is worth once the first sweep has been dispatched, currency/kW.
  private var pricesAfterDispatch: [Double] {
    zip(marketPrices, bestPrices).map { ($0 + $1) / 2 }
  }

  /// A dive, its dispatch, and the plan that comes out.
  ///
  /// - Parameter known: whole decisions that suit it; otherwise those of the best plan.
  private func dive(
    _ generation: ColumnGeneration, perRound: Int, asksForColumns: Bool = true,
    improves: DispatchSolver.Effort = .rounding, known: DispatchPattern? = nil
  ) throws(SolverError) {
    let choices = try generation.dive(perRound: perRound, asksForColumns: asksForColumns)
    var controls = generation.controls(choices)
    controls.dispatch = try finish(controls, improves: improves, known: known).dispatch
    if GroupCosts.excess(controls, problem) > 0 {
      for order in 0..<Self.packings { try finish(packed(controls, from: order), known: known) }
    }
    try polish(rounds: 4)
  }

  /// Adds the dispatch to relays and runs and keeps the plan if it is better.
  ///
  /// - Parameter known: whole decisions that suit the relays; otherwise those of the best plan.
  @discardableResult
  func finish(
    _ relays: PlanSchedule.Controls, improves: DispatchSolver.Effort = .rounding,
    known: DispatchPattern? = nil
  ) throws(SolverError) -> DispatchSolver.Answer {
    let began = options.elapsedSeconds()
    defer { dispatchSeconds += options.elapsedSeconds() - began }
    var controls = relays
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let answer = try dispatchSolver.executable(
      load, improves: improves, known: known ?? bestPattern)
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
    guard let best else { return }
    bound = generation.coupledBound(
      courses: best.temperaturesCelsius, points: options.boundPoints)
    try generation.recouple(best.temperaturesCelsius)
  }

  /// Plans a few units anew around the rest, again and again; keeps what is better.
  private func search(_ generation: ColumnGeneration, _ second: PlanSearch?) throws(SolverError) {
    guard generation.master.unitCount > 0 else { return }
    let lanes = second == nil ? 1 : 2
    randomness = SplitMix64(seed: options.seed)
    second?.randomness = SplitMix64(seed: options.seed &+ 0x9E37)
    for round in 0..<(options.searchMoves / lanes) where !mustStop {
      try together(second) { _ throws(SolverError) in
        // Whole decisions of the best plan first; moves go on from them.
        if round == 0, !self.searchesDirections {
          try self.certify()
        } else {
          try self.move(generation, number: lanes * round)
        }
      } and: { lane throws(SolverError) in
        if let own = lane.generation { try lane.move(own, number: lanes * round + 1) }
      }
    }
    try generation.master.restrict([:])
    try certify()
  }

  /// One move among the columns and some shakes.
  func move(_ generation: ColumnGeneration, number: Int) throws(SolverError) {
    var state = try state(generation)
    guard let best else { return }
    // Some moves also let the dispatch's whole decisions go, or only those of the batteries where the
    // meter's direction is one; their rounding is tried afterwards.
    let freesPattern =
      !bestPattern.isEmpty && (searchesDirections ? number % 4 >= 2 : number % 4 == 3)
    if freesPattern {
      try generation.master.restrict(searchesDirections ? meterPattern : [:])
      state.objective = try generation.solveMaster().objective
    }
    var units = generation.units
    units.shuffle(using: &randomness)
    units = Array(units.prefix(min(options.moveSize, units.count)))
    let (polished, _) = polished(best.controls, order: units)
    let candidates = units.filter { $0 < problem.rooms.count }
      .map { (unit: $0, schedule: polished.relays[$0]) }
    let moved = try generation.move(
      freeing: units, from: state.choices, candidates: candidates)
    work.moves += 1
    try shakes(options.shakesPerMove)
    if moved.objective < state.objective - 1e-6 {
      try finish(
        generation.controls(moved.choices),
        improves: freesPattern || searchesDirections ? .proposals : .rounding)
      try polish(rounds: 3)
    }
    if freesPattern { known = nil }
  }

  /// Several shakes, one after another.
  private func shakes(_ count: Int) throws(SolverError) {
    for _ in 0..<count where !mustStop { try shake(&randomness) }
  }

  private func state(
    _ generation: ColumnGeneration
  ) throws(SolverError) -> (choices: [Int], objective: Double) {
    if let known { return known }
    let state = try incumbent(generation)
    known = state
    return state
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
    try finish(best.controls, improves: .changes)
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
