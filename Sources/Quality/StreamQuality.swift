// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// The verdict on one stream: four scores, their product, and everything that was found.
public struct StreamQuality: Sendable, Hashable, Codable {
  /// Which stream.
  public let signal: String
  /// How many readings there are.
  public let count: Int
  /// The usual distance of two readings in seconds; `nil` below three readings.
  public let rhythmSeconds: Double?
  /// The share of the readings that the rhythm would give and that are there.
  public let completeness: Fraction
  /// The share of readings that are no outliers.
  public let consistency: Fraction
  /// The share of readings that keep the rhythm and come once and in order.
  public let regularity: Fraction
  /// The share of readings that can be true.
  public let plausibility: Fraction
  /// Everything that was found, in order of time.
  public let findings: [Finding]

  /// The product of the four: a stream is as good as all of them together.
  public var overall: Fraction {
    Fraction(
      completeness.rawValue * consistency.rawValue * regularity.rawValue * plausibility.rawValue)
  }

  /// The share of readings that cleaning will drop.
  public var spoiltShare: Fraction {
    let spoilt = findings.filter(\.spoilsReadings).reduce(0) { $0 + $1.count }
    return Fraction(count == 0 ? 0 : min(1, Double(spoilt) / Double(count)))
  }
}

extension StreamQuality {
  /// The same verdict with one more finding, which a comparison with other streams brought.
  public func adding(_ finding: Finding) -> StreamQuality {
    StreamQuality(
      signal: signal, count: count, rhythmSeconds: rhythmSeconds, completeness: completeness,
      consistency: consistency, regularity: regularity, plausibility: plausibility,
      findings: findings + [finding])
  }

  /// Judges the readings of a signal in the order in which they came. Cost O(n log n).
  ///
  /// - Parameter expected: the time that should be covered; what the readings span by default.
  public static func assess(
    _ readings: [Sample], of signal: SignalName, expected: Range<Date>? = nil,
    profile: StreamProfile? = nil
  ) -> StreamQuality {
    let profile = profile ?? StreamProfile(signal)
    let order = OrderCheck(readings)
    let samples = order.sorted
    let rhythm = Rhythm(
      samples, longestSilence: profile.longestSilenceSeconds,
      maySkip: profile.mayRestForDays || signal.unit == .percent)
    var findings = order.findings
    let gaps = rhythm.gaps(in: samples, expected: expected)
    findings += gaps
    if let change = rhythm.change(in: samples) { findings.append(change) }
    let checks = ValueChecks(samples: samples, profile: profile, rhythm: rhythm)
    let values = checks.findings
    findings += values
    if profile.isPower,
      let coarse = RoundingCheck.finding(in: samples, unit: signal.unit == .watts ? "W" : "kWh")
    {
      findings.append(coarse)
    }
    if profile.followsSun { findings += SunClock.findings(in: samples) }
    func share(_ kinds: Set<Finding.Kind>) -> Fraction {
      let bad = findings.filter { kinds.contains($0.kind) }.reduce(0) { $0 + $1.count }
      return Fraction(samples.isEmpty ? 0 : max(0, 1 - Double(bad) / Double(readings.count)))
    }
    return StreamQuality(
      signal: signal.text, count: readings.count, rhythmSeconds: rhythm.seconds,
      completeness: rhythm.completeness(of: samples, missing: gaps),
      consistency: share([.outlier, .sunlitSensor, .catchUp]),
      regularity: share([.duplicate, .clockStep]),
      plausibility: share([.impossible, .stuck, .unitMixUp]),
      findings: findings.sorted {
        ($0.span.lowerBound, $0.kind.rawValue) < ($1.span.lowerBound, $1.kind.rawValue)
      })
  }
}
