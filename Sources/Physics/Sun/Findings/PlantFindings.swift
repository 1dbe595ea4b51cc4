// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// What is wrong with a plant, with the evidence.
public enum PlantFinding: Sendable, Hashable {
  /// Snow lay on the arrays: cold, bright, fresh snow before, and hardly any power.
  case snow(range: Range<Date>, lostEnergy: KilowattHours)
  /// Dirt took off power until rain washed it away.
  case soiling(range: Range<Date>, lossPerDay: Fraction, recovered: Fraction)
  /// Power fell in a step and stays low: a string, a fuse, an optimiser, a tree.
  case stepLoss(since: Date, share: Fraction, daysBefore: Int, daysAfter: Int)
  /// No power in the sun: the inverter is off, or its meter does not answer.
  case outage(range: Range<Date>, steps: Int)
}

/// Looks through a history for snow, soiling, faults and outages.
public struct PlantInspection: Sendable, Hashable {
  /// The plant's most alternating current, above 0.
  public let capacity: Watts
  /// Steps that say nothing of the plant's health, because it was curtailed.
  public let curtailed: Set<Int>

  /// An inspection of one plant or of one array with its own meter.
  public init(capacity: Watts, curtailed: Set<Int> = []) {
    self.capacity = capacity
    self.curtailed = curtailed
  }

  /// Snow within this time before makes a cold, dark array a covered one.
  private static let snowMemorySeconds = 72.0 * 3_600
  /// Power under this share of the expectation is none.
  private static let nothingShare = 0.1

  /// Bright days below which a lost string cannot be told from clouds: five on each side of the loss.
  public static let neededDays = 2 * DailyPerformance.smallestDays

  /// How many days of a series are bright enough to judge the plant by: those that should give two
  /// hours of its full power, without steps that were curtailed, snowed in or silent.
  ///
  /// - Precondition: one observation for each step.
  public func brightDays(_ steps: [PVObservation], on grid: TimeGrid) -> Int {
    precondition(steps.count == grid.count, "one observation a step")
    let snowy = snowySteps(steps, on: grid)
    return days(steps, on: grid, without: snowy.union(silentSteps(steps))).count
  }

  /// All findings of a series of observations on a grid, in the order of their beginning.
  ///
  /// - Precondition: one observation for each step.
  public func findings(_ steps: [PVObservation], on grid: TimeGrid) -> [PlantFinding] {
    precondition(steps.count == grid.count, "one observation a step")
    let snowy = snowySteps(steps, on: grid)
    let silent = silentSteps(steps).subtracting(snowy)
    let days = days(steps, on: grid, without: snowy.union(silent))
    var findings: [PlantFinding] = ranges(snowy, on: grid, joining: 86_400).map { range in
      let lost = snowy.filter { range.contains($0) }.reduce(0.0) { sum, index in
        sum + (steps[index].expected?.rawValue ?? 0) - (steps[index].power?.rawValue ?? 0)
      }
      return .snow(range: dates(range, grid), lostEnergy: Watts(lost) * grid.step)
    }
    let hour = max(1, 3_600 / grid.stepSeconds)
    findings += ranges(silent, on: grid, joining: 0).filter { $0.count >= hour }.map {
      .outage(range: dates($0, grid), steps: $0.count)
    }
    findings += DailyPerformance.stepLosses(days)
    findings += DailyPerformance.soiling(days)
    return findings
  }

  private func days(
    _ steps: [PVObservation], on grid: TimeGrid, without dark: Set<Int>
  ) -> [DailyPerformance] {
    DailyPerformance.days(
      steps, on: grid, leavingOut: curtailed.union(dark), capacityWatts: capacity.rawValue)
  }

  private func snowySteps(_ steps: [PVObservation], on grid: TimeGrid) -> Set<Int> {
    var lastSnow: Int?
    var result: Set<Int> = []
    let memory = Int(Self.snowMemorySeconds) / grid.stepSeconds
    for (index, step) in steps.enumerated() {
      if (step.snowfall?.rawValue ?? 0) > 0 { lastSnow = index }
      guard
        let lastSnow, index - lastSnow <= memory, let temperature = step.temperature,
        temperature < Celsius(1), (step.clearIndex ?? 0) >= 0.5, isSilent(step)
      else { continue }
      result.insert(index)
    }
    return result
  }

  private func silentSteps(_ steps: [PVObservation]) -> Set<Int> {
    Set(steps.indices.filter { isSilent(steps[$0]) && !curtailed.contains($0) })
  }

  /// Whether a plant that should give a fifth of its capacity gives nothing worth the name.
  private func isSilent(_ step: PVObservation) -> Bool {
    guard let power = step.power, let expected = step.expected else { return false }
    return expected.rawValue > 0.2 * capacity.rawValue
      && power.rawValue < Self.nothingShare * expected.rawValue
  }

  /// Runs of steps, joined over gaps of at most some seconds.
  private func ranges(
    _ steps: Set<Int>, on grid: TimeGrid, joining seconds: Int
  ) -> [Range<Int>] {
    let gap = 1 + seconds / grid.stepSeconds
    return steps.sorted().reduce(into: []) { ranges, step in
      if let last = ranges.last, step - last.upperBound < gap {
        ranges[ranges.count - 1] = last.lowerBound..<step + 1
      } else {
        ranges.append(step..<step + 1)
      }
    }
  }

  private func dates(_ range: Range<Int>, _ grid: TimeGrid) -> Range<Date> {
    grid.date(at: range.lowerBound)..<grid.date(at: range.upperBound)
  }
}
