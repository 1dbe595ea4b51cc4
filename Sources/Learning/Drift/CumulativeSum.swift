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

/// Adds up how far a daily score lies from what has been usual for a year.
///
/// Usual are median and robust spread of the last year without the last month, so that a change does
/// not become usual before it is told. A day counts at most three spreads. After an alarm the sums
/// begin anew.
///
/// Source: E. Page, Continuous inspection schemes, Biometrika 41 (1954) 100; allowance and limits
/// measured on three years of a real plant, `docs/models/calibration.md`.
public struct CumulativeSum: Sendable, Hashable, Codable {
  /// The direction of a change that matters.
  public enum Side: String, Sendable, Hashable, Codable {
    /// Scores that fall.
    case below
    /// Scores that rise.
    case above
    /// Either.
    case both
  }

  /// How it judges.
  public struct Settings: Sendable, Hashable, Codable {
    /// Which changes are told.
    public var side = Side.both
    /// The drift in spreads a day that is tolerated.
    public var allowance = 0.75
    /// The sum that warns.
    public var warningLimit = 6.0
    /// The sum that alarms.
    public var alarmLimit = 10.0
    /// Days before anything is told.
    public var fewestDays = 60
    /// Days that say what is usual.
    public var referenceDays = 365
    /// The newest days, which do not say yet what is usual.
    public var lagDays = 30

    /// The defaults.
    public init() {}
  }

  private let settings: Settings
  private var scores: [Double] = []
  /// The sum of the days above what is usual, in spreads.
  public private(set) var above = 0.0
  /// The sum of the days below what is usual, in spreads.
  public private(set) var below = 0.0

  /// A detector that knows nothing yet.
  public init(settings: Settings = Settings()) { self.settings = settings }

  /// Takes one more day. Cost O(n log n) in the days that say what is usual.
  public mutating func observe(_ score: Double) -> DriftState {
    defer {
      scores.append(score)
      if scores.count > settings.referenceDays + settings.lagDays { scores.removeFirst() }
    }
    guard scores.count >= settings.fewestDays else { return .steady }
    let reference = Array(
      scores.prefix(max(settings.fewestDays, scores.count - settings.lagDays)))
    let median = EmpiricalQuantile.of(reference, 0.5)
    // The factor turns a median deviation into the standard deviation of a normal distribution.
    let spread =
      1.4826 * EmpiricalQuantile.of(reference.map { abs($0 - median) }, 0.5) + 1e-6
    let deviation = min(3, max(-3, (score - median) / spread))
    above = settings.side == .below ? 0 : max(0, above + deviation - settings.allowance)
    below = settings.side == .above ? 0 : max(0, below - deviation - settings.allowance)
    let largest = max(above, below)
    guard largest > settings.alarmLimit else {
      return largest > settings.warningLimit ? .warning : .steady
    }
    (above, below) = (0, 0)
    return .alarm
  }
}
