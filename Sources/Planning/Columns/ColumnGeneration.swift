// SPDX-License-Identifier: MIT
import MILP

/// Column generation, dive and neighbourhood moves on one master.
final class ColumnGeneration {
  let problem: PlanningProblem
  let master: ColumnMaster
  let pricing: UnitPricing
  /// Proven by `master value + Σ min(0, reduced cost)`, interpolated room values; not rigorous.
  private(set) var estimatedBound = -Double.infinity
  /// The prices that prove the bound, and what all but the units contributes to it.
  private(set) var certificate: Certificate?
  typealias Certificate = (power: [Double], groups: [[Double]], rest: Double)
  /// The basis of the last master in which all columns were free.
  private var openBasis: SolverBasis?
  /// The last master that was solved at its own prices with all columns free.
  private var openPoint: ColumnMaster.Point?
  /// First columns that are not in the master yet.
  private var first: [Found] = []
  private var centre: [Double] = []
  private var centreGroups: [[Double]] = []
  /// The last solved master.
  private(set) var point: ColumnMaster.Point?
  private(set) var work = PlanningWork()
  private let clock: () -> Double

  init(
    problem: PlanningProblem, rooms: RoomSchedules, clock: @escaping () -> Double,
    master: ColumnMaster? = nil
  ) throws(SolverError) {
    self.problem = problem
    self.clock = clock
    if let master { self.master = master } else { self.master = try ColumnMaster(problem: problem) }
    pricing = UnitPricing(problem: problem, rooms: rooms)
  }

  /// The columns and prices of another search, to go on beside it.
  init(
    continuing snapshot: Snapshot, problem: PlanningProblem, rooms: RoomSchedules,
    clock: @escaping () -> Double, master: ColumnMaster? = nil
  ) throws(SolverError) {
    self.problem = problem
    self.clock = clock
    if let master { self.master = master } else { self.master = try ColumnMaster(problem: problem) }
    pricing = UnitPricing(problem: problem, rooms: rooms)
    try self.master.add(snapshot.columns.map { ($0.unit, $0.schedule, $0.ownCost) })
    certificate = snapshot.certificate
    estimatedBound = snapshot.estimatedBound
    openBasis = snapshot.openBasis
    if let openBasis { try self.master.restore(openBasis) }
  }

  /// What another search needs to go on.
  struct Snapshot {
    let columns: [ColumnMaster.Column]
    let certificate: Certificate?
    let estimatedBound: Double
    let openBasis: SolverBasis?
  }

  var snapshot: Snapshot {
    Snapshot(
      columns: master.columns, certificate: certificate, estimatedBound: estimatedBound,
      openBasis: openBasis)
  }

  var units: [Int] { Array(0..<master.unitCount) }

  // MARK: Generation

  /// A schedule that was found for a unit, with what it costs beside power.
  typealias Found = (unit: Int, schedule: [Bool], ownCost: Double)

  /// Finds first columns: the least possible schedules, those of a sweep and the cheapest at other prices.
  ///
  /// - Parameter prices: of power in each step, currency/kW; first those of the sweep.
  func prepare(swept: [Found], prices: [[Double]]) {
    centre = prices.first ?? []
    first = units.map { unit in
      let least = pricing.leastSchedule(unit)
      return (unit, least, pricing.ownCost(unit, least))
    }
    first += swept + prices.dropFirst().flatMap(cheapest)
  }

  private func cheapest(power: [Double]) -> [Found] {
    sweep(units, power: power, groups: noGroups).map { ($0.unit, $0.schedule, $0.ownCost) }
  }

  /// Adds the first columns.
  ///
  /// - Parameters:
  ///   - prices: of power for further ones, currency/kW in each step.
  ///   - schedules: relays of plans that are known.
  ///   - plan: a plan to start from, with a basis of its dispatch.
  func start(
    prices: [Double], schedules: [[[Bool]]] = [],
    plan: (controls: PlanSchedule.Controls, dispatch: SolverBasis)? = nil
  ) throws(SolverError) {
    first += cheapest(power: prices)
    for plan in schedules {
      for (unit, schedule) in plan.enumerated() where unit < problem.rooms.count {
        guard pricing.rooms.programmes[unit].model.allows(schedule) else { continue }
        first.append((unit, schedule, pricing.ownCost(unit, schedule)))
      }
    }
    let groups = groupPrices(power: centre)
    centreGroups = groups.prices
    try master.add(first + groups.found)
    first = []
    if let plan {
      try master.start(from: try choices(of: plan.controls), dispatch: plan.dispatch)
    }
  }

  private var noGroups: [[Double]] {
    problem.groupLimits.map { _ in [Double](repeating: 0, count: problem.stepCount) }
  }

  func sweep(
    _ units: [Int], power: [Double], groups: [[Double]]
  ) -> [(unit: Int, schedule: [Bool], ownCost: Double, value: Double)] {
    let start = clock()
    defer {
      work.pricingSeconds += clock() - start
      work.sweeps += 1
    }
    return pricing.sweep(units: units, master: master, power: power, groups: groups)
  }

