// SPDX-License-Identifier: MIT
import Foundation

/// Which library grows the trees.
public enum BoostingLibrary: String, Sendable, Hashable, Codable, CaseIterable {
  /// LightGBM: leaf-wise trees on histograms.
  case lightGBM = "lightgbm"
  /// XGBoost with the histogram method.
  case xgBoost = "xgboost"
}

/// What the trees minimise.
public enum BoostingObjective: Sendable {
  /// The squared error: the trees give the mean.
  case meanSquare
  /// The pinball loss of a probability in 0 ..< 1: the trees give that quantile.
  case quantile(Double)
  /// A loss of one's own, by its derivatives.
  case custom(CustomObjective)

  /// The name in logs and model descriptions.
  public var name: String {
    switch self {
    case .meanSquare: "mean"
    case .quantile(let probability): "quantile \(probability)"
    case .custom(let objective): objective.name
    }
  }
}

/// A loss given by its first and second derivative with respect to the prediction.
public struct CustomObjective: Sendable {
  /// The name in descriptions.
  public let name: String
  /// Gradient and curvature (above 0) of the loss of a row from its place, prediction and target.
  public let derivatives: @Sendable (Int, Double, Double) -> (gradient: Double, curvature: Double)

  /// A loss by its derivatives.
  public init(
    name: String,
    derivatives: @escaping @Sendable (Int, Double, Double) -> (gradient: Double, curvature: Double)
  ) {
    self.name = name
    self.derivatives = derivatives
  }

  /// A squared error that pulls a censored row only upwards: its target is a lower bound.
  ///
  /// Source: the type I Tobit loss without its normal tail; J. Tobin, Econometrica 26 (1958) 24.
  public static func oneSided(censored: [Bool]) -> CustomObjective {
    CustomObjective(name: "one-sided square") { row, prediction, target in
      let excess = prediction - target
      return censored[row] && excess > 0 ? (0, 0.001) : (excess, 1)
    }
  }
}

/// How trees are grown. The defaults are for some thousand rows of one home.
///
/// Source of the defaults: measured on five development homes, `docs/models/load-forecast.md`.
public struct BoostingSettings: Sendable, Hashable, Codable {
  /// Which library grows the trees.
  public var library = BoostingLibrary.lightGBM
  /// The most trees.
  public var rounds = 250
  /// The share of a tree's correction that is taken, 0…1.
  public var learningRate = 0.04
  /// The most leaves a tree has.
  public var leaves = 15
  /// The fewest rows in a leaf.
  public var minimumRowsPerLeaf = 40
  /// Ridge penalty on the leaves' values.
  public var ridge = 5.0
  /// The share of features a tree may use, 0…1.
  public var featureShare = 0.7
  /// The share of rows a tree sees, 0…1.
  public var rowShare = 0.8
  /// Stop after this many trees without a gain on the validation rows.
  public var patience = 30
  /// The seed of the draws of rows and features.
  public var seed = 7

  /// The defaults.
  public init() {}

  /// What is out of range, or `nil` when all is well.
  var complaint: String? {
    if !(1...100_000).contains(rounds) { return "rounds \(rounds) is not in 1…100000" }
    if !(learningRate > 0 && learningRate <= 1) { return "learningRate is not in 0…1" }
    if !(2...4_096).contains(leaves) { return "leaves \(leaves) is not in 2…4096" }
    if minimumRowsPerLeaf < 1 { return "minimumRowsPerLeaf is below 1" }
    if !(ridge >= 0) { return "ridge is below 0" }
    if !(featureShare > 0 && featureShare <= 1) { return "featureShare is not in 0…1" }
    if !(rowShare > 0 && rowShare <= 1) { return "rowShare is not in 0…1" }
    if patience < 1 { return "patience is below 1" }
    return nil
  }
}

extension BoostingSettings {
  /// The settings for a person.
  public var text: String {
    "\(library.rawValue), \(rounds) trees, \(leaves) leaves, \(minimumRowsPerLeaf) rows a leaf, "
      + String(format: "rate %.3f, ridge %.2f", learningRate, ridge)
  }
}
