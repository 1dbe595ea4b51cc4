// SPDX-License-Identifier: MIT

/// Whole on/off patterns of a charge point.
enum ChargerPattern {
  /// On where the relaxed power is at least half of the smallest one; `nil` where no vehicle is there.
  static func rounded(
    _ powers: [Double?], charger: PlanningProblem.Charger
  ) -> [Bool] {
    let threshold = max(charger.minimumKilowatts / 2, 1e-4)
    return powers.map { ($0 ?? 0) >= threshold }
  }

  /// How often charging starts.
  static func starts(_ powers: [Double], _ charger: PlanningProblem.Charger) -> Int {
    var wasOn = charger.isChargingInitially
    var count = 0
    for power in powers {
      let isOn = power > PlanSimulation.noiseKilowatts
      if isOn, !wasOn { count += 1 }
      wasOn = isOn
    }
    return count
  }

  /// Patterns that differ in one run: left out, joined with the next, longer or shorter at an end.
  static func neighbours(_ pattern: [Bool], present: [Bool]) -> [[Bool]] {
    let runs = runs(pattern)
    var results: [[Bool]] = []
    func add(_ steps: Range<Int>, _ value: Bool) {
      guard steps.lowerBound >= 0, steps.upperBound <= pattern.count, !steps.isEmpty,
        !value || steps.allSatisfy({ present[$0] })
      else { return }
      var changed = pattern
      for step in steps { changed[step] = value }
      results.append(changed)
    }
    for (index, run) in runs.enumerated() {
      add(run, false)
      if index + 1 < runs.count { add(run.upperBound..<runs[index + 1].lowerBound, true) }
      add(run.upperBound..<(run.upperBound + 1), true)
      add((run.lowerBound - 1)..<run.lowerBound, true)
      add(run.lowerBound..<(run.lowerBound + 1), false)
      add((run.upperBound - 1)..<run.upperBound, false)
    }
    return results
  }

  private static func runs(_ pattern: [Bool]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for step in 0...pattern.count {
      let isOn = step < pattern.count && pattern[step]
      if isOn, start == nil { start = step }
      if !isOn, let first = start {
        runs.append(first..<step)
        start = nil
      }
    }
    return runs
  }
}
