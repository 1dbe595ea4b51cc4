// SPDX-License-Identifier: MIT

/// Whether a model that forecast in the shadow of the one in use takes its place.
///
/// Looking every day and stopping at the first good one would promote by luck; so the rule answers
/// only on fixed days and asks for more certainty at each.
public struct PromotionRule: Sendable, Hashable, Codable {
  /// The days of shadow after which is decided.
  public var checkDays: Set<Int> = [28, 56, 84]
  /// The confidence asked for at each check.
  public var confidence = 0.98
  /// The gain that makes a change worth it.
  public var smallestGain = 0.01
  /// The share of coverage that may be lost.
  public var coverageLoss = 0.03
  /// The most that any block of a fifth of the days may lose.
  public var blockLoss = 0.05

  /// The defaults. Source: four weeks of shadow and these margins, `docs/models/calibration.md`.
  public init() {}

  /// What to do.
  public enum Decision: Sendable, Hashable, Codable {
    /// Too early, or not yet certain.
    case wait(String)
    /// It takes the place.
    case promote(gain: Double)
    /// It is no better after the last check, or loses too much somewhere.
    case reject(String)
  }

  /// The decision after some days of shadow.
  ///
  /// - Parameters:
  ///   - challenger: its mean pinball loss of each day.
  ///   - champion: the loss of the model in use on the same days.
  ///   - challengerCoverage: its share inside P10…P90.
  ///   - championCoverage: that of the model in use.
  public func decide(
    challenger: [Double], champion: [Double], challengerCoverage: Double,
    championCoverage: Double
  ) -> Decision {
    guard checkDays.contains(challenger.count),
      let comparison = LossComparison(challenger, champion, blockDays: 5, level: confidence)
    else {
      return .wait("\(challenger.count) days of shadow; decided on days \(checkDays.sorted())")
    }
    if abs(challengerCoverage - 0.8) > abs(championCoverage - 0.8) + coverageLoss {
      return .reject("it holds \(challengerCoverage) of the hours, the other \(championCoverage)")
    }
    if let loss = worstBlock(challenger, champion), loss > blockLoss {
      return .reject("it loses \(loss) of the other's loss in one fifth of the days")
    }
    let gain = -comparison.relativeDifference
    if gain >= smallestGain, comparison.confidence.upperBound < 0 { return .promote(gain: gain) }
    return challenger.count >= checkDays.max() ?? 0
      ? .reject("its gain of \(gain) is not certain after \(challenger.count) days")
      : .wait("its gain of \(gain) is not certain yet")
  }

  /// The largest relative loss over the fifths of the days.
  private func worstBlock(_ challenger: [Double], _ champion: [Double]) -> Double? {
    let length = challenger.count / 5
    guard length > 0 else { return nil }
    return (0..<5).map { block in
      let days = block * length..<(block + 1) * length
      let other = champion[days].reduce(0, +)
      return other > 0 ? challenger[days].reduce(0, +) / other - 1 : 0
    }.max()
  }
}

/// Whether a model in use has become worse than what needs no model.
public struct DegradationRule: Sendable, Hashable, Codable {
  /// The days that are looked at.
  public var days = 14
  /// How much worse than the reference is too much.
  public var margin = 0.1

  /// The defaults.
  public init() {}

  /// Whether to go back to the model before.
  ///
  /// - Parameters:
  ///   - losses: the model's mean pinball loss of each day, oldest first.
  ///   - reference: the climatology's on the same days.
  public func isDegraded(_ losses: [Double], reference: [Double]) -> Bool {
    guard losses.count >= days, losses.count == reference.count else { return false }
    let own = losses.suffix(days).reduce(0, +)
    return own > (1 + margin) * reference.suffix(days).reduce(0, +)
  }
}
