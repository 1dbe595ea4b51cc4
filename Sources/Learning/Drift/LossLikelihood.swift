// SPDX-License-Identifier: MIT
import Foundation

/// Adds up, day by day, how much likelier the measured energy is after a loss than without one.
///
/// What is judged is the logarithm of measured over expected energy. Its spread is that of the days of
/// the last year that were expected to be as bright, so that a bright day says more than a dark one; its
/// distribution has heavy tails (Student's t), so that a single day says little, whatever it shows. A
/// sum above the limit alarms. After an alarm it is quiet for a month: one loss is told once.
///
/// Source: A. Wald, Sequential Analysis, 1947, ch. 3; E. Page, Biometrika 41 (1954) 100 (the sum never
/// falls below zero); limits measured, `docs/models/calibration.md`.
public struct LossLikelihood: Sendable, Hashable, Codable {
  /// How it judges.
  public struct Settings: Sendable, Hashable, Codable {
    /// The logarithm of the ratio that a loss takes away; 0.2 is nearly a fifth.
    public var loss = 0.2
    /// Degrees of freedom of the tails.
    public var freedom = 4.0
    /// Full-load hours added to both energies: below them nothing can be told.
    public var offset = 0.15
    /// The smallest spread of the logarithm that is believed.
    public var smallestSpread = 0.06
    /// Expected full-load hours from which a day counts in full.
    public var brightDay = 1.5
    /// Days as bright that say how far days spread.
    public var similarDays = 60
    /// The sum that warns.
    public var warningLimit = 3.0
    /// The sum that alarms.
    public var alarmLimit = 5.0
    /// Days after an alarm in which nothing is added.
    public var quietDays = 30
    /// Days before anything is told.
    public var fewestDays = 60
    /// Days that say what is usual.
    public var referenceDays = 365
    /// The newest days, which do not say yet what is usual.
    public var lagDays = 30

    /// The defaults.
    public init() {}
  }

  private struct Day: Sendable, Hashable, Codable {
    let brightness: Double
    let ratio: Double
  }

  private let settings: Settings
  private var days: [Day] = []
  private var quiet = 0
  /// How much likelier a loss is than none, as a logarithm; never below zero.
  public private(set) var evidence = 0.0

  /// A test that knows nothing yet.
  public init(settings: Settings = Settings()) { self.settings = settings }

  /// Takes one more day, in full-load hours. Cost O(n log n) in the days that say what is usual.
  ///
  /// - Parameters:
  ///   - measured: what came.
  ///   - expected: what was usual for such a day.
  public mutating func observe(measured: Double, expected: Double) -> DriftState {
    let offset = settings.offset
    let day = Day(
      brightness: log(expected + 2 * offset),
      ratio: log((measured + offset) / (expected + offset)))
    defer {
      days.append(day)
      if days.count > settings.referenceDays + settings.lagDays { days.removeFirst() }
    }
    guard days.count >= settings.fewestDays else { return .steady }
    guard quiet == 0 else {
      quiet -= 1
      return .steady
    }
    let spread = spread(like: day)
    let shift = settings.loss * expected / (expected + offset) / spread
    let place = day.ratio / spread
    let gain = logDensity(place + shift) - logDensity(place)
    evidence = max(0, evidence + min(1, expected / settings.brightDay) * gain)
    guard evidence > settings.alarmLimit else {
      return evidence > settings.warningLimit ? .warning : .steady
    }
    (evidence, quiet) = (0, settings.quietDays)
    return .alarm
  }

  /// The logarithm of the density of Student's t, but for a constant.
  private func logDensity(_ place: Double) -> Double {
    -(settings.freedom + 1) / 2 * log1p(place * place / settings.freedom)
  }

  /// The robust spread of the days as bright.
  private func spread(like day: Day) -> Double {
    let usual = days.prefix(max(settings.fewestDays, days.count - settings.lagDays))
    let similar = usual.sorted {
      abs($0.brightness - day.brightness) < abs($1.brightness - day.brightness)
    }.prefix(settings.similarDays).map(\.ratio)
    let median = EmpiricalQuantile.of(similar, 0.5)
    // The factor turns a median deviation into the standard deviation of a normal distribution.
    let spread = 1.4826 * EmpiricalQuantile.of(similar.map { abs($0 - median) }, 0.5)
    return max(settings.smallestSpread, spread)
  }
}
