// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What a plant gave of what the physics expected, day by day, and what the course of it says.
struct DailyPerformance {
  let day: Date
  /// Measured over expected energy in bright steps.
  let ratio: Double
  let rainMillimetres: Double

  /// Rain that washes modules.
  static let washingRain = 5.0
  /// Days on each side of a step loss.
  static let smallestDays = 5
  /// A loss that counts, and how many times the scatter of the days it has to be.
  static let smallestLoss = 0.08
  static let smallestSignificance = 5.0

  /// UTC days with at least two hours of full power in bright steps.
  static func days(
    _ steps: [PVObservation], on grid: TimeGrid, leavingOut: Set<Int>, capacityWatts: Double
  ) -> [DailyPerformance] {
    var sums: [Int: (measured: Double, expected: Double)] = [:]
    var rain: [Int: Double] = [:]
    for (index, step) in steps.enumerated() {
      let day = Int((grid.middle(at: index).timeIntervalSince1970 / 86_400).rounded(.down))
      rain[day, default: 0] += step.rain?.rawValue ?? 0
      guard
        !leavingOut.contains(index), let power = step.power?.rawValue,
        let expected = step.expected?.rawValue, expected > 0.2 * capacityWatts
      else { continue }
      let sum = sums[day] ?? (0, 0)
      sums[day] = (sum.measured + power, sum.expected + expected)
    }
    let enough = 2 * capacityWatts / grid.stepHours
    return sums.filter { $0.value.expected >= enough }.sorted { $0.key < $1.key }.map { day, sum in
      DailyPerformance(
        day: Date(timeIntervalSince1970: Double(day) * 86_400),
        ratio: sum.measured / sum.expected, rainMillimetres: rain[day] ?? 0)
    }
  }

  /// The one day on which the median ratio falls most, if the fall is large and lasts to the end.
  static func stepLosses(_ days: [DailyPerformance]) -> [PlantFinding] {
    guard days.count >= 2 * smallestDays else { return [] }
    var best: (position: Int, before: Double, after: Double)?
    for position in smallestDays...days.count - smallestDays {
      guard
        let before = median(days[..<position].map(\.ratio)),
        let after = median(days[position...].map(\.ratio))
      else { continue }
      if before - after > (best.map { $0.before - $0.after } ?? 0) {
        best = (position, before, after)
      }
    }
    guard let best, best.before > 0 else { return [] }
    let (early, late) = (days[..<best.position], days[best.position...])
    let distances =
      early.map { abs($0.ratio - best.before) } + late.map { abs($0.ratio - best.after) }
    let scatter = 1.4826 * (median(distances) ?? 0)
    let share = 1 - best.after / best.before
    let spread = scatter * (1 / Double(early.count) + 1 / Double(late.count)).squareRoot()
    // dirt creeps, a fault jumps: most of the fall lies between the days beside it
    let near = (days[best.position - 3..<best.position], days[best.position..<best.position + 3])
    let jump = (median(near.0.map(\.ratio)) ?? 0) - (median(near.1.map(\.ratio)) ?? 0)
    guard
      share > smallestLoss, best.before - best.after > smallestSignificance * spread,
      jump > 0.6 * (best.before - best.after)
    else { return [] }
    return [
      .stepLoss(
        since: days[best.position].day, share: Fraction(share), daysBefore: early.count,
        daysAfter: late.count)
    ]
  }

  /// Dry spells of ten days or more that lose power steadily and win it back with the rain.
  static func soiling(_ days: [DailyPerformance]) -> [PlantFinding] {
    var findings: [PlantFinding] = []
    var start = 0
    for position in days.indices where days[position].rainMillimetres >= washingRain {
      let spell = Array(days[start..<position])
      let after = days[position...].dropFirst().prefix(3).map(\.ratio)
      start = position + 1
      guard
        spell.count >= 10, let slope = slope(spell), slope < -0.0005, let first = spell.first,
        let last = spell.last, let washed = median(Array(after)),
        let dirty = median(spell.suffix(3).map(\.ratio))
      else { continue }
      let lost = -slope * last.day.timeIntervalSince(first.day) / 86_400
      let recovered = washed - dirty
      guard lost > 0.02, recovered > 0.5 * lost else { continue }
      findings.append(
        .soiling(
          range: first.day..<days[position].day, lossPerDay: Fraction(-slope),
          recovered: Fraction(recovered)))
    }
    return findings
  }

  /// The median of all slopes between two days, a day. Source: P. Sen, JASA 63 (1968) 1379,
  /// doi:10.1080/01621459.1968.10480934.
  private static func slope(_ days: [DailyPerformance]) -> Double? {
    var slopes: [Double] = []
    for (position, late) in days.enumerated() {
      for early in days[..<position] {
        let apart = late.day.timeIntervalSince(early.day) / 86_400
        slopes.append((late.ratio - early.ratio) / apart)
      }
    }
    return median(slopes)
  }
}