  /// Solves the master as it is; no solution when all cost more than the cutoff.
  @discardableResult
  func solveMaster(cutoff: Double = .infinity) throws(SolverError) -> ColumnMaster.Point {
    let start = clock()
    let now = try master.solve(cutoff: cutoff)
    work.masterSeconds += clock() - start
    work.masterSolves += 1
    work.simplexIterations += master.solver.simplexIterations
    work.columns = master.columns.count
    point = now
    return now
  }

  /// Rounds of pricing until the bound is met within `tolerance` of the value.
  ///
  /// Prices are stabilised by moving half way from the best ones, every fourth round fully.
  /// Source: O. du Merle et al., Stabilized column generation, Discrete Mathematics 194 (1999) 229;
  /// in-out separation after W. Ben-Ameur, J. Neto, Networks 49 (2007) 3, doi:10.1002/net.20137.
  func generate(
    rounds: Int, tolerance: Double, until mustStop: () -> Bool
  ) throws(SolverError) {
    try addColumns(rounds: rounds, tolerance: tolerance, until: mustStop)
    try prune()
    openBasis = try master.basis()
  }

  /// Columns of each unit that stay when those that are far from being used go.
  private static let keptOfEach = 8
  /// Rounds between two such clearances.
  private static let roundsBetweenPruning = 8

  private func prune() throws(SolverError) {
    guard let point else { return }
    try master.prune(point, keepingOfEach: Self.keptOfEach)
  }

  private func addColumns(
    rounds: Int, tolerance: Double, until mustStop: () -> Bool
  ) throws(SolverError) {
    var isPure = false
    for round in 0..<rounds {
      let now = try solveMaster()
      work.rounds += 1
      let pull = isPure ? 0 : 0.5
      let power = blend(centre, now.powerPrices, pull)
      let groups = zip(centreGroups, now.groupPrices).map { blend($0, $1, pull) }
      let answers = sweep(units, power: power, groups: groups)
      let added = try master.add(answers.map { ($0.unit, $0.schedule, $0.ownCost) })
      if isPure {
        let bound =
          now.objective
          + answers.reduce(0) { $0 + min(0, $1.value - now.unitPrices[$1.unit]) }
        note(bound: bound, at: now)
        if now.objective - estimatedBound < tolerance * max(abs(estimatedBound), 100) { return }
        if added == 0 { return }
      }
      if round % Self.roundsBetweenPruning == Self.roundsBetweenPruning - 1 { try prune() }
      centre = power
      centreGroups = groups
      isPure = (!isPure && added == 0) || round % 4 == 2
      if mustStop() { return }
    }
  }

  /// Keeps the prices of a solved master when they prove more.
  func note(bound: Double, at point: ColumnMaster.Point) {
    guard bound > estimatedBound else { return }
    estimatedBound = bound
    let rest = point.objective - point.unitPrices.reduce(0, +)
    certificate = (point.powerPrices, point.groupPrices, rest)
  }

  /// The proof of a bound that holds rigorously: rest of the house plus a lower bound of each unit at the
  /// same prices.
  func boundProof(points: Int) -> BoundProof? {
    guard let certificate, !pricing.rooms.isCoupled else { return nil }
    let loads = sweep(
      units.filter { $0 >= problem.rooms.count }, power: certificate.power,
      groups: certificate.groups)
    let prices = problem.rooms.indices.map {
      master.prices($0, power: certificate.power, groups: certificate.groups)
    }
    return BoundProof(
      prices: prices, rest: certificate.rest + loads.reduce(0) { $0 + $1.value }, points: points)
  }

  /// A bound for rooms that exchange heat, from the prices of the last master in which all were free.
  ///
  /// - Parameter courses: of the rooms' temperatures, as in a good plan.
  func coupledBound(courses: [[Double]], points: Int) -> Double? {
    guard let openPoint, pricing.rooms.isCoupled else { return nil }
    let prices = units.map {
      master.prices($0, power: openPoint.powerPrices, groups: openPoint.groupPrices)
    }
    let rooms = pricing.rooms.coupledBound(prices: prices, courses: courses, cells: points)
    let loads = sweep(
      units.filter { $0 >= problem.rooms.count }, power: openPoint.powerPrices,
      groups: openPoint.groupPrices)
    let rest = openPoint.objective - openPoint.unitPrices.reduce(0, +)
    return rest + rooms + loads.reduce(0) { $0 + $1.value }
  }

  private func blend(_ old: [Double], _ new: [Double], _ pull: Double) -> [Double] {
    guard pull > 0, old.count == new.count else { return new }
    return zip(old, new).map { pull * $0 + (1 - pull) * $1 }
  }

