// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// Whether a stage has been earned: looks at recorded cycles, proposes, and changes nothing.
///
/// Going up needs whole days of evidence: bands that hold, limits that seldom step in, no refused plan,
/// no dearer hours than those of whoever controlled meanwhile, and devices that answer. Source of the
/// thresholds: docs/models/stages.md.
public struct StageReview: Sendable, Hashable, Codable {
  /// What is proposed.
  public enum Proposal: String, Sendable, Hashable, Codable {
    /// The next stage is earned; a person sets it.
    case promote
    /// More evidence is needed, or some speaks against it.
    case stay
    /// The stage is no longer earned.
    case demote
  }

  /// One thing that was looked at.
  public struct Finding: Sendable, Hashable, Codable {
    /// What, with its figure and its bound.
    public let text: String
    /// Whether it speaks for the next stage.
    public let isMet: Bool
  }

  /// The stage that was looked at.
  public let stage: RolloutStage
  /// The stage that is proposed.
  public let proposed: RolloutStage
  /// Up, down or as it is.
  public let proposal: Proposal
  /// Why.
  public let findings: [Finding]
  /// The days beside whoever controlled the house.
  public let days: [ShadowComparison.Day]

  /// Days that must be recorded before a stage up.
  static let neededDays: [RolloutStage: Int] = [.simulation: 1, .advisory: 7, .partial: 14]
  /// A day counts when this share of it is recorded.
  static let neededCoverage = 0.9
  /// The share of measurements in a band of 80 % that lets it count as honest.
  static let honestBand = 0.65...0.95
  /// The share of cycles in which a limit may step in.
  static let toleratedInterventions = 0.05
  /// The share of cycles with a device that does not answer.
  static let toleratedFailures = 0.01
  /// Above this share of cycles with a refused plan or a silent device a stage is no longer earned.
  static let unbearable = 0.1

  /// Looks at the newest records of one stage.
  public init(_ records: [OutcomeRecord], home: Home) {
    let stage = records.last?.stage ?? .simulation
    let current = Array(records.reversed().prefix { $0.stage == stage }.reversed())
    let days = ShadowComparison(home: home).days(current)
    let refused = Self.share(current) { $0.isPlanRefused }
    let silent = Self.share(current) { !$0.degraded.isEmpty }
    let findings = Self.findings(
      current, days, stage: stage, refused: refused, silent: silent, home: home)
    self.stage = stage
    self.days = days
    self.findings = findings
    let next = RolloutStage.allCases.first { $0 > stage }
    let isUnbearable = refused > Self.unbearable || silent > Self.unbearable
    if isUnbearable, let lower = RolloutStage.allCases.last(where: { $0 < stage }),
      stage > .advisory
    {
      (proposal, proposed) = (.demote, lower)
    } else if let next, findings.allSatisfy(\.isMet) {
      (proposal, proposed) = (.promote, next)
    } else {
      (proposal, proposed) = (.stay, stage)
    }
  }

  private static func findings(
    _ current: [OutcomeRecord], _ days: [ShadowComparison.Day], stage: RolloutStage,
    refused: Double, silent: Double, home: Home
  ) -> [Finding] {
    let whole = days.filter { $0.coverage >= neededCoverage }
    let needed = neededDays[stage] ?? 0
    let enough = Finding(
      text: "\(whole.count) whole days in stage \(stage.rawValue), \(needed) needed",
      isMet: whole.count >= needed)
    let limits = [
      atMost(toleratedFailures, refused, "plans refused by the independent check"),
      atMost(
        toleratedInterventions, share(current) { $0.interventions > 0 },
        "cycles in which a limit stepped in"),
    ]
    let further =
      stage >= .partial
      ? [atMost(toleratedFailures, silent, "cycles with a device that did not answer")]
      : advantages(whole, home: home)
    return [enough] + bands(current) + limits + further
  }

  private static func share(
    _ records: [OutcomeRecord], _ isTrue: (OutcomeRecord) -> Bool
  ) -> Double {
    records.isEmpty ? 0 : Double(records.count(where: isTrue)) / Double(records.count)
  }

  private static func atMost(_ bound: Double, _ share: Double, _ what: String) -> Finding {
    Finding(
      text: "\(percent(share)) \(what), at most \(percent(bound))", isMet: share <= bound)
  }

  /// Powers below this are night or noise, watts.
  private static let meaningfulPower = 50.0

  private static func bands(_ records: [OutcomeRecord]) -> [Finding] {
    func finding(
      _ name: String, _ pairs: [(band: OutcomeRecord.Band, measured: Double)]
    ) -> Finding? {
      guard !pairs.isEmpty else { return nil }
      let share = Double(pairs.count { $0.band.contains($0.measured) }) / Double(pairs.count)
      return Finding(
        text: "\(percent(share)) of \(name) inside the band of 80 %, "
          + "\(percent(honestBand.lowerBound)) to \(percent(honestBand.upperBound)) allowed",
        isMet: honestBand.contains(share))
    }
    let load = records.compactMap { record in
      record.baseLoadBand.flatMap { band in record.measured.baseLoad.map { (band, $0) } }
    }
    let pv = records.compactMap { record in
      record.pvBand.flatMap { band in record.measured.pv.map { (band, $0) } }
    }.filter { $0.0.p90 > meaningfulPower }
    return [finding("base load", load), finding("production", pv)].compactMap(\.self)
  }

  private static func advantages(_ days: [ShadowComparison.Day], home: Home) -> [Finding] {
    guard !days.isEmpty else { return [] }
    func finding(_ name: String, _ total: Double) -> Finding {
      let cost = days.reduce(0) { $0 + abs($1.measuredCost) }
      // A hundredth of the bill is inside what such a comparison can tell.
      return Finding(
        text: "pems' hours for the \(name) would have saved "
          + Money(total / Double(days.count)).text(in: home.site.currency) + " a day",
        isMet: total >= -0.01 * cost)
    }
    var findings: [Finding] = []
    if !home.heatedRooms.isEmpty {
      findings.append(finding("heaters", days.reduce(0) { $0 + $1.heatingAdvantage }))
    }
    if home.battery != nil {
      findings.append(finding("battery", days.reduce(0) { $0 + $1.batteryAdvantage }))
    }
    return findings
  }

  private static func percent(_ share: Double) -> String {
    String(format: share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share)
  }
}
