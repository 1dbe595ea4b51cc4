// SPDX-License-Identifier: MIT
internal import CXGBoost
import Foundation

/// An XGBoost model.
///
/// `@unchecked Sendable`: the handle never changes after `init`; prediction from a matrix of its own
/// with one thread is safe from several threads at once (the library's documented guarantee for
/// prediction), but results lie in a buffer of the calling thread and are copied at once.
final class XGBoostBooster: Booster, @unchecked Sendable {
  private let handle: XGBHandle
  let featureNames: [String]
  let rounds: Int

  private static let isSilenced: Bool = XGBSetGlobalConfig(#"{"verbosity": 0}"#) == 0

  init(text: String) throws(LearningError) {
    _ = Self.isSilenced
    guard text.hasPrefix("{") else { throw .damagedModel(reason: "not an XGBoost model") }
    var created: XGBHandle?
    try Self.check(XGBoosterCreate(nil, 0, &created))
    guard let created else { throw .libraryRefused(library: "XGBoost", message: "no booster") }
    let bytes = Array(text.utf8)
    guard XGBoosterLoadModelFromBuffer(created, bytes, UInt64(bytes.count)) == 0 else {
      XGBoosterFree(created)
      throw .damagedModel(reason: Self.lastError())
    }
    handle = created
    XGBoosterSetParam(created, "nthread", "1")
    var count: Int32 = 0
    XGBoosterBoostedRounds(created, &count)
    rounds = Int(count)
    featureNames = Self.featureNames(of: created)
    guard !featureNames.isEmpty else {
      throw .damagedModel(reason: "the XGBoost model does not name its features")
    }
  }

  deinit { XGBoosterFree(handle) }

  static func grow(_ task: BoostingTask) throws(LearningError) -> GrownTrees {
    _ = isSilenced
    let training = try XGBoostMatrix(task.examples.features)
    try training.set("label", task.examples.targets)
    try training.set("weight", task.examples.weights)
    var matrices: [XGBHandle?] = [training.handle]
    var validation: XGBoostMatrix?
    if let rows = task.validation {
      let matrix = try XGBoostMatrix(rows.features)
      try matrix.set("label", rows.targets)
      try matrix.set("weight", rows.weights)
      matrices.append(matrix.handle)
      validation = matrix
    }
    var created: XGBHandle?
    try check(XGBoosterCreate(matrices, UInt64(matrices.count), &created))
    guard let created else { throw .libraryRefused(library: "XGBoost", message: "no booster") }
    defer { XGBoosterFree(created) }
    for (name, value) in parameters(of: task) { try check(XGBoosterSetParam(created, name, value)) }
    var stopping = EarlyStopping(patience: task.settings.patience)
    for round in 1...task.settings.rounds {
      try step(created, round, training, task)
      if case .custom = task.objective { continue }
      guard let validation else { continue }
      let loss = try validationLoss(created, round, validation)
      if !stopping.shouldContinue(loss: loss, after: round) { break }
    }
    try name(task.examples.features.names, in: created)
    let kept = stopping.best?.round ?? task.settings.rounds
    let booster = try XGBoostBooster(text: try text(of: created, rounds: kept))
    return GrownTrees(booster: booster, rounds: kept, validationLoss: stopping.best?.loss)
  }

  func text() throws(LearningError) -> String { try Self.text(of: handle, rounds: 0) }

  func predict(_ features: FeatureMatrix) throws(LearningError) -> [Double] {
    try Self.predictions(of: handle, try XGBoostMatrix(features), margin: false)
  }

  func gains() throws(LearningError) -> [Double] {
    var featureCount: UInt64 = 0
    var dimensions: UInt64 = 0
    var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    var shape: UnsafePointer<UInt64>?
    var scores: UnsafePointer<Float>?
    let configuration = #"{"importance_type": "total_gain"}"#
    try Self.check(
      XGBoosterFeatureScore(
        handle, configuration, &featureCount, &names, &dimensions, &shape, &scores))
    var gains = [Double](repeating: 0, count: featureNames.count)
    guard let names, let scores else { return gains }
    let places = Dictionary(uniqueKeysWithValues: zip(featureNames, featureNames.indices))
    for index in 0..<Int(featureCount) {
      guard let pointer = names[index], let place = places[String(cString: pointer)] else {
        continue
      }
      gains[place] = Double(scores[index])
    }
    return gains
  }

  // MARK: - Pieces

  private static func parameters(of task: BoostingTask) -> [(String, String)] {
    let settings = task.settings
    let objective: [(String, String)] =
      switch task.objective {
      case .meanSquare: [("objective", "reg:squarederror"), ("eval_metric", "rmse")]
      case .quantile(let probability):
        [
          ("objective", "reg:quantileerror"), ("quantile_alpha", "\(probability)"),
          ("eval_metric", "quantile"),
        ]
      case .custom: [("objective", "reg:squarederror"), ("base_score", "0")]
      }
    return objective + [
      ("eta", "\(settings.learningRate)"), ("tree_method", "hist"), ("grow_policy", "lossguide"),
      ("max_leaves", "\(settings.leaves)"), ("max_depth", "0"),
      ("min_child_weight", "\(settings.minimumRowsPerLeaf)"), ("lambda", "\(settings.ridge)"),
      ("colsample_bytree", "\(settings.featureShare)"), ("subsample", "\(settings.rowShare)"),
      ("seed", "\(settings.seed)"), ("nthread", "1"), ("verbosity", "0"),
    ]
  }

  private static func step(
    _ booster: XGBHandle, _ round: Int, _ training: XGBoostMatrix, _ task: BoostingTask
  ) throws(LearningError) {
    guard case .custom(let objective) = task.objective else {
      try check(XGBoosterUpdateOneIter(booster, Int32(round - 1), training.handle))
      return
    }
    let scores = try predictions(of: booster, training, margin: true)
    let (gradients, curvatures) = task.examples.derivatives(objective, at: scores)
    let status = gradients.withUnsafeBufferPointer { gradients in
      curvatures.withUnsafeBufferPointer { curvatures in
        XGBoosterTrainOneIter(
          booster, training.handle, Int32(round - 1), arrayInterface(gradients),
          arrayInterface(curvatures))
      }
    }
    try check(status)
  }

  /// NumPy's description of an array in memory, which XGBoost takes as JSON.
  private static func arrayInterface(_ values: UnsafeBufferPointer<Float>) -> String {
    let address = UInt(bitPattern: values.baseAddress)
    return #"{"data": [\#(address), true], "shape": [\#(values.count)], "typestr": "<f4", "#
      + #""version": 3}"#
  }

  private static func predictions(
    of booster: XGBHandle, _ matrix: XGBoostMatrix, margin: Bool
  ) throws(LearningError) -> [Double] {
    let configuration =
      #"{"type": \#(margin ? 1 : 0), "training": false, "iteration_begin": 0, "#
      + #""iteration_end": 0, "strict_shape": false}"#
    var shape: UnsafePointer<UInt64>?
    var dimensions: UInt64 = 0
    var values: UnsafePointer<Float>?
    try check(
      XGBoosterPredictFromDMatrix(
        booster, matrix.handle, configuration, &shape, &dimensions, &values))
    return UnsafeBufferPointer(start: values, count: matrix.rowCount).map(Double.init)
  }

  /// The library answers with text such as `[3]\tvalid-quantile:0.123`.
  private static func validationLoss(
    _ booster: XGBHandle, _ round: Int, _ matrix: XGBoostMatrix
  ) throws(LearningError) -> Double {
    var matrices: [XGBHandle?] = [matrix.handle]
    var text: UnsafePointer<CChar>?
    let status = "valid".withCString { name in
      var names: [UnsafePointer<CChar>?] = [name]
      return XGBoosterEvalOneIter(booster, Int32(round - 1), &matrices, &names, 1, &text)
    }
    try check(status)
    guard let text, let number = String(cString: text).split(separator: ":").last,
      let loss = Double(number)
    else { throw .libraryRefused(library: "XGBoost", message: "no validation loss") }
    return loss
  }

  private static func name(_ names: [String], in booster: XGBHandle) throws(LearningError) {
    let copies = names.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    var pointers = copies.map { UnsafePointer($0) }
    try check(
      XGBoosterSetStrFeatureInfo(booster, "feature_name", &pointers, UInt64(names.count)))
  }

  private static func featureNames(of booster: XGBHandle) -> [String] {
    var count: UInt64 = 0
    var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    guard XGBoosterGetStrFeatureInfo(booster, "feature_name", &count, &names) == 0, let names
    else { return [] }
    return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
  }

  private static func text(of booster: XGBHandle, rounds: Int) throws(LearningError) -> String {
    var sliced: XGBHandle?
    try check(XGBoosterSlice(booster, 0, Int32(rounds), 1, &sliced))
    guard let sliced else { throw .libraryRefused(library: "XGBoost", message: "no slice") }
    defer { XGBoosterFree(sliced) }
    var length: UInt64 = 0
    var bytes: UnsafePointer<CChar>?
    try check(XGBoosterSaveModelToBuffer(sliced, #"{"format": "json"}"#, &length, &bytes))
    let buffer = UnsafeBufferPointer(start: bytes, count: Int(length))
    return String(decoding: buffer.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  fileprivate static func check(_ status: Int32) throws(LearningError) {
    guard status == 0 else { throw .libraryRefused(library: "XGBoost", message: lastError()) }
  }

  private static func lastError() -> String { String(cString: XGBGetLastError()) }
}

/// Rows inside XGBoost.
private final class XGBoostMatrix {
  let handle: XGBHandle
  let rowCount: Int

  init(_ features: FeatureMatrix) throws(LearningError) {
    var created: XGBHandle?
    try XGBoostBooster.check(
      XGDMatrixCreateFromMat(
        features.values, UInt64(features.rowCount), UInt64(features.names.count), .nan, &created))
    guard let created else { throw .libraryRefused(library: "XGBoost", message: "no matrix") }
    handle = created
    rowCount = features.rowCount
  }

  deinit { XGDMatrixFree(handle) }

  func set(_ field: String, _ values: [Double]) throws(LearningError) {
    let floats = values.map(Float.init)
    try XGBoostBooster.check(
      XGDMatrixSetFloatInfo(handle, field, floats, UInt64(floats.count)))
  }
}

extension TrainingExamples {
  /// Weighted derivatives of a loss of one's own at given predictions.
  func derivatives(
    _ objective: CustomObjective, at predictions: [Double]
  ) -> (gradients: [Float], curvatures: [Float]) {
    var gradients: [Float] = []
    var curvatures: [Float] = []
    for row in targets.indices {
      let (gradient, curvature) = objective.derivatives(row, predictions[row], targets[row])
      gradients.append(Float(gradient * weights[row]))
      curvatures.append(Float(curvature * weights[row]))
    }
    return (gradients, curvatures)
  }
}
