// SPDX-License-Identifier: MIT
import MILP

extension PlanSearch {
  /// Most repairs of the fuse in a sweep.
  private static let mostRepairs = 8

  /// One priced sweep over all rooms and loads, then dispatch; prices rise where the fuse would break.
  func sweepPlan() throws(SolverError) {
    var prices =
      memory.map { zip($0.powerPrices, problem.stepHours).map { $0 * $1 } }
      ?? (0..<problem.stepCount).map { problem.grid.importCost($0) * problem.stepHours[$0] }
    var surcharge = [Double](repeating: 0, count: problem.stepCount)
    let scale = DispatchModel.priceScale(problem)
    // With columns to follow, one sweep is only a first guess.
    for _ in 0..<(options.effort == .sweep ? Self.mostRepairs : 1) {
      let priced = zip(prices, surcharge).map { $0 + $1 }
      let (controls, answer) = try sweep(prices: priced)
      if consider(controls, prices: answer.powerPrices) { bestPattern = answer.pattern }
      let broken = answer.overload.indices.filter { answer.overload[$0] > 1e-5 }
      if broken.isEmpty || mustStop { break }
      for step in broken {
        surcharge[step] += scale * problem.stepHours[step] * (0.3 + 0.3 * answer.overload[step])
      }
      if memory == nil { prices = blended(prices, answer, broken: broken) }
    }
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

  /// The cheapest schedules for given prices of power, currency/kW, and the dispatch that fits them.
  func sweep(
    prices: [Double]
  ) throws(SolverError) -> (PlanSchedule.Controls, DispatchSolver.Answer) {
    let answers = rooms.sweep(rooms: Array(problem.rooms.indices)) { room in
      prices.map { $0 * problem.rooms[room].powerKilowatts }
    }
    let runs = problem.deferrableLoads.map {
      DeferrableSchedule(load: $0, stepCount: problem.stepCount).cheapest(prices: prices)
    }
    var controls = PlanSchedule.Controls(idleFor: problem)
    controls.relays = answers.map(\.schedule)
    controls.deferrableRuns = runs
    let load = PlannedLoad(problem: problem, relays: controls.relays, runs: runs)
    let answer = try dispatchSolver.executable(load)
    controls.dispatch = answer.dispatch
    return (controls, answer)
  }
}
