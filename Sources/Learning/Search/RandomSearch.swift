// SPDX-License-Identifier: MIT
import Foundation
import ParallelWork

/// Rows of consecutive time split so that each test block lies after everything it is learned from.
public struct RollingFolds: Sendable, Hashable {
  /// The places of training and test rows of one fold.
  public struct Fold: Sendable, Hashable {
    /// From the first row up to the gap.
    public let training: Range<Int>
    /// The block after the gap.
    public let test: Range<Int>
  }

  /// The folds, oldest first.
  public let folds: [Fold]

  /// Folds over rows in order of time.
  ///
  /// - Parameters:
  ///   - rowCount: how many rows there are.
  ///   - count: how many folds.
  ///   - gap: rows left out before each test block, so that no lag looks into it.
  /// - Precondition: `count >= 1`, `gap >= 0`.
  public init(rowCount: Int, count: Int = 4, gap: Int = 48) {
    precondition(count >= 1 && gap >= 0, "there is at least one fold")
    let block = rowCount / (count + 1)
    folds = (1...count).compactMap { fold in
      let start = fold * block
      let end = fold == count ? rowCount : start + block
      guard start - gap > 0, end > start else { return nil }
      return Fold(training: 0..<start - gap, test: start..<end)
    }
  }
}

/// Looks for better settings by trying random ones on rolling folds.
///
/// Source: J. Bergstra, Y. Bengio, Random search for hyper-parameter optimization, JMLR 13 (2012)
/// 281.
public struct RandomSearch: Sendable {
  /// What is tried.
  public struct Space: Sendable, Hashable {
    /// Leaves a tree.
    public var leaves = 7...31
    /// Rows a leaf.
    public var minimumRowsPerLeaf = 20...150
    /// Ridge penalty, drawn evenly in its logarithm.
    public var ridge = 1.0...20.0
    /// Learning rate, drawn evenly in its logarithm.
    public var learningRate = 0.03...0.08
    /// Trees.
    public var rounds = 100...500
    /// Share of features.
    public var featureShare = 0.5...0.9

    /// The defaults.
    public init() {}
  }

  /// A setting with its mean loss over the folds.
  public struct Trial: Sendable, Hashable {
    /// The setting.
    public let settings: BoostingSettings
    /// Mean loss on the test blocks.
    public let loss: Double
  }

  private let space: Space
  private let draws: Int

  /// A search with so many draws.
  public init(space: Space = Space(), draws: Int = 30) {
    self.space = space
    self.draws = draws
  }

  /// Tries the given settings and random ones.
  ///
  /// - Parameters:
  ///   - start: the settings in use; always among those tried.
  ///   - loss: the mean loss of a setting on one fold; `nil` where it cannot be trained.
  ///   - progress: told the trials done and in all.
  /// - Returns: all trials, best first.
  public func run(
    from start: BoostingSettings, folds: RollingFolds,
    using generator: inout some RandomNumberGenerator,
    loss: @escaping @Sendable (BoostingSettings, RollingFolds.Fold) -> Double?,
    progress: (Int, Int) -> Void = { _, _ in }
  ) -> [Trial] {
    var candidates = [start]
    for _ in 0..<draws { candidates.append(draw(from: start, using: &generator)) }
    var trials: [Trial] = []
    for (number, settings) in candidates.enumerated() {
      let losses = SideBySide.map(folds.folds) { loss(settings, $0) }
      if let mean = losses.allMean { trials.append(Trial(settings: settings, loss: mean)) }
      progress(number + 1, candidates.count)
    }
    return trials.sorted { $0.loss < $1.loss }
  }

  private func draw(
    from start: BoostingSettings, using generator: inout some RandomNumberGenerator
  ) -> BoostingSettings {
    var settings = start
    settings.leaves = Int.random(in: space.leaves, using: &generator)
    settings.minimumRowsPerLeaf = Int.random(in: space.minimumRowsPerLeaf, using: &generator)
    settings.ridge = logarithmic(space.ridge, using: &generator)
    settings.learningRate = logarithmic(space.learningRate, using: &generator)
    settings.rounds = Int.random(in: space.rounds, using: &generator)
    settings.featureShare = Double.random(in: space.featureShare, using: &generator)
    return settings
  }

  private func logarithmic(
    _ range: ClosedRange<Double>, using generator: inout some RandomNumberGenerator
  ) -> Double {
    range.lowerBound
      * pow(range.upperBound / range.lowerBound, Double.random(in: 0...1, using: &generator))
  }
}

extension [Double?] {
  /// The mean, if nothing is missing.
  fileprivate var allMean: Double? {
    let known = compactMap { $0 }
    return known.count == count && !known.isEmpty ? known.reduce(0, +) / Double(count) : nil
  }
}
