// SPDX-License-Identifier: MIT
public import Foundation

/// Moves P10 and P90 so that they miss as often as they claim, learning from forecasts already over.
///
/// Both sides are corrected on their own by the quantile of the misses of the last weeks, also
/// inwards; the level whose quantile is taken adapts by one small step a forecast. Only targets
/// that were over before an issue count for it, whatever is stored.
///
/// Source: Y. Romano, E. Patterson, E. Candès, Conformalized quantile regression, NeurIPS 2019,
/// sec. 4 (asymmetric); I. Gibbs, E. Candès, Adaptive conformal inference, NeurIPS 2021, eq. 2.
public struct ConformalCalibration: Sendable, Hashable, Codable {
  /// How it learns.
  public struct Settings: Sendable, Hashable, Codable {
    /// How long an issued forecast is remembered, seconds.
    public var window: TimeInterval = 45 * 86_400
    /// The fewest outcomes for a correction; a bin with fewer borrows from all bins.
    public var fewestOutcomes = 60
    /// The share that each side should miss.
    public var missShare = 0.1
    /// The step of the adaptive level.
    public var step = 0.01
    /// The levels it may take.
    public var levels = 0.01...0.3

    /// The defaults. Source: measured on 17 homes and 5 plants, `docs/models/calibration.md`.
    public init() {}
  }

  /// One hour of an issue before correction.
  public struct Step: Sendable, Hashable, Codable {
    /// When the hour is over.
    public let end: Date
    /// Forecasts of one bin are corrected together.
    public let bin: Int
    /// The lower quantile.
    public let p10: Double
    /// The upper quantile.
    public let p90: Double
    /// What a miss is measured in, above 0; `nil` is the unit of the forecast itself.
    let scale: Double?

    /// An hour of a forecast.
    ///
    /// - Parameter scale: what a miss is measured in, above 0: where the spread of a quantity changes with
    ///   time, a miss of calm weeks counts for as much in wild ones as it was beside their spread.
    public init(end: Date, bin: Int, p10: Double, p90: Double, scale: Double? = nil) {
      self.end = end
      self.bin = bin
      self.p10 = p10
      self.p90 = p90
      self.scale = scale
    }

    /// How far an outcome lay outside of the quantiles; negative inside.
    func excess(_ outcome: Double) -> (low: Double, high: Double) {
      ((p10 - outcome) / (scale ?? 1), (outcome - p90) / (scale ?? 1))
    }

    /// The quantiles moved outwards.
    func moved(_ low: Double, _ high: Double) -> (p10: Double, p90: Double) {
      let (low, high) = (p10 - low * (scale ?? 1), p90 + high * (scale ?? 1))
      return (p10: min(low, high), p90: max(low, high))
    }
  }

  private struct IssuedStep: Sendable, Hashable, Codable {
    let raw: Step
    let corrected: ClosedRange<Double>
    var outcome: Double?
  }

  private struct Issue: Sendable, Hashable, Codable {
    let time: Date
    let end: Date
    var steps: [IssuedStep]
    var isAdapted = false
  }

  private struct Levels: Sendable, Hashable, Codable {
    var low: Double
    var high: Double
  }

  private let settings: Settings
  private var issues: [Issue] = []
  private var levels: [Int: Levels] = [:]

  /// A calibration that knows nothing yet.
  public init(settings: Settings = Settings()) { self.settings = settings }

  /// Corrects a new forecast and remembers it.
  ///
  /// - Parameters:
  ///   - time: the issue; later than all issues before.
  ///   - steps: the hours, raw.
  /// - Returns: P10 and P90 of each hour; the raw ones while too little is known.
  public mutating func issue(
    at time: Date, _ steps: [Step]
  ) -> [(p10: Double, p90: Double)] {
    forget(before: time)
    adapt(before: time)
    let corrections = Dictionary(
      uniqueKeysWithValues: Set(steps.map(\.bin)).map { ($0, correction(bin: $0, at: time)) })
    let corrected = steps.map { step in
      let correction = corrections[step.bin] ?? (0, 0)
      return step.moved(correction.low, correction.high)
    }
    let remembered = zip(steps, corrected).map {
      IssuedStep(raw: $0, corrected: $1.p10...$1.p90, outcome: nil)
    }
    if let end = steps.map(\.end).max() {
      issues.append(Issue(time: time, end: end, steps: remembered))
    }
    return corrected
  }

