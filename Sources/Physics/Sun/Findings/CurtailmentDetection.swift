// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// Tells steps in which a plant was held back from those in which the sun gave no more.
///
/// A hidden Markov model of two states, free and curtailed. Power below the expectation alone proves
/// nothing, because clouds do that too; it takes a second witness: the inverter's word, an export at its
/// limit, a flat top under a bright sky, a full battery without export, a price at which the house does
/// not sell. Source of the forward–backward algorithm: L. Rabiner, Proceedings of the IEEE 77 (1989)
/// 257, doi:10.1109/5.18626.
public struct CurtailmentDetection: Sendable, Hashable {
  /// What was found.
  public struct Finding: Sendable, Hashable {
    /// The probability that a step was curtailed, 0…1; 0 where nothing is known.
    public let probability: [Double]
    /// Steps whose measurement is only a lower bound: probability above ½.
    public let curtailedSteps: Set<Int>
    /// What the plant could have given more in those steps.
    public let lostEnergy: KilowattHours
    /// How many curtailed steps each witness spoke in.
    public let evidence: [String: Int]
  }

  /// The plant's most alternating current, above 0.
  public let capacity: Watts
  /// The most that may flow into the grid, where that is known or was found.
  public let exportLimit: Watts?
  /// Below this price the house does not export, where that is known or was found.
  public let smallestExportPrice: PricePerKilowattHour?

  /// A detection for one plant.
  public init(
    capacity: Watts, exportLimit: Watts? = nil,
    smallestExportPrice: PricePerKilowattHour? = nil
  ) {
    self.capacity = capacity
    self.exportLimit = exportLimit
    self.smallestExportPrice = smallestExportPrice
  }

  /// How long a curtailment lasts on average; shorter than ten minutes it goes unnoticed.
  private static let meanStay = 3_600.0
  /// How often a free plant becomes curtailed, as a share of its time by day.
  private static let shareOfTime = 0.05
  /// The power has to be this far below the expectation, as a share of the capacity.
  private static let smallestGap = 0.1
  /// What one witness adds to the logarithm of the odds.
  private static let weights: [Witness: Double] = [
    .inverter: 6, .exportAtLimit: 3, .flatTop: 2, .fullBattery: 3, .lowPrice: 2,
  ]

  enum Witness: String {
    case inverter = "inverter reports a limit"
    case exportAtLimit = "export at its limit"
    case flatTop = "flat below a bright sky"
    case fullBattery = "battery full and no export"
    case lowPrice = "price too low to export"
  }

  /// The curtailed steps of a series of observations on a grid.
  ///
  /// - Precondition: one observation for each step.
  public func finding(_ steps: [PVObservation], on grid: TimeGrid) -> Finding {
    precondition(steps.count == grid.count, "one observation a step")
    let witnesses = steps.indices.map { self.witnesses(steps, at: $0, grid: grid) }
    let odds = steps.indices.map { logOdds(steps[$0], witnesses[$0]) }
    let probability = smoothed(odds, stepSeconds: Double(grid.stepSeconds))
    var curtailed: Set<Int> = []
    var lostWattSteps = 0.0
    var evidence: [String: Int] = [:]
    for index in steps.indices where probability[index] > 0.5 {
      guard let power = steps[index].power, let expected = steps[index].expected else { continue }
      curtailed.insert(index)
      lostWattSteps += max(expected.rawValue - power.rawValue, 0)
      for witness in witnesses[index] { evidence[witness.rawValue, default: 0] += 1 }
    }
    return Finding(
      probability: probability, curtailedSteps: curtailed,
      lostEnergy: Watts(lostWattSteps) * grid.step, evidence: evidence)
  }

  private func witnesses(
    _ steps: [PVObservation], at index: Int, grid: TimeGrid
  ) -> [Witness] {
    let step = steps[index]
    guard let power = step.power, let expected = step.expected, expected.rawValue > 0 else {
      return []
    }
    let full = capacity.rawValue
    var found: [Witness] = step.reportsLimit == true ? [.inverter] : []
    guard expected.rawValue - power.rawValue > Self.smallestGap * full else { return found }
    if let export = step.export?.rawValue {
      if let limit = exportLimit?.rawValue, abs(export - limit) < max(50, 0.02 * full) {
        found.append(.exportAtLimit)
      }
      if step.isBatteryFull == true, export < 0.01 * full { found.append(.fullBattery) }
    }
    if let price = step.exportPrice, let smallest = smallestExportPrice, price < smallest {
      found.append(.lowPrice)
    }
    if (step.clearIndex ?? 0) > 0.8, isFlat(steps, around: index, grid: grid) {
      found.append(.flatTop)
    }
    return found
  }

  /// Whether the power stays within 1 % of the capacity for half an hour while the expectation, too,
  /// says sun.
  private func isFlat(_ steps: [PVObservation], around index: Int, grid: TimeGrid) -> Bool {
    let reach = max(1, 900 / grid.stepSeconds)
    let near = max(0, index - reach)...min(steps.count - 1, index + reach)
    let powers = near.compactMap { steps[$0].power?.rawValue }
    guard powers.count == near.count, let low = powers.min(), let high = powers.max() else {
      return false
    }
    return low > 0.02 * capacity.rawValue && high - low < 0.02 * capacity.rawValue
  }

  /// The logarithm of how much likelier a step is when curtailed.
  private func logOdds(_ step: PVObservation, _ witnesses: [Witness]) -> Double {
    guard let power = step.power, let expected = step.expected else { return 0 }
    let gap = (expected.rawValue - power.rawValue) / capacity.rawValue
    // a plant that gives what is expected is free; one that gives less may sit under a cloud
    var odds = gap < Self.smallestGap / 2 ? -4.0 : -1
    if step.reportsLimit == false { odds -= 2 }
    if let limit = exportLimit, let export = step.export,
      export.rawValue < limit.rawValue - 0.1 * capacity.rawValue
    {
      odds -= 1
    }
    return witnesses.reduce(odds) { $0 + (Self.weights[$1] ?? 0) }
  }

  /// Forward and backward through the chain: the probability of "curtailed" given all steps.
  private func smoothed(_ logOdds: [Double], stepSeconds: Double) -> [Double] {
    guard !logOdds.isEmpty else { return [] }
    let leave = min(stepSeconds / Self.meanStay, 0.5)
    let enter = leave * Self.shareOfTime / (1 - Self.shareOfTime)
    let likelihood = logOdds.map { exp(min(max($0, -30), 30)) }
    var forward = [Double](repeating: Self.shareOfTime, count: logOdds.count)
    var previous = Self.shareOfTime
    for index in logOdds.indices {
      let prior = previous * (1 - leave) + (1 - previous) * enter
      let joint = prior * likelihood[index]
      previous = joint / (joint + 1 - prior)
      forward[index] = previous
    }
    // ratio of what follows if curtailed to what follows if free
    var following = 1.0
    var result = forward
    for index in logOdds.indices.reversed() {
      let joint = forward[index] * following
      result[index] = joint / (joint + 1 - forward[index])
      let next = likelihood[index] * following
      following = ((1 - leave) * next + leave) / (enter * next + 1 - enter)
    }
    return result
  }
}
