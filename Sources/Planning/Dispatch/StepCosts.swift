// SPDX-License-Identifier: MIT

/// What more power costs in each step while batteries and vehicles stand still.
struct StepCosts {
  let problem: PlanningProblem
  private let overload: Double
  private let cap: Double

  /// - Parameter present: load of everything before PV now, kW, which says what peak is paid for already.
  init(problem: PlanningProblem, present: [Double]) {
    self.problem = problem
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

  /// Cheapest way to serve a load from PV and grid.
  func cost(_ load: Double, _ step: Int) -> Double {
    let grid = problem.grid
    let available = problem.availablePV(step)
    let lowest = min(available, max(0, load + grid.exportLimitKilowatts))
    var best = Double.infinity
    for used in [lowest, 0, min(max(load, 0), available)] where used <= lowest + 1e-12 {
      let net = load - used
      let hours = problem.stepHours[step]
      var cost = net > 0 ? net * grid.importCost(step) : net * grid.exportValue(step)
      cost += (available - used) * grid.curtailmentPenaltyPerKilowattHour
      cost *= hours
      cost += max(0, net - cap) * grid.peakPricePerKilowatt
      if net > grid.importLimitKilowatts {
        cost += (net - grid.importLimitKilowatts) * overload * hours
      }
      best = min(best, cost)
    }
    return best
  }
}
