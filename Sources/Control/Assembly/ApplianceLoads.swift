// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Planning
import TimeSeries

/// The appliances of a home as loads of a planning problem: one load for each window in which an
/// appliance needs energy.
///
/// P90 of what a window may still take is planned. An appliance that has enough stops drawing by
/// itself, so that its meter goes on telling what it needs; a plan for the median would never see more
/// than it allowed.
struct ApplianceLoads {
  /// The loads with the appliance that each belongs to.
  let loads: [(appliance: String, load: PlanningProblem.DeferrableLoad)]

  init(home: Home, forecast: HomeForecast, powers: [String: Watts]) {
    loads = home.appliances.flatMap { appliance -> [(String, PlanningProblem.DeferrableLoad)] in
      let needs = forecast.applianceNeeds?[appliance.name] ?? []
      return needs.enumerated().compactMap { number, need in
        Self.load(
          appliance, need, isFirst: number == 0,
          isRunning: (powers[appliance.name] ?? .zero) > appliance.power * 0.5,
          name: number == 0 ? appliance.name : "\(appliance.name), window \(number + 1)",
          grid: forecast.grid
        ).map { (appliance.name, $0) }
      }
    }
  }

  /// Whether each appliance may run, by name; one of which nothing is expected is not planned.
  func runs(_ planned: [[Bool]]) -> [String: [Bool]] {
    zip(loads, planned).reduce(into: [:]) { runs, load in
      let before = runs[load.0.appliance] ?? Array(repeating: false, count: load.1.count)
      runs[load.0.appliance] = zip(before, load.1).map { $0 || $1 }
    }
  }

  private static func load(
    _ appliance: Appliance, _ need: ApplianceNeed, isFirst: Bool, isRunning: Bool, name: String,
    grid: TimeGrid
  ) -> PlanningProblem.DeferrableLoad? {
    let step = Double(grid.stepSeconds)
    let begin = max(need.window.lowerBound, grid.start)
    let end = min(need.window.upperBound, grid.end)
    let first = Int((begin.timeIntervalSince(grid.start) / step).rounded(.up))
    let last = Int((end.timeIntervalSince(grid.start) / step).rounded(.down))
    // What the horizon cuts off has its share of the energy outside.
    let inside = end.timeIntervalSince(begin) / need.window.upperBound.timeIntervalSince(begin)
    let missing = max(.zero, need.p90 - need.taken) * min(1, max(0, inside))
    let count = missing.rawValue / (appliance.power.kilowatts * grid.stepHours)
    let steps = min(last - first, Int(count.rounded(.up)))
    guard first < last, steps > 0 else { return nil }
    var load = PlanningProblem.DeferrableLoad(
      name: name, powerKilowatts: appliance.power.kilowatts, steps: steps, windowStart: first,
      windowEnd: last, isInterruptible: appliance.running == .inParts)
    load.isRunning = isFirst && isRunning && first == 0
    return load
  }
}