  /// Tells what came in hours that are over.
  ///
  /// - Parameters:
  ///   - outcome: the value of the hour that ends at the given time; `nil` when not measured.
  ///   - isCensored: whether the value is only a lower bound; then it counts only where it lies
  ///     above P90 all the same.
  public mutating func observe(
    until now: Date, outcome: (Date) -> Double?, isCensored: (Date) -> Bool = { _ in false }
  ) {
    for issue in issues.indices where !issues[issue].isAdapted {
      for index in issues[issue].steps.indices where issues[issue].steps[index].outcome == nil {
        let step = issues[issue].steps[index]
        guard step.raw.end <= now, let value = outcome(step.raw.end) else { continue }
        if isCensored(step.raw.end), value <= step.raw.p90 { continue }
        issues[issue].steps[index].outcome = value
      }
    }
  }

  /// Forgets everything, after a change of the model that is calibrated.
  public mutating func reset() {
    issues = []
    levels = [:]
  }

  /// How many outcomes lie in memory.
  public var outcomeCount: Int {
    issues.reduce(0) { $0 + $1.steps.count { $0.outcome != nil } }
  }

  // MARK: - Pieces

  private mutating func forget(before time: Date) {
    let oldest = time.addingTimeInterval(-settings.window)
    issues.removeAll { $0.time < oldest || $0.time >= time }
  }

  /// One step of each bin's levels for every issue whose hours are all over.
  private mutating func adapt(before time: Date) {
    for index in issues.indices where !issues[index].isAdapted && issues[index].end <= time {
      issues[index].isAdapted = true
      for (bin, steps) in Dictionary(grouping: issues[index].steps, by: \.raw.bin) {
        let known = steps.compactMap { step in step.outcome.map { (step.corrected, $0) } }
        guard !known.isEmpty else { continue }
        let number = Double(known.count)
        let missedLow = Double(known.count { $0.1 < $0.0.lowerBound }) / number
        let missedHigh = Double(known.count { $0.1 > $0.0.upperBound }) / number
        var level = self.level(of: bin)
        level.low = clamped(level.low + settings.step * (settings.missShare - missedLow))
        level.high = clamped(level.high + settings.step * (settings.missShare - missedHigh))
        levels[bin] = level
      }
    }
  }

  private func level(of bin: Int) -> Levels {
    levels[bin] ?? Levels(low: settings.missShare, high: settings.missShare)
  }

  private func clamped(_ level: Double) -> Double {
    min(settings.levels.upperBound, max(settings.levels.lowerBound, level))
  }

  /// How far the quantiles of a bin move outwards.
  private func correction(bin: Int, at time: Date) -> (low: Double, high: Double) {
    var (own, all): ([(Double, Double)], [(Double, Double)]) = ([], [])
    for issue in issues {
      for step in issue.steps where step.raw.end <= time {
        guard let outcome = step.outcome else { continue }
        let excess = step.raw.excess(outcome)
        all.append(excess)
        if step.raw.bin == bin { own.append(excess) }
      }
    }
    let sample = own.count >= settings.fewestOutcomes ? own : all
    guard sample.count >= settings.fewestOutcomes else { return (0, 0) }
    let number = Double(sample.count)
    let level = level(of: bin)
    func quantile(_ excesses: [Double], _ level: Double) -> Double {
      EmpiricalQuantile.of(excesses, (1 - level) * (number + 1) / number)
    }
    return (quantile(sample.map(\.0), level.low), quantile(sample.map(\.1), level.high))
  }
}
