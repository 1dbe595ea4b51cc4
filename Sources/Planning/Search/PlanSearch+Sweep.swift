// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Most repairs of the fuse by higher prices.
  private static let mostSurcharges = 2
  /// Most rounds of planning rooms anew around an overload.
  private static let mostRepairs = 4

  /// One priced sweep over all rooms and loads, then dispatch, then repair where the fuse would break.
  func sweepPlan() throws(SolverError) {
    if options.effort == .sweep { return try sweepAgain() }
    try problem.rooms.isEmpty && problem.deferrableLoads.isEmpty ? sweeps() : sweepWithColumns()
  }

  /// One sweep with its dispatch, and beside the dispatch those first columns that do not need it.
  private func sweepWithColumns() throws(SolverError) {
    let found = cheapestSchedules(prices: startingPrices)
    let columns = [startingPrices] + furtherPrices
    try inTwoLanes { () throws(SolverError) in
      let (controls, answer) = try dispatched(found)
      if consider(controls, prices: answer.powerPrices) { bestPattern = answer.pattern }
    } and: { () throws(SolverError) in
      let generation = try ColumnGeneration(
        problem: problem, rooms: rooms, clock: options.elapsedSeconds)
      generation.prepare(swept: found, prices: columns)
      prepared = generation
    }
  }

  /// The plan before with a new dispatch, beside one sweep; then repair and a polish.
  private func sweepAgain() throws(SolverError) {
    let second = memory == nil ? nil : try PlanSearch(beside: self)
    try together(second) { search throws(SolverError) in
      try search.takeUpPrevious()
      if second == nil { try search.sweeps() }
    } and: { lane throws(SolverError) in
      try lane.sweeps()
    }
    try repair()
    try polish(rounds: 1, improves: .kept)
  }

  /// Sweeps at prices that rise where the fuse would break.
  private func sweeps() throws(SolverError) {
    var prices = startingPrices
    var surcharge = [Double](repeating: 0, count: problem.stepCount)
    let scale = DispatchModel.priceScale(problem)
    // With more to follow, one sweep is only a first guess.
    for _ in 0..<(options.effort == .sweep ? Self.mostSurcharges : 1) {
      let priced = zip(prices, surcharge).map { $0 + $1 }
      let (controls, answer) = try dispatched(cheapestSchedules(prices: priced))
      if consider(controls, prices: answer.powerPrices) { bestPattern = answer.pattern }
      let broken = answer.overload.indices.filter { answer.overload[$0] > 1e-5 }
      if broken.isEmpty || mustStop { break }
      for step in broken {
        surcharge[step] += scale * problem.stepHours[step] * (0.3 + 0.3 * answer.overload[step])
      }
      if memory == nil { prices = blended(prices, answer, broken: broken) }
    }
  }

  /// The relays of the plan before with a new dispatch, where they still keep the minimum times.
  private func takeUpPrevious() throws(SolverError) {
    guard let relays = memory?.relays, relays.count == problem.rooms.count,
      zip(relays, rooms.programmes).allSatisfy({
        $0.count == problem.stepCount && $1.model.allows($0)
      })
    else { return }
    var controls = PlanSchedule.Controls(idleFor: problem)
    controls.relays = relays
    controls.deferrableRuns = cheapestRuns(prices: startingPrices)
    try finish(controls)
  }

  private func cheapestRuns(prices: [Double]) -> [[Bool]] {
    problem.deferrableLoads.map {
      DeferrableSchedule(load: $0, stepCount: problem.stepCount).cheapest(prices: prices)
    }
  }

  /// Prices of the first sweep, currency/kW: those of the plan before, or the market's.
  private var startingPrices: [Double] {
    memory.map { zip($0.powerPrices, problem.stepHours).map { $0 * $1 } } ?? marketPrices
  }

  /// What import costs, currency/kW.
  var marketPrices: [Double] {
    (0..<problem.stepCount).map { problem.grid.importCost($0) * problem.stepHours[$0] }
  }

  /// Prices of first columns beside those of the first sweep, currency/kW.
  private var furtherPrices: [[Double]] {
    let (market, hours) = (marketPrices, problem.stepHours)
    let mean = market.reduce(0, +) / max(1e-9, hours.reduce(0, +))
    let others = [hours.map { $0 * mean }, market.map { $0 / 2 }]
    return memory == nil ? others : [market] + others
  }

  /// Takes the best plan below the fuse and the groups' limits, if anything movable stands in the way.
  ///
  /// First single rooms are planned anew against the cost of each step, overload included; what is left
  /// is switched off, the rooms that lose least first. Only a base load above the fuse stays above it.
  private func repair() throws(SolverError) {
    for round in 0..<Self.mostRepairs {
      guard let best, PlanRank(best, problem).isOverloaded, !mustStop else { return }
      let count = problem.rooms.count
      let order = (0..<count).map { ($0 + round * 5) % count }
      let (controls, changes) = polished(best.controls, order: order)
      if changes == 0 { break }
      try finish(controls)
      guard self.best != best else { break }
    }
    try shed()
  }

  /// Switches rooms and runs off, one after another, until the plan is below its limits.
  private func shed() throws(SolverError) {
    guard let start = best, PlanRank(start, problem).isOverloaded else { return }
    var controls = start.controls
    let dear = problem.rooms.indices.sorted { left, right in
      let (one, other) = (sheddingCost(left, start), sheddingCost(right, start))
      return (one, left) < (other, right)
    }
    for room in dear {
      let least = rooms.programmes[room].model.leastHeating
      guard controls.relays[room] != least else { continue }
      controls.relays[room] = least
      try finish(controls)
      guard let best, PlanRank(best, problem).isOverloaded, !mustStop else { return }
    }
    for load in problem.deferrableLoads.indices where !problem.deferrableLoads[load].isRunning {
      controls.deferrableRuns[load] = [Bool](repeating: false, count: problem.stepCount)
      try finish(controls)
      guard let best, PlanRank(best, problem).isOverloaded, !mustStop else { return }
    }
  }

  /// What a room loses when it heats as little as it may.
  private func sheddingCost(_ room: Int, _ schedule: PlanSchedule) -> Double {
    let model = rooms.programmes[room].model
    return model.cost(of: model.leastHeating) - model.cost(of: schedule.relays[room])
  }

  /// Prices that have seen the dispatch once, apart from the steps whose price is a penalty.
  private func blended(
    _ prices: [Double], _ answer: DispatchSolver.Answer, broken: [Int]
  ) -> [Double] {
    let penalties = Set(broken)
    return prices.indices.map { step in
      penalties.contains(step)
        ? prices[step] : 0.5 * prices[step] + 0.5 * answer.powerPrices[step]
    }
  }

  /// The cheapest schedule of each unit for given prices of power, currency/kW.
  private func cheapestSchedules(prices: [Double]) -> [ColumnGeneration.Found] {
    let answers = rooms.sweep(rooms: Array(problem.rooms.indices)) { room in
      prices.map { $0 * problem.rooms[room].powerKilowatts }
    }
    return answers.enumerated().map { ($0.offset, $0.element.schedule, $0.element.ownCost) }
      + problem.deferrableLoads.enumerated().map { index, load in
        let schedule = DeferrableSchedule(load: load, stepCount: problem.stepCount)
        let run = schedule.cheapest(prices: prices)
        return (problem.rooms.count + index, run, schedule.ownCost(run))
      }
  }

  /// The plan of one schedule of each unit and the dispatch that fits them.
  private func dispatched(
    _ found: [ColumnGeneration.Found]
  ) throws(SolverError) -> (PlanSchedule.Controls, DispatchSolver.Answer) {
    var controls = PlanSchedule.Controls(idleFor: problem)
    let schedules = found.map(\.schedule)
    controls.relays = Array(schedules.prefix(problem.rooms.count))
    controls.deferrableRuns = Array(schedules.dropFirst(problem.rooms.count))
    let load = PlannedLoad(
      problem: problem, relays: controls.relays, runs: controls.deferrableRuns)
    let answer = try dispatchSolver.executable(load)
    controls.dispatch = answer.dispatch
    return (controls, answer)
  }
}
