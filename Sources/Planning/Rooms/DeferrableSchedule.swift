// SPDX-License-Identifier: MIT

/// Runs of one deferrable load.
struct DeferrableSchedule {
  let load: PlanningProblem.DeferrableLoad
  let stepCount: Int

  /// Steps in which it may run.
  private var window: Range<Int> {
    let start = min(max(0, load.windowStart), stepCount)
    return start..<max(start, min(load.windowEnd, stepCount))
  }

  /// How many steps fit into the window.
  private var steps: Int { min(load.steps, window.count) }

  /// The cheapest run when power costs `prices[k]` in step k, currency/kW.
  func cheapest(prices: [Double]) -> [Bool] {
    cheapest(stepPrices: prices.map { $0 * load.powerKilowatts })
  }

  /// The cheapest run when being on in step k costs `stepPrices[k]`.
  func cheapest(stepPrices prices: [Double]) -> [Bool] {
    var run = [Bool](repeating: false, count: stepCount)
    guard steps > 0 else { return run }
    for step in load.isInterruptible ? cheapestSteps(prices) : Array(cheapestRun(prices)) {
      run[step] = true
    }
    return run
  }

  private func cheapestSteps(_ prices: [Double]) -> [Int] {
    // Steps that are not worth the penalty are left out.
    window.sorted { (prices[$0], $0) < (prices[$1], $1) }.prefix(steps)
      .filter { prices[$0] < load.missedStepPenalty }
  }

  private func cheapestRun(_ prices: [Double]) -> Range<Int> {
    let first = window.lowerBound
    if load.isRunning { return first..<(first + steps) }
    var best = first
    var sum = prices[first..<(first + steps)].reduce(0, +)
    var lowest = sum
    for start in window.dropFirst() where start + steps <= window.upperBound {
      sum += prices[start + steps - 1] - prices[start - 1]
      if sum < lowest - 1e-12 { (lowest, best) = (sum, start) }
    }
    return best..<(best + steps)
  }

  /// Cost of the steps that a run does not get.
  func ownCost(_ run: [Bool]) -> Double {
    Double(max(0, load.steps - run.count { $0 })) * load.missedStepPenalty
  }
}
