// SPDX-License-Identifier: MIT
import Foundation
import Planning
import PlanningFixtures
import Synchronization
import Testing

/// One case at a time: hundreds at once would keep everybody else's continuations waiting for minutes.
@Suite("Planner properties", .serialized)
struct PlannerPropertyTests {
  private func plan(
    _ problem: PlanningProblem, _ change: (inout PlannerOptions) -> Void = { _ in }
  ) throws -> PlanningOutcome {
    var options = PlannerOptions()
    options.searchMoves = 3
    options.columnRounds = 12
    options.firstColumnRounds = 4
    options.boundPoints = 300
    // On a busy machine seconds would decide how far the exact search comes; nodes always decide alike.
    options.exactSeconds = .infinity
    change(&options)
    return try Planner(options: options).plan(problem)
  }

  private func anyHome(_ seed: UInt64, steps: Int = 24) -> PlanningProblem {
    var homes = Homes(seed: seed)
    return homes.home(
      steps: steps, rooms: Int(seed % 4), batteries: Int(seed / 2 % 3),
      chargers: Int(seed / 3 % 3), loads: Int(seed / 5 % 3))
  }

  @Test(
    "every plan keeps every limit, costs what it says and no less than its bound",
    arguments: 1...200 as ClosedRange<UInt64>)
  func feasible(seed: UInt64) throws {
    let problem = anyHome(seed)
    let outcome = try plan(problem)
    let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    let total = outcome.schedule.objective.total
    #expect(abs((verdict.objective ?? .nan) - total) < 1e-6)
    if let bound = outcome.bound { #expect(bound <= total + 1e-6) }
    let balance = outcome.schedule.gridKilowatts.indices.map { step in
      let controls = outcome.schedule.controls.dispatch
      var power = outcome.schedule.gridKilowatts[step] + controls.pvUsedKilowatts[step]
      power += controls.batteryDischargeKilowatts.reduce(0) { $0 + $1[step] }
      power -= controls.batteryChargeKilowatts.reduce(0) { $0 + $1[step] }
      power -= controls.chargerKilowatts.reduce(0) { $0 + $1[step] }
      power -= outcome.schedule.heatingKilowatts[step] + problem.baseLoadKilowatts[step]
      for (load, run) in zip(problem.deferrableLoads, outcome.schedule.controls.deferrableRuns)
      where run[step] { power -= load.powerKilowatts }
      return abs(power)
    }
    #expect((balance.max() ?? 0) < 1e-9)
  }

  @Test("no plan is dearer than the rules", arguments: 1...100 as ClosedRange<UInt64>)
  func betterThanRules(seed: UInt64) throws {
    let problem = anyHome(seed)
    let rules = try RuleBasedPlanner().plan(problem).schedule.objective.total
    #expect(try plan(problem).schedule.objective.total <= rules + 1e-6)
  }

  @Test(
    "the solver's proven optimum of small homes is met", arguments: 1...30 as ClosedRange<UInt64>)
  func meetsWholeHouseOptimum(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    let problem = homes.home(
      steps: 12, rooms: Int(seed % 3), batteries: 1, chargers: Int(seed % 2), loads: 1)
    try meetsOptimum(of: problem, within: 0.003)
  }

  @Test(
    "rooms that may not all heat at once come within 3 % of the proven optimum",
    arguments: 31...40 as ClosedRange<UInt64>)
  func meetsOptimumBelowHeatingLimit(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    var problem = homes.home(
      steps: 12, rooms: 3, batteries: 1, chargers: Int(seed % 2), loads: 1)
    for index in problem.rooms.indices { problem.rooms[index].isOnInitially = false }
    let powers = problem.rooms.map(\.powerKilowatts)
    problem.heatingLimitKilowatts = powers.reduce(0, +) - (powers.min() ?? 0) / 2
    try meetsOptimum(of: problem, within: 0.03)
  }

  private func meetsOptimum(of problem: PlanningProblem, within tolerance: Double) throws {
    var options = PlannerOptions()
    options.gap = 1e-7
    let whole = try WholeHousePlanner(options: options).plan(problem)
    let outcome = try plan(problem) { $0.searchMoves = 20 }
    let optimum = whole.schedule.objective.total
    #expect(PlanCheck(problem).verdict(whole.schedule.controls).isFeasible)
    #expect(outcome.schedule.objective.total <= optimum + max(0.5, tolerance * abs(optimum)))
    #expect(outcome.schedule.objective.total >= optimum - 1e-4 * max(1, abs(optimum)))
    if let bound = outcome.bound { #expect(bound <= optimum + 1e-5 * max(1, abs(optimum))) }
  }

  @Test("a larger battery never costs more", arguments: 1...200 as ClosedRange<UInt64>)
  func moreBattery(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    let problem = homes.home(steps: 32, rooms: 0, batteries: 1, chargers: 0)
    var larger = problem
    let energy = problem.batteries[0].initialFraction * problem.batteries[0].capacityKilowattHours
    larger.batteries[0].capacityKilowattHours *= 1.5
    larger.batteries[0].initialFraction = energy / larger.batteries[0].capacityKilowattHours
    larger.batteries[0].minimumFraction /= 1.5
    #expect(
      try plan(larger).schedule.objective.total
        <= plan(problem).schedule.objective.total + 1e-6)
  }

  @Test(
    "a longer time limit never gives a worse plan", arguments: 1...200 as ClosedRange<UInt64>)
  func longerTime(seed: UInt64) throws {
    let problem = anyHome(seed * 4 + 3, steps: 32)
    var last = Double.infinity
    // A clock that ticks once each time it is asked makes the limits repeatable, on one thread.
    for limit in [0.0, 30, 80, 200, 1e9] {
      let ticks = Mutex(0.0)
      let total = try plan(problem) {
        $0.timeLimitSeconds = limit
        $0.threads = 1
        $0.elapsedSeconds = {
          ticks.withLock { now in
            now += 1
            return now
          }
        }
      }.schedule.objective.total
      #expect(total <= last + 1e-6 * max(1, abs(last)))
      last = total
    }
  }

  @Test("the time of day changes nothing", arguments: 1...200 as ClosedRange<UInt64>)
  func shiftedTime(seed: UInt64) throws {
    var problem = anyHome(seed)
    problem.start = Date(timeIntervalSince1970: 0)
    var later = problem
    later.start = Date(timeIntervalSince1970: 1e8)
    #expect(try plan(problem).schedule == plan(later).schedule)
  }

  @Test("another currency scales the cost", arguments: 1...200 as ClosedRange<UInt64>)
  func currency(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    let problem = homes.home(steps: 24, rooms: 0, batteries: 1, chargers: 1)
    var other = problem
    let rate = 0.04
    other.grid.importPrices = problem.grid.importPrices.map { $0 * rate }
    other.grid.exportPrices = problem.grid.exportPrices.map { $0 * rate }
    other.grid.peakPricePerKilowatt *= rate
    other.batteries[0].wearPerKilowattHour *= rate
    other.batteries[0].terminalValuePerKilowattHour *= rate
    other.chargers[0].shortfallPenaltyPerKilowattHour *= rate
    other.chargers[0].startCost *= rate
    let total = try plan(problem).schedule.objective.total
    let scaled = try plan(other).schedule.objective.total
    // Rounding of charging patterns may differ by a start.
    #expect(abs(scaled - rate * total) < rate * 0.002 * max(20, abs(total)))
  }

  @Test("flat prices give no cycling and no fragments", arguments: 1...200 as ClosedRange<UInt64>)
  func flatPrices(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    var problem = homes.home(steps: 28, rooms: 0, batteries: 1, chargers: 1)
    problem.grid.importPrices = problem.grid.importPrices.map { _ in 3 }
    problem.grid.exportPrices = problem.grid.exportPrices.map { _ in 2.9 }
    problem.grid.peakPricePerKilowatt = 0
    problem.pvKilowatts = []
    problem.batteries[0].terminalValuePerKilowattHour = 3
    let controls = try plan(problem).schedule.controls.dispatch
    let throughput = (controls.batteryChargeKilowatts[0] + controls.batteryDischargeKilowatts[0])
      .reduce(0, +)
    #expect(throughput < 1e-6)
    let powers = controls.chargerKilowatts[0]
    let starts = powers.indices.count { step in
      powers[step] > 1e-3 && (step == 0 || powers[step - 1] <= 1e-3)
    }
    #expect(starts <= 1)
  }

  @Test(
    "negative prices with losses never charge and discharge at once",
    arguments: 1...200 as ClosedRange<UInt64>)
  func noBurning(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    var problem = homes.home(
      steps: 32, rooms: Int(seed % 2), batteries: 1, chargers: 0, lowestPrice: -4)
    problem.batteries[0].wearPerKilowattHour = seed % 2 == 0 ? 0 : 0.05
    problem.batteries[0].chargeEfficiency = 0.8
    let outcome = try plan(problem)
    let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    let dispatch = outcome.schedule.controls.dispatch
    for (charge, discharge) in zip(
      dispatch.batteryChargeKilowatts[0], dispatch.batteryDischargeKilowatts[0])
    {
      #expect(min(charge, discharge) < 1e-6)
    }
    #expect(problem.grid.importPrices.contains { $0 < 0 })
  }

  @Test(
    "the same input and seed give the same plan to the bit",
    arguments: 1...200 as ClosedRange<UInt64>)
  func repeatable(seed: UInt64) throws {
    let problem = anyHome(seed)
    let one = try plan(problem) { $0.threads = 1 }
    let two = try plan(problem) { $0.threads = 2 }
    #expect(one.schedule == two.schedule)
    #expect(one.bound == two.bound)
  }
}
