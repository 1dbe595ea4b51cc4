// SPDX-License-Identifier: MIT
import Foundation
public import Learning
import TimeSeries

/// The judgement over the models of one target on the days that none of them has seen.
public struct ModelReview: Sendable {
  private let registry: ModelRegistry
  private let past: LearningPast
  private let target: LearnedTarget

  /// A review at the end of a past.
  public init(_ registry: ModelRegistry, _ past: LearningPast, _ target: LearnedTarget) {
    self.registry = registry
    self.past = past
    self.target = target
  }

  /// Judges, and moves models where the rules say so.
  ///
  /// - Throws: `RegistryError` when the registry cannot be read or written. A model that is damaged
  ///   is a finding, not an error.
  public func findings() throws(RegistryError) -> [ModelFinding] {
    var findings: [ModelFinding] = []
    let champion = registry.versions(of: target.rawValue).last { $0.state == .production }
    let challenger = registry.versions(of: target.rawValue).last { $0.state == .shadow }
    var championTrial: ForecastTrial?
    if let champion {
      switch trial(of: champion) {
      case .success(let trial):
        championTrial = trial
        findings.append(
          ModelFinding(
            target,
            "model \(champion.version) in use, \(trial.days.count) days since its training"))
        if trial.isDegraded() {
          return findings + [
            try goBack(from: champion, why: Self.degraded(champion.version), isReadable: true)
          ]
        }
      case .failure(let problem):
        let why = "model \(champion.version) cannot be used: \(problem)"
        findings.append(try goBack(from: champion, why: why, isReadable: false))
      }
    }
    if let challenger {
      // Where no model serves the challenger has to beat what needs none.
      findings.append(try judge(challenger, champion: championTrial))
    }
    return findings
  }

  private static func degraded(_ version: Int) -> String {
    "model \(version) was worse than simple forecasts for two weeks"
  }

  private struct Unusable: Error, CustomStringConvertible { let description: String }

  private func trial(of model: ModelMetadata) -> Result<ForecastTrial, Unusable> {
    do {
      let files = try registry.load(target: target.rawValue, version: model.version).files
      return .success(try ModelTraining.trial(target, files: files, on: past))
    } catch {
      return .failure(Unusable(description: "\(error)"))
    }
  }

  /// The newest model that served before; without one, the simple forecasts.
  private func goBack(
    from champion: ModelMetadata, why: String, isReadable: Bool
  ) throws(RegistryError) -> ModelFinding {
    do {
      let restored = try registry.rollBack(target: target.rawValue, at: past.end)
      return ModelFinding(
        target, "\(why); back to model \(restored.version)", isAlert: true)
    } catch RegistryError.nothingToRollBackTo {
      if isReadable {
        try registry.move(
          target: target.rawValue, version: champion.version, to: .retired, at: past.end)
      }
      return ModelFinding(
        target, "\(why); there is none to go back to, simple forecasts take over", isAlert: true)
    }
  }

  private func judge(
    _ challenger: ModelMetadata, champion: ForecastTrial?
  ) throws(RegistryError) -> ModelFinding {
    let name = "challenger \(challenger.version)"
    let trial: ForecastTrial
    switch self.trial(of: challenger) {
    case .success(let found): trial = found
    case .failure(let problem):
      return ModelFinding(target, "\(name) cannot be used: \(problem)", isAlert: true)
    }
    switch ForecastTrial.decision(challenger: trial, champion: champion ?? trial.ofReference) {
    case .wait(let why): return ModelFinding(target, "\(name): \(why)")
    case .promote(let gain):
      try registry.move(
        target: target.rawValue, version: challenger.version, to: .production, at: past.end)
      return ModelFinding(
        target, String(format: "\(name) is %.1f %% better and now in use", 100 * gain))
    case .reject(let why):
      try registry.move(
        target: target.rawValue, version: challenger.version, to: .retired, at: past.end)
      return ModelFinding(target, "\(name) is given up: \(why)")
    }
  }
}
