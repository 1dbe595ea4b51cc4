// SPDX-License-Identifier: MIT

/// What more power costs in each step while batteries and vehicles stand still.
struct StepCosts {
  /// One step as costs see it.
  private struct Step {
    let hours: Double
    let importCost: Double
    let exportValue: Double
    let availablePV: Double
  }

  let problem: PlanningProblem
  private let steps: [Step]
  private let importLimit: Double
  private let exportLimit: Double
  private let curtailment: Double
  private let peakPrice: Double
  private let overload: Double
  private let cap: Double

  /// - Parameter present: load of everything before PV now, kW, which says what peak is paid for already.
  init(problem: PlanningProblem, present: [Double]) {
    self.problem = problem
    let grid = problem.grid
    steps = problem.stepHours.indices.map { step in
      Step(
        hours: problem.stepHours[step], importCost: grid.importCost(step),
        exportValue: grid.exportValue(step), availablePV: problem.availablePV(step))
    }
    importLimit = grid.importLimitKilowatts
    exportLimit = grid.exportLimitKilowatts
    curtailment = grid.curtailmentPenaltyPerKilowattHour
    peakPrice = grid.peakPricePerKilowatt
    overload = DispatchModel.overloadFactor * DispatchModel.priceScale(problem)
    let peak = present.indices.reduce(0) {
      max($0, min(present[$1] - problem.availablePV($1), problem.grid.importLimitKilowatts))
    }
    cap = max(problem.grid.peakFreeKilowatts, peak)
  }

  /// Cost of `power` more in each step, currency.
  ///
  /// - Parameter others: load of all else in each step before PV, kW.
  func ofAdding(_ power: Double, to others: [Double]) -> [Double] {
    others.indices.map { step in cost(others[step] + power, step) - cost(others[step], step) }
  }

  /// Adds `weight` times the cost of `power` more in each step to `prices`.
  func addCost(
    ofAdding power: Double, to others: [Double], weight: Double, into prices: inout [Double]
  ) {
    for step in prices.indices {
      prices[step] += weight * (cost(others[step] + power, step) - cost(others[step], step))
    }
  }

  /// Cheapest way to serve a load from PV and grid.
  func cost(_ load: Double, _ step: Int) -> Double {
    let now = steps[step]
    let lowest = min(now.availablePV, max(0, load + exportLimit))
    var best = cost(load, using: lowest, now)
    // Each piece is a straight line, so the cheapest use is at an end or a kink.
    if lowest > 0 { best = min(best, cost(load, using: 0, now)) }
    let covering = min(max(load, 0), now.availablePV)
    if covering <= lowest + 1e-12, covering != lowest, covering != 0 {
      best = min(best, cost(load, using: covering, now))
    }
    return best
  }

  private func cost(_ load: Double, using used: Double, _ now: Step) -> Double {
    let net = load - used
    var cost = net > 0 ? net * now.importCost : net * now.exportValue
    cost += (now.availablePV - used) * curtailment
    cost *= now.hours
    cost += max(0, net - cap) * peakPrice
    if net > importLimit { cost += (net - importLimit) * overload * now.hours }
    return cost
  }
}

/// What more power costs in one course of events, or in several with weights, as a plan loads them.
///
/// Batteries and vehicles stand still.
struct LoadCosts {
  private let courses: [(weight: Double, costs: StepCosts)]
  /// Load of everything before PV in each course and step, kW.
  private(set) var loads: [[Double]]

  init(_ problem: PlanningProblem, load: [Double]) {
    courses = [(1, StepCosts(problem: problem, present: load))]
    loads = [load]
  }

  init(_ courses: [(weight: Double, problem: PlanningProblem, load: [Double])]) {
    self.courses = courses.map { ($0.weight, StepCosts(problem: $0.problem, present: $0.load)) }
    loads = courses.map(\.load)
  }

  /// The same without a unit that is on in some steps.
  func removing(_ power: Double, where isOn: [Bool]) -> LoadCosts {
    var result = self
    result.add(-power, where: isOn)
    return result
  }

  mutating func add(_ power: Double, where isOn: [Bool]) {
    for course in loads.indices {
      for step in isOn.indices where isOn[step] { loads[course][step] += power }
    }
  }

  /// Cost of `power` more in each step, currency.
  func ofAdding(_ power: Double) -> [Double] {
    var prices = [Double](repeating: 0, count: loads.first?.count ?? 0)
    for (course, load) in zip(courses, loads) where course.weight > 0 {
      course.costs.addCost(ofAdding: power, to: load, weight: course.weight, into: &prices)
    }
    return prices
  }
}
