// SPDX-License-Identifier: MIT
import Household
import Planning
import TimeSeries

/// What a plan shows a stored kilowatt-hour to be worth in each step.
///
/// Between two moments at which the battery is full or empty the value is one: above what the dearest
/// purchase cost, below what the cheapest use earned (complementary slackness of the storage). Where a
/// stretch has only one of both, the other is that of its neighbour, at the end the plan's own terminal value.
struct StoredEnergyValues {
  /// What a kWh cost at most, currency, one element a step.
  let lower: [Double]
  /// What a kWh earns at least; not below ``lower`` where both are known.
  let upper: [Double]

  /// Flows below this are the optimiser's noise, kW.
  private static let negligible = 0.05
  /// A battery within this of its band is full or empty.
  private static let contact = 0.005

  fileprivate struct Stretch {
    let steps: Range<Int>
    /// What the dearest purchase cost.
    var lower: Double?
    /// What the cheapest use earned.
    var upper: Double?
  }

  /// - Parameters:
  ///   - charge: kW in each step; `discharge` likewise.
  ///   - need: what the house would import without the battery, kW.
  ///   - stateOfCharge: at the end of each step.
  init(
    charge: [Double], discharge: [Double], need: [Double], stateOfCharge: [Fraction],
    problem: PlanningProblem, battery: PlanningProblem.Battery
  ) {
    var stretches: [Stretch] = []
    var start = 0
    while start < need.count {
      let contact = (start..<need.count).first { step in
        let state = stateOfCharge[step].rawValue
        return state <= battery.minimumFraction + Self.contact
          || state >= battery.maximumFraction - Self.contact
      }
      var stretch = Stretch(steps: start..<(contact.map { $0 + 1 } ?? need.count))
      for step in stretch.steps {
        stretch.note(
          discharge[step] - charge[step], need: need[step], step, problem.grid, battery)
      }
      stretches.append(stretch)
      start = stretch.steps.upperBound
    }
    var after = battery.terminalValuePerKilowattHour
    for index in stretches.indices.reversed() {
      let upper = stretches[index].upper ?? max(after, stretches[index].lower ?? after)
      stretches[index].upper = upper
      after = upper
    }
    var before: Double?
    for index in stretches.indices {
      let upper = stretches[index].upper ?? 0
      let lower = stretches[index].lower ?? before.map { min($0, upper) } ?? upper
      stretches[index].lower = lower
      before = lower
    }
    func steps(_ value: (Stretch) -> Double?) -> [Double] {
      stretches.flatMap { Array(repeating: value($0) ?? 0, count: $0.steps.count) }
    }
    lower = steps(\.lower)
    upper = steps(\.upper)
  }
}

extension StoredEnergyValues.Stretch {
  /// Takes what the battery does in a step, kW, discharge positive.
  fileprivate mutating func note(
    _ flow: Double, need: Double, _ step: Int, _ grid: PlanningProblem.Grid,
    _ battery: PlanningProblem.Battery
  ) {
    let noise = StoredEnergyValues.negligible
    let price = need - flow > 0 ? grid.importPrices[step] : grid.exportPrices[step]
    if flow < -noise {
      let cost = (price + battery.wearPerKilowattHour) / battery.chargeEfficiency
      lower = max(lower ?? cost, cost)
    } else if flow > noise, need - flow < grid.importLimitKilowatts - noise {
      // What keeps the import inside the fuse is worth more than its price tells. Covering the house saves its purchase, also where nothing is left to buy.
      let saved = need >= flow - noise ? grid.importPrices[step] : price
      let worth = (saved - battery.wearPerKilowattHour) * battery.dischargeEfficiency
      upper = min(upper ?? worth, worth)
    }
  }
}
