// SPDX-License-Identifier: MIT
import ParallelWork

/// Four models of one target: its 10, 50 and 90 % quantiles and its mean.
public struct QuantileTrees: Sendable {
  /// The prediction of one row. The quantiles are sorted.
  public struct Prediction: Sendable, Hashable {
    /// The value exceeded with probability 0.9.
    public var p10: Double
    /// The median.
    public var p50: Double
    /// The value exceeded with probability 0.1.
    public var p90: Double
    /// The expected value.
    public var mean: Double

    /// A prediction whose quantiles are put in order.
    public init(p10: Double, p50: Double, p90: Double, mean: Double) {
      let sorted = [p10, p50, p90].sorted()
      (self.p10, self.p50, self.p90) = (sorted[0], sorted[1], sorted[2])
      self.mean = mean
    }

    /// Each number changed by one rising function.
    public func map(_ change: (Double) -> Double) -> Prediction {
      Prediction(p10: change(p10), p50: change(p50), p90: change(p90), mean: change(mean))
    }
  }

  /// P10, P50, P90 and the mean, in this order.
  public let models: [GradientBoostedTrees]
  static let objectives: [BoostingObjective] = [
    .quantile(0.1), .quantile(0.5), .quantile(0.9), .meanSquare,
  ]

  /// Trains the four models, two at a time.
  ///
  /// - Throws: as `GradientBoostedTrees.init(training:)`.
  public init(
    training examples: TrainingExamples, validation: TrainingExamples? = nil,
    settings: BoostingSettings = BoostingSettings()
  ) throws(LearningError) {
    let results = SideBySide.map(Self.objectives) { objective in
      Result { () throws(LearningError) in
        try GradientBoostedTrees(
          training: examples, validation: validation, objective: objective, settings: settings)
      }
    }
    var models: [GradientBoostedTrees] = []
    for result in results { models.append(try result.get()) }
    self.models = models
  }

  /// Puts read models together.
  ///
  /// - Throws: `damagedModel` unless there are four.
  public init(models: [GradientBoostedTrees]) throws(LearningError) {
    guard models.count == Self.objectives.count else {
      throw .damagedModel(reason: "\(models.count) models instead of 4")
    }
    self.models = models
  }

  /// The features that all four know.
  public var featureNames: [String] { models[0].featureNames }

  /// How much each feature matters for the mean, largest first.
  ///
  /// - Throws: `libraryRefused`.
  public func importance() throws(LearningError) -> [FeatureImportance] {
    try models[3].importance()
  }

  /// One prediction a row.
  ///
  /// - Throws: `missingFeatures`, `libraryRefused`.
  public func predictions(for features: FeatureMatrix) throws(LearningError) -> [Prediction] {
    let p10 = try models[0].predictions(for: features)
    let p50 = try models[1].predictions(for: features)
    let p90 = try models[2].predictions(for: features)
    let mean = try models[3].predictions(for: features)
    return p10.indices.map {
      Prediction(p10: p10[$0], p50: p50[$0], p90: p90[$0], mean: mean[$0])
    }
  }
}
