// SPDX-License-Identifier: MIT
internal import CLightGBM
import Foundation

/// A LightGBM model.
///
/// `@unchecked Sendable`: the handle never changes after `init`, and LightGBM guards prediction with
/// a shared lock of its own.
final class LightGBMBooster: Booster, @unchecked Sendable {
  private let handle: LGBMHandle
  let featureNames: [String]
  let rounds: Int

  /// LightGBM prints to the standard output unless somebody takes its messages.
  private static let isSilenced: Bool = {
    LGBM_RegisterLogCallback { _ in } == 0
  }()

  init(text: String) throws(LearningError) {
    _ = Self.isSilenced
    // LightGBM trusts numbers inside the text; a cut file is refused before it sees it.
    guard text.hasPrefix("tree\n"), text.contains("\nend of trees\n") else {
      throw .damagedModel(reason: "not a complete LightGBM model")
    }
    var loaded: LGBMHandle?
    var iterations: Int32 = 0
    guard LGBM_BoosterLoadModelFromString(text, &iterations, &loaded) == 0, let loaded else {
      throw .damagedModel(reason: Self.lastError())
    }
    handle = loaded
    rounds = Int(iterations)
    featureNames = Self.featureNames(in: text)
    var count: Int32 = 0
    try Self.check(LGBM_BoosterGetNumFeature(loaded, &count))
    guard Int(count) == featureNames.count else {
      throw .damagedModel(reason: "\(featureNames.count) names for \(count) features")
    }
  }

  deinit { LGBM_BoosterFree(handle) }

  static func grow(_ task: BoostingTask) throws(LearningError) -> GrownTrees {
    _ = isSilenced
    let parameters = parameters(of: task)
    let training = try LightGBMDataset(task.examples, parameters: parameters, reference: nil)
    let validation: LightGBMDataset?
    if let rows = task.validation {
      validation = try LightGBMDataset(rows, parameters: parameters, reference: training)
    } else {
      validation = nil
    }
    var created: LGBMHandle?
    try check(LGBM_BoosterCreate(training.handle, parameters, &created))
    guard let created else { throw .libraryRefused(library: "LightGBM", message: "no booster") }
    defer { LGBM_BoosterFree(created) }
    if let validation { try check(LGBM_BoosterAddValidData(created, validation.handle)) }
    var stopping = EarlyStopping(patience: task.settings.patience)
    var grown = 0
    for _ in 1...task.settings.rounds {
      // With the features drawn for this tree nothing may be left to split; the next draw may differ.
      if try step(created, task) { continue }
      grown += 1
      if validation != nil, case .custom = task.objective { continue }
      if validation != nil,
        !stopping.shouldContinue(loss: try validationLoss(created), after: grown)
      {
        break
      }
    }
    let kept = stopping.best?.round ?? grown
    // The text carries only the kept trees; training data go with the training booster.
    let booster = try LightGBMBooster(text: try text(of: created, rounds: kept))
    return GrownTrees(booster: booster, rounds: kept, validationLoss: stopping.best?.loss)
  }

  func text() throws(LearningError) -> String { try Self.text(of: handle, rounds: -1) }

  func predict(_ features: FeatureMatrix) throws(LearningError) -> [Double] {
    var results = [Double](repeating: 0, count: features.rowCount)
    var length: Int64 = 0
    try Self.check(
      LGBM_BoosterPredictForMat(
        handle, features.values, LGBM_FLOAT32, Int32(features.rowCount),
        Int32(features.names.count), 1, LGBM_PREDICT_NORMAL, 0, -1, "num_threads=1", &length,
        &results))
    return results
  }

  func gains() throws(LearningError) -> [Double] {
    var gains = [Double](repeating: 0, count: featureNames.count)
    try Self.check(LGBM_BoosterFeatureImportance(handle, -1, LGBM_IMPORTANCE_GAIN, &gains))
    return gains
  }

  // MARK: - Pieces

