// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// Whether a battery's power has the sign of pems, discharge positive, told by its state of charge.
public enum BatterySign {
  private static let fewestChanges = 30
  private static let longestSeconds = 2 * 3_600.0
  /// Smaller changes of charge are rounding, in per cent.
  private static let smallestChange = 0.5

  /// A finding when the charge rises while the battery is said to discharge.
  ///
  /// - Parameters:
  ///   - power: watts, ascending in time; a reading holds until the next one.
  ///   - charge: per cent, ascending in time.
  /// - Returns: `nil` when the sign is right, or when too little changes to tell.
  public static func finding(power: [Sample], charge: [Sample]) -> Finding? {
    var (agreeing, opposing, changes, position) = (0.0, 0.0, 0, 0)
    for (before, after) in zip(charge, charge.dropFirst()) {
      let seconds = after.time.timeIntervalSince(before.time)
      let change = after.value - before.value
      guard seconds > 0, seconds <= longestSeconds, abs(change) >= smallestChange else { continue }
      while position < power.count, power[position].time < before.time { position += 1 }
      let inside = power[position...].prefix { $0.time < after.time }
      guard !inside.isEmpty else { continue }
      let mean = inside.reduce(0) { $0 + $1.value } / Double(inside.count)
      changes += 1
      // Discharging lowers the charge.
      if mean * change < 0 { agreeing += abs(change) } else { opposing += abs(change) }
    }
    guard changes >= fewestChanges, opposing > 2 * agreeing, let first = power.first,
      let last = power.last
    else { return nil }
    let share = Int((100 * opposing / (opposing + agreeing)).rounded())
    return Finding(
      .wrongSign, in: first.time...last.time, count: 1,
      message: "\(share) % of all changes of charge go the other way: discharge has to be "
        + "positive, turn it with factor -1")
  }
}
