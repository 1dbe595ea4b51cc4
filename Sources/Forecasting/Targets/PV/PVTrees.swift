// SPDX-License-Identifier: MIT
public import Learning

/// The trained part of the PV forecast: trees on what the physics leaves over and trees on the
/// production itself, whose errors differ.
public struct PVTrees: Sendable {
  /// On the residual of the unbiased physics.
  public let residual: QuantileTrees
  /// On the production.
  public let direct: QuantileTrees

  /// Puts read trees together.
  public init(residual: QuantileTrees, direct: QuantileTrees) {
    self.residual = residual
    self.direct = direct
  }

  /// The fewest daylight hours for trees: about two weeks.
  static let fewestRows = 150
  /// A leaf holds at least this share of the rows, within the bounds: weather repeats itself slowly,
  /// and small leaves learn single days by heart. Its tenth needs some rows on either side.
  static let leafShare = 1.0 / 80
  static let leafRows = 30...150

  /// Trees from targets before an hour of the grid; `nil` while there are too few.
  init?(
    _ rows: PVRows, targetsBefore limit: Int, settings: PVBoosting
  ) throws(LearningError) {
    guard let residuals = rows.examples(targetsBefore: limit, isResidual: true),
      residuals.count >= Self.fewestRows,
      let direct = rows.examples(targetsBefore: limit, isResidual: false)
    else { return nil }
    let leaf = min(
      Self.leafRows.upperBound,
      max(Self.leafRows.lowerBound, Int(Double(residuals.count) * Self.leafShare)))
    var settings = settings
    settings.residual.minimumRowsPerLeaf = leaf
    settings.direct.minimumRowsPerLeaf = leaf
    residual = try QuantileTrees(training: residuals, settings: settings.residual)
    self.direct = try QuantileTrees(training: direct, settings: settings.direct)
  }

  /// What both sets say of each daylight target, in watts.
  func predictions(
    _ issue: PVIssue, _ history: PVHistory
  ) throws(LearningError) -> [[QuantileTrees.Prediction]] {
    let residual = try residual.predictions(for: issue.features)
    let direct = try direct.predictions(for: issue.features)
    let capacity = history.capacity
    let onPhysics = zip(residual, issue.daylight).map { prediction, place in
      let expected = (history.physics[issue.targets[place]] ?? 0) * issue.past.bias
      return prediction.map { expected + $0 * capacity }
    }
    return [onPhysics, direct.map { $0.map { $0 * capacity } }]
  }
}

/// How the two sets of trees are grown.
public struct PVBoosting: Sendable, Hashable, Codable {
  /// On the residual.
  public var residual: BoostingSettings
  /// On the production.
  public var direct: BoostingSettings

  /// The defaults. Source: measured on Utrecht 2015 and four other plants,
  /// `docs/models/pv-forecast.md`.
  public init() {
    residual = BoostingSettings()
    residual.leaves = 7
    residual.learningRate = 0.03
    residual.rounds = 400
    direct = BoostingSettings()
    direct.leaves = 15
    direct.learningRate = 0.03
    direct.rounds = 350
    direct.seed = 11
  }
}
