// SPDX-License-Identifier: MIT
import Foundation
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

/// Trees of working days and of days off, grown apart: the challenger of one set that knows the class.
public struct SeparateLoadTrees: Sendable {
  /// Of working days.
  public let working: LoadTrees
  /// Of weekends and holidays.
  public let off: LoadTrees

  /// Puts read trees together.
  public init(working: LoadTrees, off: LoadTrees) {
    self.working = working
    self.off = off
  }

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

/// How the trees of load are grown.
public enum LoadTreeKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// One set that knows the class of the day: the better one on most homes.
  case joint
  /// Working days apart from weekends and holidays.
  case separate
}

/// The trees of a load forecaster, of either kind.
public enum GrownLoadTrees: Sendable {
  /// One set for all days.
  case joint(LoadTrees)
  /// One set for each class of days.
  case separate(SeparateLoadTrees)

  /// `nil` while there are too few rows.
  init?(
    _ rows: LoadRows, targetsBefore limit: Int, settings: BoostingSettings, kind: LoadTreeKind
  ) throws(LearningError) {
    switch kind {
    case .joint:
      guard let trees = try LoadTrees(rows, targetsBefore: limit, settings: settings) else {
        return nil
      }
      self = .joint(trees)
    case .separate:
      guard let trees = try SeparateLoadTrees(rows, targetsBefore: limit, settings: settings)
      else { return nil }
      self = .separate(trees)
    }
  }

  /// The set that most days ask.
  public var main: LoadTrees {
    switch self {
    case .joint(let trees): trees
    case .separate(let trees): trees.working
    }
  }

  /// What the trees say of each target.
  func predictions(
    _ issue: LoadIssue, _ history: LoadHistory
  ) throws(LearningError) -> [[QuantileTrees.Prediction]] {
    switch self {
    case .joint(let trees): try trees.predictions(issue)
    case .separate(let trees): try trees.predictions(issue, history)
    }
  }

  /// As files for the registry.
  func files() throws(LearningError) -> [String: Data] {
    var files = try main.rich.files(named: "rich")
    files.merge(try main.compact.files(named: "compact")) { first, _ in first }
    guard case .separate(let trees) = self else { return files }
    files.merge(try trees.off.rich.files(named: "off-rich")) { first, _ in first }
    files.merge(try trees.off.compact.files(named: "off-compact")) { first, _ in first }
    return files
  }

  /// Reads trees; `nil` where there are none.
  ///
  /// - Throws: `damagedModel`.
  init?(files: [String: Data]) throws(LearningError) {
    let main = try QuantileTrees.pair(files: files, named: "rich", "compact")
    let off = try QuantileTrees.pair(files: files, named: "off-rich", "off-compact")
    switch (main, off) {
    case (nil, nil): return nil
    case (let main?, nil): self = .joint(LoadTrees(rich: main.0, compact: main.1))
    case (let main?, let off?):
      self = .separate(
        SeparateLoadTrees(
          working: LoadTrees(rich: main.0, compact: main.1),
          off: LoadTrees(rich: off.0, compact: off.1)))
    case (nil, .some): throw .damagedModel(reason: "the trees of working days are missing")
    }
  }
}
