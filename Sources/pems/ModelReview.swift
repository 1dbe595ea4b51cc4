// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Learning
import TimeSeries

/// The weekly judgement over the models of one target on the days that none of them has seen.
struct ModelReview {
  /// What was found and done.
  struct Finding: Encodable {
    let target: String
    let message: String
    let isAlert: Bool
  }

  private let folder: ModelFolder
  private let source: TrainingSource
  private let target: String

  init(_ folder: ModelFolder, _ source: TrainingSource, _ target: String) {
    self.folder = folder
    self.source = source
    self.target = target
  }

  /// Judges, and moves models where the rules say so.
  func findings() throws -> [Finding] {
    let registry = folder.registry
    let challenger = registry.versions(of: target).last { $0.state == .shadow }
    var findings: [Finding] = []
    if let champion = registry.versions(of: target).last(where: { $0.state == .production }) {
      let trial = try trial(of: champion.version)
      findings.append(
        Finding(
          target: target,
          message:
            "model \(champion.version) in use, \(trial.days.count) days since its training",
          isAlert: false))
      if trial.isDegraded() { findings.append(try goBack(from: champion)) }
      if let challenger { findings.append(try judge(challenger, champion: trial)) }
    } else if let challenger {
      // No model serves: the challenger has to beat what needs none.
      findings.append(
        try judge(challenger, champion: try trial(of: challenger.version).ofReference))
    } else {
      throw RegistryError.noProduction(target: target)
    }
    if target == "pv" { findings += try plantFindings() }
    return findings
  }

  private func trial(of version: Int) throws -> ForecastTrial {
    let files = try folder.registry.load(target: target, version: version).files
    return target == "pv"
      ? try PVForecaster(files: files).advanced(source.plantHistory(), until: source.end).trial
      : try LoadForecaster(files: files).advanced(source.loadHistory(), until: source.end).trial
  }

  private func goBack(from champion: ModelMetadata) throws -> Finding {
    let why = "model \(champion.version) was worse than simple forecasts for two weeks"
    do {
      let restored = try folder.registry.rollBack(target: target, at: source.end)
      return Finding(
        target: target, message: "\(why); back to model \(restored.version)", isAlert: true)
    } catch RegistryError.nothingToRollBackTo {
      return Finding(
        target: target, message: "\(why); there is none to go back to, train again", isAlert: true)
    }
  }

  private func judge(_ challenger: ModelMetadata, champion: ForecastTrial) throws -> Finding {
    let trial = try trial(of: challenger.version)
    let name = "challenger \(challenger.version)"
    switch ForecastTrial.decision(challenger: trial, champion: champion) {
    case .wait(let why): return Finding(target: target, message: "\(name): \(why)", isAlert: false)
    case .promote(let gain):
      try folder.registry.move(
        target: target, version: challenger.version, to: .production, at: source.end)
      return Finding(
        target: target,
        message: String(format: "\(name) is %.1f %% better and now in use", 100 * gain),
        isAlert: false)
    case .reject(let why):
      try folder.registry.move(
        target: target, version: challenger.version, to: .retired, at: source.end)
      return Finding(target: target, message: "\(name) is given up: \(why)", isAlert: false)
    }
  }

  private func plantFindings() throws -> [Finding] {
    guard let alarm = PlantDrift.alarms(try source.plantHistory(), until: source.end).last,
      source.end.timeIntervalSince(alarm) < 14 * 86_400
    else { return [] }
    return [
      Finding(
        target: target,
        message:
          "since about \(alarm.formatted(.iso8601.year().month().day())) the plant gives less "
          + "than before: look for a failed string, dirt or new shade", isAlert: true)
    ]
  }
}
