// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What is usual at each time of day in the two weeks around it.
struct UsualDay {
  private static let day = 86_400.0
  /// Days before and after that make the usual.
  private static let reach = 15
  private static let fewest = 8

  let samples: [Sample]

  /// Readings that lie more than `limit` above the median of their hour.
  func above(_ limit: Double, except known: Set<Date>) -> [Finding] {
    var byHour: [Int: Double] = [:]
    for sample in samples where !known.contains(sample.time) {
      let hour = Self.hour(sample.time)
      byHour[hour] = max(byHour[hour] ?? -.infinity, sample.value)
    }
    return samples.compactMap { sample in
      guard !known.contains(sample.time) else { return nil }
      let hour = Self.hour(sample.time)
      var near: [Double] = []
      for offset in -Self.reach...Self.reach where offset != 0 {
        if let value = byHour[hour + offset * 24] { near.append(value) }
      }
      guard near.count >= Self.fewest else { return nil }
      near.sort()
      let usual = near[near.count / 2]
      guard sample.value > usual + limit else { return nil }
      return Finding(
        .sunlitSensor, in: sample.time...sample.time, count: 1,
        message: "\(sample.value) where \(usual) is usual at this hour: does the sun shine on it?")
    }
  }

  private static func hour(_ time: Date) -> Int {
    Int((time.timeIntervalSince1970 / 3_600).rounded(.down))
  }
}
