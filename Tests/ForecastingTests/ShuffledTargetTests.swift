// SPDX-License-Identifier: MIT
import Foundation
import Learning
import Testing
import TimeSeries

@testable import Forecasting

/// What the trees of a home and a plant know must come from the pairs of features and targets: with
/// the targets in random order nothing is left of it.
@Suite("Shuffled training targets")
struct ShuffledTargetTests {
  private static var boosting: BoostingSettings {
    var settings = BoostingSettings()
    settings.rounds = 40
    settings.learningRate = 0.1
    return settings
  }

  /// 1 − the square error over that of the mean of the training targets, on later rows.
  private static func skill(_ examples: TrainingExamples, shuffled: Bool) throws -> Double {
    let split = examples.count * 3 / 4
    var training = examples.rows(Array(0..<split))
    let test = examples.rows(Array(split..<examples.count))
    if shuffled {
      var generator = SplitMix64(seed: 9)
      training.targets.shuffle(using: &generator)
    }
    let trees = try GradientBoostedTrees(
      training: training, objective: .meanSquare, settings: boosting)
    let predictions = try trees.predictions(for: test.features)
    let mean = training.targets.reduce(0, +) / Double(training.count)
    let error = zip(predictions, test.targets).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    return 1 - error / test.targets.reduce(0) { $0 + pow($1 - mean, 2) }
  }

  @Test("the load of a home")
  func load() throws {
    let grid = SyntheticHome.grid(days: 90)
    var rows = LoadRows(SyntheticHome.loadHistory(grid, SyntheticHome.load(grid, seed: 51)))
    for day in 2..<90 { rows.add(day: day, schedule: .localNoon) }
    let examples = try #require(rows.examples(targetsBefore: grid.count)).rich
    #expect(try Self.skill(examples, shuffled: false) > 0.3)
    #expect(try Self.skill(examples, shuffled: true) < 0.05)
  }

  @Test("the production of a plant")
  func production() throws {
    let grid = SyntheticHome.grid(days: 90, from: "2026-03-31T22:00:00Z")
    let (physics, actual) = SyntheticHome.plant(grid, seed: 52)
    var rows = PVRows(
      SyntheticHome.plantHistory(grid, physics: physics, actual: actual))
    for day in 2..<90 { rows.add(day: day, schedule: .localNoon) }
    let examples = try #require(rows.examples(targetsBefore: grid.count, isResidual: false))
    #expect(try Self.skill(examples, shuffled: false) > 0.5)
    #expect(try Self.skill(examples, shuffled: true) < 0.05)
  }
}