  /// A few rounds at the master's own prices.
  func regenerate(rounds: Int) throws(SolverError) {
    for _ in 0..<rounds {
      let now = try solveMaster()
      let answers = sweep(units, power: now.powerPrices, groups: now.groupPrices)
      if try master.add(answers.map { ($0.unit, $0.schedule, $0.ownCost) }) == 0 { break }
    }
    openPoint = try solveMaster()
  }

  // MARK: Dive

  /// Says more about what power costs near a solved master.
  typealias Refinement = (ColumnMaster.Point) throws(SolverError) -> Void

  /// Fixes units one after another to their heaviest column and prices the free ones anew after each.
  ///
  /// - Parameter perRound: how many units are fixed between two solves.
  /// - Parameter asksForColumns: whether the free units are priced anew; without it is quicker.
  /// - Returns: the column chosen for each unit.
  func dive(
    free start: [Int]? = nil, choices fixed: [Int?]? = nil, perRound: Int,
    asksForColumns: Bool = true, refining refine: Refinement? = nil
  ) throws(SolverError) -> [Int] {
    var choices = fixed ?? [Int?](repeating: nil, count: master.unitCount)
    var free = Set(start ?? units)
    while !free.isEmpty {
      let now = try solveMaster()
      settle(&choices, &free, weights: master.weights(now), atMost: perRound)
      try master.fix(choices)
      if free.isEmpty { break }
      guard asksForColumns else { continue }
      var next = try solveMaster()
      if let refine {
        try refine(next)
        next = try solveMaster()
      }
      let answers = sweep(free.sorted(), power: next.powerPrices, groups: next.groupPrices)
      try master.add(answers.map { ($0.unit, $0.schedule, $0.ownCost) })
    }
    return choices.compactMap { $0 }
  }

  /// Chooses the heaviest columns of units that are free: all whole ones, and at most some others.
  private func settle(
    _ choices: inout [Int?], _ free: inout Set<Int>, weights: [Double], atMost: Int
  ) {
    let order = weights.indices.filter { free.contains(master.columns[$0].unit) }
      .sorted { (weights[$0], $1) > (weights[$1], $0) }
    var settled = 0
    for index in order {
      let unit = master.columns[index].unit
      guard free.contains(unit) else { continue }
      if settled >= atMost, weights[index] < 0.999 { break }
      choices[unit] = index
      free.remove(unit)
      settled += 1
    }
  }

  /// Lets every unit choose among all its columns again.
  func release() throws(SolverError) {
    try master.fix([Int?](repeating: nil, count: master.unitCount))
    if let openBasis { try master.restore(openBasis) }
  }

  /// One move: some units are planned anew around the others; returns the choice and the master's value.
  ///
  /// - Parameter candidates: further schedules of the units that may suit.
  func move(
    freeing units: [Int], from choices: [Int], candidates: [(unit: Int, schedule: [Bool])]
  ) throws(SolverError) -> (choices: [Int], objective: Double) {
    var partial = choices.map { Optional($0) }
    for unit in units { partial[unit] = nil }
    try master.add(candidates.map { ($0.unit, $0.schedule, pricing.ownCost($0.unit, $0.schedule)) })
    try master.fix(partial)
    var free = Set(units)
    var now = try solveMaster()
    while !free.isEmpty {
      let answers = sweep(free.sorted(), power: now.powerPrices, groups: now.groupPrices)
      if try master.add(answers.map { ($0.unit, $0.schedule, $0.ownCost) }) > 0 {
        try master.fix(partial)
        now = try solveMaster()
      }
      settle(&partial, &free, weights: master.weights(now), atMost: 1)
      try master.fix(partial)
      now = try solveMaster()
    }
    return (partial.compactMap { $0 }, now.objective)
  }

  /// Relays and runs of chosen columns.
  func controls(_ choices: [Int]) -> PlanSchedule.Controls {
    var controls = PlanSchedule.Controls(idleFor: problem)
    for unit in units {
      let schedule = master.columns[choices[unit]].schedule
      if unit < problem.rooms.count {
        controls.relays[unit] = schedule
      } else {
        controls.deferrableRuns[unit - problem.rooms.count] = schedule
      }
    }
    return controls
  }

  /// The columns of a plan, added where they are new.
  func choices(of controls: PlanSchedule.Controls) throws(SolverError) -> [Int] {
    let schedules = controls.relays + controls.deferrableRuns
    try master.add(
      schedules.enumerated().map { ($0.offset, $0.element, pricing.ownCost($0.offset, $0.element)) }
    )
    return schedules.enumerated().compactMap { unit, schedule in
      master.index(unit: unit, schedule: schedule)
    }
  }

  /// Takes over the course of all rooms as what neighbours see, with new costs of all columns.
  func recouple(_ courses: [[Double]]) throws(SolverError) {
    pricing.rooms.recouple(courses: courses)
    try master.refreshCosts { unit, schedule in pricing.ownCost(unit, schedule) }
    estimatedBound = -.infinity
    certificate = nil
  }
}
