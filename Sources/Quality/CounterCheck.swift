// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// A cumulative register turned into what passed between its readings.
public struct CounterDifferences: Sendable, Hashable {
  /// The increase up to each reading, stamped with the reading before it: the start of its time.
  public let increases: [Sample]
  /// Resets, steps back and increases over gaps.
  public let findings: [Finding]

  /// The differences of a register that only rises, except when it starts anew near zero.
  ///
  /// - Parameters:
  ///   - readings: ascending in time.
  ///   - largestPerHour: what can pass in an hour; more is a catch-up or a broken register.
  public init(_ readings: [Sample], largestPerHour: Double) {
    var increases: [Sample] = []
    var findings: [Finding] = []
    for (before, after) in zip(readings, readings.dropFirst()) {
      let span = before.time...max(before.time, after.time)
      let hours = after.time.timeIntervalSince(before.time) / 3_600
      var rise = after.value - before.value
      if rise < 0 {
        let isReset = after.value >= 0 && after.value <= before.value / 10
        findings.append(
          Finding(
            .counterReset, in: span, count: 1,
            message: "\(before.value) → \(after.value)"
              + (isReset ? ": began anew" : ": went back, which a register cannot")))
        guard isReset else { continue }
        rise = after.value
      }
      if hours > 0, rise / hours > largestPerHour {
        findings.append(
          Finding(
            .catchUp, in: span, count: 1,
            message: "\(rise) in \(hours) h, more than \(largestPerHour) an hour"))
        continue
      }
      increases.append(Sample(time: before.time, value: rise))
    }
    self.increases = increases
    self.findings = findings
  }
}
