// SPDX-License-Identifier: MIT

/// What a drift detector says after one more day.
public enum DriftState: String, Sendable, Hashable, Codable {
  /// As usual, or still learning what is usual.
  case steady
  /// Probably something has changed: learn faster.
  case warning
  /// Something has changed: tell the owner.
  case alarm
}

/// Adds up how far a daily score lies from what was usual, on both sides.
///
/// The first days set what is usual (median and robust spread); days are clipped at three spreads.
/// After an alarm it starts anew.
///
/// Source: E. Page, Continuous inspection schemes, Biometrika 41 (1954) 100; allowance and limits
/// measured on three years of a real plant, `docs/models/pv-forecast.md`.
public struct CumulativeSum: Sendable, Hashable, Codable {
  /// How it judges.
  public struct Settings: Sendable, Hashable, Codable {
    /// The drift in spreads a day that is tolerated.
    public var allowance = 0.5
    /// The sum that warns.
    public var warningLimit = 8.0
    /// The sum that alarms.
    public var alarmLimit = 12.0
    /// Days that set what is usual.
    public var referenceDays = 60

    /// The defaults.
    public init() {}
  }

  private let settings: Settings
  private var reference: [Double] = []
  private var usual: (median: Double, spread: Double)? {
    guard reference.count >= settings.referenceDays else { return nil }
    let median = EmpiricalQuantile.of(reference, 0.5)
    let deviation = EmpiricalQuantile.of(reference.map { abs($0 - median) }, 0.5)
    // The factor turns a median deviation into the standard deviation of a normal distribution.
    return (median, 1.4826 * deviation + 1e-6)
  }
  /// The sum of the days above what is usual, in spreads.
  public private(set) var above = 0.0
  /// The sum of the days below what is usual, in spreads.
  public private(set) var below = 0.0

  /// A detector that knows nothing yet.
  public init(settings: Settings = Settings()) { self.settings = settings }

  /// Takes one more day.
  public mutating func observe(_ score: Double) -> DriftState {
    guard let usual else {
      reference.append(score)
      return .steady
    }
    let deviation = min(3, max(-3, (score - usual.median) / usual.spread))
    above = max(0, above + deviation - settings.allowance)
    below = max(0, below - deviation - settings.allowance)
    let largest = max(above, below)
    if largest > settings.alarmLimit {
      self = CumulativeSum(settings: settings)
      return .alarm
    }
    return largest > settings.warningLimit ? .warning : .steady
  }
}
