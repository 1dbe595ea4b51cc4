// SPDX-License-Identifier: MIT
public import Learning

/// The trained part of the load forecast: two sets of trees on many and on few features, whose
/// errors differ, both on loads relative to the home's level.
public struct LoadTrees: Sendable {
  /// On all features.
  public let rich: QuantileTrees
  /// On the few that carry most.
  public let compact: QuantileTrees

  /// Puts read trees together.
  public init(rich: QuantileTrees, compact: QuantileTrees) {
    self.rich = rich
    self.compact = compact
  }

  /// The fewest rows for trees: about three weeks.
  static let fewestRows = 300

  /// Trees from targets before an hour of the grid; `nil` while there are too few.
  init?(
    _ rows: LoadRows, targetsBefore limit: Int, settings: BoostingSettings
  ) throws(LearningError) {
    guard let examples = rows.examples(targetsBefore: limit),
      examples.rich.count >= Self.fewestRows
    else { return nil }
    rich = try QuantileTrees(training: examples.rich, settings: settings)
    compact = try QuantileTrees(training: examples.compact, settings: settings)
  }

  /// What both sets say of each target, in watts.
  func predictions(
    _ issue: LoadIssue
  ) throws(LearningError) -> [[QuantileTrees.Prediction]] {
    let level = issue.past.level
    let rich = try rich.predictions(for: issue.rich)
    let compact = try compact.predictions(for: issue.compact)
    return [compact, rich].map { $0.map { $0.map { max(0, $0 * level) } } }
  }
}
