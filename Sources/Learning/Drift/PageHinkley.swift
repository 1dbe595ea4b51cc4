// SPDX-License-Identifier: MIT

/// Compares each day with the mean since the last reset, on both sides.
///
/// Source: D. Hinkley, Inference about the change-point from cumulative sum tests, Biometrika 58
/// (1971) 509.
public struct PageHinkley: Sendable, Hashable, Codable {
  private let tolerance: Double
  private let limit: Double
  private let fewestDays: Int
  private var count = 0
  private var mean = 0.0
  private var upward = 0.0
  private var downward = 0.0
  private var lowest = 0.0
  private var highest = 0.0

  /// A detector that knows nothing yet.
  ///
  /// - Parameters:
  ///   - tolerance: the change of the score that does not matter.
  ///   - limit: the sum that alarms.
  ///   - fewestDays: no alarm before.
  public init(tolerance: Double = 0.05, limit: Double = 4, fewestDays: Int = 20) {
    self.tolerance = tolerance
    self.limit = limit
    self.fewestDays = fewestDays
  }

  /// Takes one more day.
  public mutating func observe(_ score: Double) -> DriftState {
    count += 1
    mean += (score - mean) / Double(count)
    upward += score - mean - tolerance
    downward += score - mean + tolerance
    lowest = min(lowest, upward)
    highest = max(highest, downward)
    let excess = max(upward - lowest, highest - downward)
    guard count > fewestDays, excess > limit else { return .steady }
    self = PageHinkley(tolerance: tolerance, limit: limit, fewestDays: fewestDays)
    return .alarm
  }
}
