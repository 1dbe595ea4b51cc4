// SPDX-License-Identifier: MIT
public import Foundation

/// How readings at arbitrary instants become one value a step.
public enum Resampling: Sendable, Hashable, Codable {
  /// The mean of the readings stamped inside the step. For signals read at regular, shorter times.
  case mean
  /// A reading holds until the next one, for at most `maximumAge` seconds; the step gets the
  /// time-weighted mean when at least half of it is covered. For values reported on change.
  case hold(maximumAge: TimeInterval)
  /// A straight line between readings at most `maximumGap` seconds apart, read at the middle of
  /// the step. For slow signals such as temperatures.
  case linear(maximumGap: TimeInterval)
}

extension Resampling {
  /// One value a step from readings in ascending order of time; `nil` where the rule gives none.
  ///
  /// A reading stamped exactly at the end of a step belongs to the next one. Cost O(samples + steps).
  public func apply(_ samples: [Sample], to grid: TimeGrid) -> [Double?] {
    switch self {
    case .mean: Self.means(samples, grid)
    case .hold(let maximumAge): Self.held(samples, grid, maximumAge: maximumAge)
    case .linear(let maximumGap): Self.interpolated(samples, grid, maximumGap: maximumGap)
    }
  }

  private static func means(_ samples: [Sample], _ grid: TimeGrid) -> [Double?] {
    var sums = [Double](repeating: 0, count: grid.count)
    var counts = [Int](repeating: 0, count: grid.count)
    for sample in samples {
      guard let index = grid.index(of: sample.time) else { continue }
      sums[index] += sample.value
      counts[index] += 1
    }
    return grid.indices.map { counts[$0] == 0 ? nil : sums[$0] / Double(counts[$0]) }
  }

  private static func held(
    _ samples: [Sample], _ grid: TimeGrid, maximumAge: TimeInterval
  ) -> [Double?] {
    var weighted = [Double](repeating: 0, count: grid.count)
    var covered = [Double](repeating: 0, count: grid.count)
    let step = Double(grid.stepSeconds)
    for (position, sample) in samples.enumerated() {
      let next = position + 1 < samples.count ? samples[position + 1].time : .distantFuture
      let until = min(next, sample.time.addingTimeInterval(maximumAge))
      let first = max(0, sample.time.timeIntervalSince(grid.start) / step)
      let last = min(Double(grid.count), until.timeIntervalSince(grid.start) / step)
      var cursor = first
      while cursor < last {
        let index = Int(cursor)
        let end = min(Double(index + 1), last)
        weighted[index] += sample.value * (end - cursor)
        covered[index] += end - cursor
        cursor = end
      }
    }
    return grid.indices.map { covered[$0] >= 0.5 ? weighted[$0] / covered[$0] : nil }
  }

  private static func interpolated(
    _ samples: [Sample], _ grid: TimeGrid, maximumGap: TimeInterval
  ) -> [Double?] {
    var next = 0
    return grid.indices.map { index in
      let middle = grid.middle(at: index)
      while next < samples.count, samples[next].time < middle { next += 1 }
      if next < samples.count, samples[next].time == middle { return samples[next].value }
      guard next > 0, next < samples.count else { return nil }
      let (before, after) = (samples[next - 1], samples[next])
      let gap = after.time.timeIntervalSince(before.time)
      guard gap <= maximumGap else { return nil }
      let share = middle.timeIntervalSince(before.time) / gap
      return before.value + share * (after.value - before.value)
    }
  }
}

extension Series {
  /// Means over longer steps: each new step is the mean of its parts and missing when one is.
  ///
  /// - Returns: `nil` unless the new step is a whole multiple of the old one.
  public func coarsened(toStepSeconds seconds: Int) -> Series? {
    guard seconds % grid.stepSeconds == 0 else { return nil }
    let factor = seconds / grid.stepSeconds
    let coarse = TimeGrid(start: grid.start, stepSeconds: seconds, count: grid.count / factor)
    let means: [Value?] = coarse.indices.map { index in
      var sum = 0.0
      for position in index * factor..<(index + 1) * factor {
        guard let value = values[position] else { return nil }
        sum += value.rawValue
      }
      return Value(rawValue: sum / Double(factor))
    }
    return Series(grid: coarse, values: means)
  }

  /// The same means over shorter steps: each part repeats the value of the step it lies in, so that
  /// energy is kept.
  ///
  /// - Returns: `nil` unless the new step divides the old one.
  public func refined(toStepSeconds seconds: Int) -> Series? {
    guard seconds > 0, grid.stepSeconds % seconds == 0 else { return nil }
    let factor = grid.stepSeconds / seconds
    let fine = TimeGrid(start: grid.start, stepSeconds: seconds, count: grid.count * factor)
    return Series(grid: fine, values: fine.indices.map { values[$0 / factor] })
  }
}
