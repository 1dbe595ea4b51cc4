// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Learning
import TimeSeries

/// The trained models of a home in a folder, and what to do when one of them cannot be read.
struct ModelFolder: Sendable {
  static let option = CommandLineOption.value(
    "models", "FOLDER", default: "pems-models", "Where the trained models are.")
  static let targets = ["pv", "load"]

  let registry: ModelRegistry

  init(path: String) { registry = ModelRegistry(folder: URL(filePath: path)) }

  /// The models in use. One that cannot be read is told, and the newest one before it that can be
  /// takes its place; without any, physics and climatology do.
  func trainedModels() -> (models: TrainedModels, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    let models = TrainedModels(
      pv: inUse("pv", &diagnostics) { files throws(LearningError) in
        try PVForecaster(files: files)
      },
      load: inUse("load", &diagnostics) { files throws(LearningError) in
        try LoadForecaster(files: files)
      })
    return (models, diagnostics)
  }

  private func inUse<Model>(
    _ target: String, _ diagnostics: inout [Diagnostic],
    read: ([String: Data]) throws(LearningError) -> Model
  ) -> Model? {
    let versions = registry.versions(of: target)
    let production = versions.last { $0.state == .production }
    let earlier = versions.filter { $0.hasServed && $0.version != production?.version }
      .sorted { $0.changedAt > $1.changedAt }
    for metadata in [production].compactMap({ $0 }) + earlier {
      do {
        let stored = try registry.load(target: target, version: metadata.version)
        return try read(stored.files)
      } catch {
        diagnostics.append(
          Diagnostic(
            .error, subject: target, message: "model \(metadata.version) is not used: \(error)"))
      }
    }
    return nil
  }

  /// Saves a model that has just been trained: the first of its target goes into use unless it
  /// lost to the forecast that needs no trees, every other one into the shadow of the one in use.
  func save(
    _ target: String, report: ForecasterReport, files: [String: Data],
    parameters: [String: String], at now: Date, promoting: Bool, keeping count: Int
  ) throws(RegistryError) -> ModelMetadata {
    let saved = try registry.save(
      ModelMetadata(
        target: target, createdAt: now, features: report.features, parameters: parameters,
        trainedOn: report.trainedOn, rowCount: report.rowCount, dataHash: report.dataHash,
        metrics: report.metrics), files: files)
    let serves = registry.versions(of: target).contains { $0.state == .production }
    var isWorse = false
    if let own = report.scores?.pinball, let simple = report.referenceScores?.pinball {
      isWorse = own > simple
    }
    let moved = try registry.move(
      target: target, version: saved.version,
      to: promoting || !(serves || isWorse) ? .production : .shadow,
      at: now)
    if moved.state == .shadow {
      // One challenger at a time: the shadows before it are given up.
      for other in registry.versions(of: target)
      where other.state == .shadow && other.version != saved.version {
        try registry.move(target: target, version: other.version, to: .retired, at: now)
      }
    }
    try registry.prune(target: target, keeping: count)
    return moved
  }
}

/// What a registry refuses, as the program tells it.
func registering<Value>(_ work: () throws -> Value) throws -> Value {
  do {
    return try work()
  } catch let error as RegistryError {
    if case .notAccessible = error { throw CommandFailure.unreachable("\(error)") }
    throw CommandFailure.failed("\(error)")
  } catch let error as LearningError {
    throw CommandFailure.failed("\(error)")
  }
}
