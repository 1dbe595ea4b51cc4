// SPDX-License-Identifier: MIT

/// Trees grown one after the other, each on what the ones before left over.
///
/// One type over two libraries. Training is deterministic for a seed and uses one thread: several
/// models at once use the cores better than one model on several threads. Prediction may run from
/// several threads at once.
///
/// Source: J. Friedman, Greedy function approximation: a gradient boosting machine,
/// Annals of Statistics 29 (2001) 1189, doi:10.1214/aos/1013203451.
public struct GradientBoostedTrees: Sendable {
  /// The library that grew the trees.
  public let library: BoostingLibrary
  /// The features it wants, in its order.
  public let featureNames: [String]
  /// How many trees it has.
  public let rounds: Int
  /// The loss on the validation rows at the best tree; `nil` when there were none.
  public let validationLoss: Double?
  private let booster: any Booster

  /// The fewest rows that can be split once.
  static let fewestRows = 20

  /// Grows trees.
  ///
  /// - Parameters:
  ///   - examples: what to learn from.
  ///   - validation: rows that stop the growth when they no longer gain; the best trees are kept.
  ///     Not looked at with a custom objective, whose loss the library does not know.
  /// - Throws: `tooFewRows`, `invalidSetting`, `missingFeatures` when the validation rows have
  ///   other features, `libraryRefused`.
  /// - Complexity: about 1 s for 20 000 rows of 60 features and 250 trees.
  public init(
    training examples: TrainingExamples, validation: TrainingExamples? = nil,
    objective: BoostingObjective, settings: BoostingSettings = BoostingSettings()
  ) throws(LearningError) {
    if let complaint = settings.complaint { throw .invalidSetting(complaint) }
    if case .quantile(let probability) = objective, !(probability > 0 && probability < 1) {
      throw .invalidSetting("the quantile \(probability) is not between 0 and 1")
    }
    guard examples.count >= Self.fewestRows else {
      throw .tooFewRows(have: examples.count, need: Self.fewestRows)
    }
    var checked = validation
    checked?.features =
      try validation?.features.arranged(as: examples.features.names) ?? examples.features
    let task = BoostingTask(
      examples: examples, validation: checked, objective: objective, settings: settings)
    let grown: GrownTrees =
      switch settings.library {
      case .lightGBM: try LightGBMBooster.grow(task)
      case .xgBoost: try XGBoostBooster.grow(task)
      }
    library = settings.library
    featureNames = examples.features.names
    booster = grown.booster
    rounds = grown.rounds
    validationLoss = grown.validationLoss
  }

  /// Reads a model from its text.
  ///
  /// - Throws: `damagedModel` when the text is not a model of this library.
  public init(text: String, library: BoostingLibrary) throws(LearningError) {
    let booster: any Booster =
      switch library {
      case .lightGBM: try LightGBMBooster(text: text)
      case .xgBoost: try XGBoostBooster(text: text)
      }
    self.library = library
    self.booster = booster
    featureNames = booster.featureNames
    rounds = booster.rounds
    validationLoss = nil
  }

  /// The model as text (LightGBM's own format, XGBoost's JSON).
  public func text() throws(LearningError) -> String { try booster.text() }

  /// One prediction a row. The columns may come in any order and may be more than the model wants.
  ///
  /// - Throws: `missingFeatures`, `libraryRefused`.
  public func predictions(for features: FeatureMatrix) throws(LearningError) -> [Double] {
    guard features.rowCount > 0 else { return [] }
    return try booster.predict(try features.arranged(as: featureNames))
  }

  /// How much each feature lowered the loss in training, as shares that sum to 1, largest first.
  public func importance() throws(LearningError) -> [FeatureImportance] {
    let gains = try booster.gains()
    let total = max(gains.reduce(0, +), .leastNormalMagnitude)
    return zip(featureNames, gains).map { FeatureImportance(feature: $0, share: $1 / total) }
      .sorted { ($0.share, $1.feature) > ($1.share, $0.feature) }
  }
}

/// The share of a model's gain that comes from one feature.
public struct FeatureImportance: Sendable, Hashable, Codable {
  /// The feature.
  public let feature: String
  /// 0…1; all features together have 1.
  public let share: Double
}

/// What is to be grown.
struct BoostingTask {
  let examples: TrainingExamples
  let validation: TrainingExamples?
  let objective: BoostingObjective
  let settings: BoostingSettings
}

/// What has grown.
struct GrownTrees {
  let booster: any Booster
  let rounds: Int
  let validationLoss: Double?
}

/// A model inside one of the libraries, ready to predict.
protocol Booster: Sendable {
  var featureNames: [String] { get }
  var rounds: Int { get }
  func text() throws(LearningError) -> String
  func predict(_ features: FeatureMatrix) throws(LearningError) -> [Double]
  func gains() throws(LearningError) -> [Double]
}

/// Watches the validation loss and says when to stop.
struct EarlyStopping {
  let patience: Int
  private(set) var best: (loss: Double, round: Int)?

  init(patience: Int) { self.patience = patience }

  /// Takes the loss after a round and says whether to go on.
  mutating func shouldContinue(loss: Double, after round: Int) -> Bool {
    if let best, loss >= best.loss - 1e-12 { return round - best.round < patience }
    best = (loss, round)
    return true
  }
}
