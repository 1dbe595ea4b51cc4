// SPDX-License-Identifier: MIT
import Foundation
public import Learning

/// How the models of a home are trained.
public struct ModelTraining: Sendable {
  /// How trees of production are grown.
  public var pv = PVBoosting()
  /// How trees of load are grown.
  public var load = BoostingSettings()
  /// Whether working days and days off have trees of their own.
  public var loadTrees = LoadTreeKind.joint
  /// How trees of prices are grown.
  public var price = PriceForecaster.defaultSettings
  /// Which issues teach, and how many days validate.
  public var plan = TrainingPlan()

  /// The defaults.
  public init() {}

  /// Grows all trees with a library.
  public mutating func use(_ library: BoostingLibrary) {
    pv.residual.library = library
    pv.direct.library = library
    load.library = library
    price.library = library
  }

  /// Trains one target on a past.
  ///
  /// - Returns: `nil` where the past has nothing of the target.
  /// - Throws: `LearningError` of the boosting library.
  public func train(
    _ target: LearnedTarget, on past: LearningPast, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> TrainedModel? {
    switch target {
    case .pv:
      guard let history = past.plant else { return nil }
      let (forecaster, report) = try PVForecaster.train(
        history, until: past.end, plan: plan, boosting: pv, progress: progress)
      return TrainedModel(
        target: target, report: report, files: try forecaster.files(),
        parameters: ["residual": pv.residual.text, "direct": pv.direct.text])
    case .load:
      guard let history = past.load else { return nil }
      let (forecaster, report) = try LoadForecaster.train(
        history, until: past.end, plan: plan, boosting: load, kind: loadTrees, progress: progress)
      return TrainedModel(
        target: target, report: report, files: try forecaster.files(),
        parameters: ["boosting": load.text, "trees": loadTrees.rawValue])
    case .price:
      guard let history = past.price else { return nil }
      let (forecaster, report) = try PriceForecaster.train(
        history, until: past.end, plan: plan, boosting: price, progress: progress)
      return TrainedModel(
        target: target, report: report, files: try forecaster.files(),
        parameters: ["residual": price.text])
    case .vehicles: return try vehicles(on: past, progress)
    case .appliances: return try appliances(on: past, progress)
    }
  }

  private func vehicles(
    on past: LearningPast, _ progress: (Int, Int) -> Void
  ) throws(LearningError) -> TrainedModel? {
    let trained = past.vehicles.flatMap {
      VehicleForecaster.train($0, until: past.end, plan: plan)
    }
    guard let (forecaster, report) = trained else { return nil }
    progress(4, 4)
    return TrainedModel(
      target: .vehicles, report: report, files: try forecaster.files(),
      parameters: forecaster.habits.byName.mapValues(\.text))
  }

  private func appliances(
    on past: LearningPast, _ progress: (Int, Int) -> Void
  ) throws(LearningError) -> TrainedModel? {
    let trained = past.appliances.flatMap {
      ApplianceForecaster.train($0, until: past.end, plan: plan)
    }
    guard let (forecaster, report) = trained else { return nil }
    progress(4, 4)
    return TrainedModel(
      target: .appliances, report: report, files: try forecaster.files(),
      parameters: forecaster.habits.byName.mapValues(\.text))
  }

  /// How a stored model would have forecast the days since its training.
  ///
  /// - Throws: `damagedModel`, or `missingFeatures` where the past lacks what the trees want.
  static func trial(
    _ target: LearnedTarget, files: [String: Data], on past: LearningPast
  ) throws(LearningError) -> ForecastTrial {
    switch target {
    case .pv:
      guard let history = past.plant else { return ForecastTrial() }
      return try PVForecaster(files: files).advanced(history, until: past.end).trial
    case .load:
      guard let history = past.load else { return ForecastTrial() }
      return try LoadForecaster(files: files).advanced(history, until: past.end).trial
    case .price:
      guard let history = past.price else { return ForecastTrial() }
      return try PriceForecaster(files: files).advanced(history, until: past.end).trial
    case .vehicles:
      guard let history = past.vehicles else { return ForecastTrial() }
      return try VehicleForecaster(files: files).trial(history, until: past.end)
    case .appliances:
      guard let history = past.appliances else { return ForecastTrial() }
      return try ApplianceForecaster(files: files).trial(history, until: past.end)
    }
  }
}