  private static func parameters(of task: BoostingTask) -> String {
    let settings = task.settings
    let objective =
      switch task.objective {
      case .meanSquare: "objective=l2 metric=l2"
      case .quantile(let probability): "objective=quantile alpha=\(probability) metric=quantile"
      case .custom: "objective=custom metric=None"
      }
    return [
      objective, "learning_rate=\(settings.learningRate)", "num_leaves=\(settings.leaves)",
      "min_data_in_leaf=\(settings.minimumRowsPerLeaf)", "lambda_l2=\(settings.ridge)",
      "feature_fraction=\(settings.featureShare)", "bagging_fraction=\(settings.rowShare)",
      "bagging_freq=\(settings.rowShare < 1 ? 1 : 0)", "seed=\(settings.seed)", "num_threads=1",
      "deterministic=true", "force_row_wise=true", "verbosity=-1",
    ].joined(separator: " ")
  }

  private static func step(
    _ booster: LGBMHandle, _ task: BoostingTask
  ) throws(LearningError) -> Bool {
    var isFinished: Int32 = 0
    guard case .custom(let objective) = task.objective else {
      try check(LGBM_BoosterUpdateOneIter(booster, &isFinished))
      return isFinished != 0
    }
    var length: Int64 = 0
    var scores = [Double](repeating: 0, count: task.examples.count)
    try check(LGBM_BoosterGetPredict(booster, 0, &length, &scores))
    let (gradients, curvatures) = task.examples.derivatives(objective, at: scores)
    try check(LGBM_BoosterUpdateOneIterCustom(booster, gradients, curvatures, &isFinished))
    return isFinished != 0
  }

  /// Data set 0 is the training set, 1 the first validation set.
  private static func validationLoss(_ booster: LGBMHandle) throws(LearningError) -> Double {
    var length: Int32 = 0
    var losses = [0.0, 0, 0, 0]
    try check(LGBM_BoosterGetEval(booster, 1, &length, &losses))
    return losses[0]
  }

  private static func text(of booster: LGBMHandle, rounds: Int) throws(LearningError) -> String {
    var length: Int64 = 0
    let iterations = Int32(rounds)
    try check(
      LGBM_BoosterSaveModelToString(
        booster, 0, iterations, LGBM_IMPORTANCE_GAIN, 0, &length, nil))
    var bytes = [CChar](repeating: 0, count: Int(length))
    try check(
      LGBM_BoosterSaveModelToString(
        booster, 0, iterations, LGBM_IMPORTANCE_GAIN, length, &length, &bytes))
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func featureNames(in text: String) -> [String] {
    let key = "\nfeature_names="
    guard let start = text.range(of: key)?.upperBound else { return [] }
    return text[start...].prefix { $0 != "\n" }.split(separator: " ").map(String.init)
  }

  fileprivate static func check(_ status: Int32) throws(LearningError) {
    guard status == 0 else { throw .libraryRefused(library: "LightGBM", message: lastError()) }
  }

  private static func lastError() -> String { String(cString: LGBM_GetLastError()) }
}

/// Rows inside LightGBM while trees are grown.
private final class LightGBMDataset {
  let handle: LGBMHandle

  init(
    _ examples: TrainingExamples, parameters: String, reference: LightGBMDataset?
  ) throws(LearningError) {
    var created: LGBMHandle?
    let names = examples.features.names
    try LightGBMBooster.check(
      LGBM_DatasetCreateFromMat(
        examples.features.values, LGBM_FLOAT32, Int32(examples.count), Int32(names.count), 1,
        parameters, reference?.handle, &created))
    guard let created else { throw .libraryRefused(library: "LightGBM", message: "no data set") }
    handle = created
    let count = Int32(examples.count)
    let targets = examples.targets.map(Float.init)
    let weights = examples.weights.map(Float.init)
    try LightGBMBooster.check(
      LGBM_DatasetSetField(handle, "label", targets, count, LGBM_FLOAT32))
    try LightGBMBooster.check(
      LGBM_DatasetSetField(handle, "weight", weights, count, LGBM_FLOAT32))
    let copies = names.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    var pointers = copies.map { UnsafePointer($0) }
    try LightGBMBooster.check(
      LGBM_DatasetSetFeatureNames(handle, &pointers, Int32(names.count)))
  }

  deinit { LGBM_DatasetFree(handle) }
}
