// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

/// The trained models of a home in a registry, and what to do when one of them cannot be read.
public struct ModelShelf: Sendable {
  /// Where they are.
  public let registry: ModelRegistry

  /// The models in a registry.
  public init(_ registry: ModelRegistry) { self.registry = registry }

  /// The models in use. One that cannot be read is told, and the newest one that served before it
  /// takes its place; without any, physics and climatology do.
  public func trainedModels() -> (models: TrainedModels, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    let models = TrainedModels(
      pv: inUse(.pv, &diagnostics) { files throws(LearningError) in
        try PVForecaster(files: files)
      },
      load: inUse(.load, &diagnostics) { files throws(LearningError) in
        try LoadForecaster(files: files)
      },
      price: inUse(.price, &diagnostics) { files throws(LearningError) in
        try PriceForecaster(files: files)
      },
      vehicles: inUse(.vehicles, &diagnostics) { files throws(LearningError) in
        try VehicleForecaster(files: files)
      },
      appliances: inUse(.appliances, &diagnostics) { files throws(LearningError) in
        try ApplianceForecaster(files: files)
      })
    return (models, diagnostics)
  }

  private func inUse<Model>(
    _ target: LearnedTarget, _ diagnostics: inout [Diagnostic],
    read: ([String: Data]) throws(LearningError) -> Model
  ) -> Model? {
    let versions = registry.versions(of: target.rawValue)
    let production = versions.last { $0.state == .production }
    let earlier = versions.filter { $0.hasServed && $0.version != production?.version }
      .sorted { $0.changedAt > $1.changedAt }
    let unreadable = registry.unreadableVersions(of: target.rawValue)
    for version in unreadable {
      diagnostics.append(
        Diagnostic(
          .error, subject: target.rawValue,
          message: "model \(version) is not used: its metadata cannot be read"))
    }
    // Nothing in use and nothing broken is a decision: what served before was taken out.
    guard production != nil || !unreadable.isEmpty else { return nil }
    for metadata in [production].compactMap({ $0 }) + earlier {
      do {
        let stored = try registry.load(target: target.rawValue, version: metadata.version)
        return try read(stored.files)
      } catch {
        diagnostics.append(
          Diagnostic(
            .error, subject: target.rawValue,
            message: "model \(metadata.version) is not used: \(error)"))
      }
    }
    return nil
  }

  /// Saves a model that has just been trained: the first of its target goes into use unless it
  /// lost to the forecast that needs no trees, every other one into the shadow of the one in use.
  ///
  /// - Parameters:
  ///   - isPromoting: into use at once.
  ///   - count: how many idle versions stay.
  public func save(
    _ model: TrainedModel, at now: Date, promoting isPromoting: Bool, keeping count: Int
  ) throws(RegistryError) -> ModelMetadata {
    let (target, report) = (model.target.rawValue, model.report)
    let saved = try registry.save(
      ModelMetadata(
        target: target, createdAt: now, features: report.features, parameters: model.parameters,
        trainedOn: report.trainedOn, rowCount: report.rowCount, dataHash: report.dataHash,
        metrics: report.metrics), files: model.files)
    let serves = registry.versions(of: target).contains { $0.state == .production }
    let moved = try registry.move(
      target: target, version: saved.version,
      to: isPromoting || !(serves || report.isWorseThanSimple) ? .production : .shadow, at: now)
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
