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
  ///
  /// - Parameter kind: only from days of this class; by default from all.
  init?(
    _ rows: LoadRows, targetsBefore limit: Int, settings: BoostingSettings,
    of kind: LoadContextKind? = nil
  ) throws(LearningError) {
    guard
      let examples = rows.examples(
        targetsBefore: limit, where: { kind == nil || $0 == kind }),
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

/// Trees of working days and of days off, grown apart: what one set that knows the class is compared
/// with.
struct SeparateLoadTrees: Sendable {
  private let working: LoadTrees
  private let off: LoadTrees

  /// `nil` while one of the classes has too few rows.
  init?(
    _ rows: LoadRows, targetsBefore limit: Int, settings: BoostingSettings
  ) throws(LearningError) {
    guard
      let working = try LoadTrees(
        rows, targetsBefore: limit, settings: settings, of: .working),
      let off = try LoadTrees(rows, targetsBefore: limit, settings: settings, of: .off)
    else { return nil }
    self.working = working
    self.off = off
  }

  /// What the trees of each target's class say of it.
  func predictions(
    _ issue: LoadIssue, _ history: LoadHistory
  ) throws(LearningError) -> [[QuantileTrees.Prediction]] {
    let (onWorking, onOff) = (try working.predictions(issue), try off.predictions(issue))
    return zip(onWorking, onOff).map { working, off in
      issue.targets.indices.map { row in
        history.hours.days[history.hours.day[issue.targets[row]]].isOff ? off[row] : working[row]
      }
    }
  }
}
