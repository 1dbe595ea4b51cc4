// SPDX-License-Identifier: MIT
import Foundation
import Learning
import Testing
import TimeSeries

@Suite("Gradient boosted trees")
struct GradientBoostedTreesTests {
  /// y = 3 for x > 0, otherwise 1, plus even noise of ±0.5 and a column that says nothing.
  private static func step(rows: Int, seed: UInt64, missing: Bool = false) -> TrainingExamples {
    var generator = SplitMix64(seed: seed)
    var examples = TrainingExamples(
      features: FeatureMatrix(names: ["step", "nothing"]), targets: [])
    for _ in 0..<rows {
      let x = Double.random(in: -1...1, using: &generator)
      var row = FeatureMatrix(names: ["step", "nothing"])
      row.append([missing && x < 0 ? nil : x, Double.random(in: -1...1, using: &generator)])
      let noise = Double.random(in: -0.5...0.5, using: &generator)
      examples.append(row: 0, of: row, target: (x > 0 ? 3 : 1) + noise)
    }
    return examples
  }

  private static func settings(_ library: BoostingLibrary) -> BoostingSettings {
    var settings = BoostingSettings()
    settings.library = library
    settings.rounds = 120
    settings.learningRate = 0.1
    return settings
  }

  private static var question: FeatureMatrix {
    var matrix = FeatureMatrix(names: ["step", "nothing"])
    matrix.append([0.5, 0])
    matrix.append([-0.5, 0])
    return matrix
  }

  @Test("learns the two levels of a step", arguments: BoostingLibrary.allCases)
  func mean(library: BoostingLibrary) throws {
    let trees = try GradientBoostedTrees(
      training: Self.step(rows: 2_000, seed: 1), objective: .meanSquare,
      settings: Self.settings(library))
    let predictions = try trees.predictions(for: Self.question)
    #expect(abs(predictions[0] - 3) < 0.1)
    #expect(abs(predictions[1] - 1) < 0.1)
    let importance = try trees.importance()
    #expect(importance.first?.feature == "step")
    #expect(abs(importance.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    #expect((importance.first?.share ?? 0) > 0.9)
  }

  /// The 0.9 quantile of even noise on ±0.5 is 0.4.
  @Test("finds the quantile of the noise", arguments: BoostingLibrary.allCases)
  func quantile(library: BoostingLibrary) throws {
    let trees = try GradientBoostedTrees(
      training: Self.step(rows: 3_000, seed: 2), objective: .quantile(0.9),
      settings: Self.settings(library))
    let predictions = try trees.predictions(for: Self.question)
    #expect(abs(predictions[0] - 3.4) < 0.12)
    #expect(abs(predictions[1] - 1.4) < 0.12)
  }

  @Test("sends a missing value to the side it learned", arguments: BoostingLibrary.allCases)
  func missing(library: BoostingLibrary) throws {
    let trees = try GradientBoostedTrees(
      training: Self.step(rows: 2_000, seed: 3, missing: true), objective: .meanSquare,
      settings: Self.settings(library))
    var question = FeatureMatrix(names: ["step", "nothing"])
    question.append([nil, 0])
    #expect(abs(try trees.predictions(for: question)[0] - 1) < 0.1)
  }

  @Test("predicts the same after its text is read again", arguments: BoostingLibrary.allCases)
  func roundTrip(library: BoostingLibrary) throws {
    let trees = try GradientBoostedTrees(
      training: Self.step(rows: 500, seed: 4), objective: .meanSquare,
      settings: Self.settings(library))
    let again = try GradientBoostedTrees(text: try trees.text(), library: library)
    #expect(again.featureNames == ["step", "nothing"])
    #expect(again.rounds == trees.rounds)
    #expect(
      try again.predictions(for: Self.question) == trees.predictions(for: Self.question))
  }

  @Test("gives the same model for the same seed", arguments: BoostingLibrary.allCases)
  func deterministic(library: BoostingLibrary) throws {
    let texts = try (0..<2).map { _ in
      try GradientBoostedTrees(
        training: Self.step(rows: 500, seed: 5), objective: .quantile(0.5),
        settings: Self.settings(library)
      ).text()
    }
    #expect(texts[0] == texts[1])
  }

  /// Only noise is left to learn after a few trees, so growth ends long before the limit.
  @Test("stops when the validation rows gain nothing", arguments: BoostingLibrary.allCases)
  func earlyStopping(library: BoostingLibrary) throws {
    var settings = Self.settings(library)
    settings.rounds = 2_000
    settings.patience = 10
    let trees = try GradientBoostedTrees(
      training: Self.step(rows: 1_000, seed: 6), validation: Self.step(rows: 500, seed: 7),
      objective: .meanSquare, settings: settings)
    #expect(trees.rounds < 300)
    #expect(trees.validationLoss != nil)
  }

  @Test("grows the same trees from the derivatives of the square")
  func customEqualsSquare() throws {
    let square = CustomObjective(name: "square") { _, prediction, target in
      (prediction - target, 1)
    }
    for library in BoostingLibrary.allCases {
      let own = try GradientBoostedTrees(
        training: Self.step(rows: 2_000, seed: 8), objective: .custom(square),
        settings: Self.settings(library))
      let predictions = try own.predictions(for: Self.question)
      #expect(abs(predictions[0] - 3) < 0.1)
      #expect(abs(predictions[1] - 1) < 0.1)
    }
  }

  /// Rows on the right are cut at 2: plain squares learn 2, the one-sided loss goes above it.
  @Test("is not pulled down by rows that are only lower bounds")
  func censored() throws {
    var examples = Self.step(rows: 3_000, seed: 9)
    var generator = SplitMix64(seed: 10)
    let isCensored = examples.targets.map { $0 > 2 && Bool.random(using: &generator) }
    for row in isCensored.indices where isCensored[row] { examples.targets[row] = 2 }
    let settings = Self.settings(.lightGBM)
    let plain = try GradientBoostedTrees(
      training: examples, objective: .meanSquare, settings: settings)
    let fair = try GradientBoostedTrees(
      training: examples, objective: .custom(.oneSided(censored: isCensored)), settings: settings)
    #expect(abs(try plain.predictions(for: Self.question)[0] - 2.5) < 0.15)
    #expect(abs(try fair.predictions(for: Self.question)[0] - 3) < 0.15)
  }

  @Test("says what is wrong with a text", arguments: BoostingLibrary.allCases)
  func damaged(library: BoostingLibrary) throws {
    let text = try GradientBoostedTrees(
      training: Self.step(rows: 200, seed: 11), objective: .meanSquare,
      settings: Self.settings(library)
    ).text()
    for broken in ["", "nonsense", String(text.prefix(text.count / 2))] {
      #expect {
        _ = try GradientBoostedTrees(text: broken, library: library)
      } throws: { error in
        guard case LearningError.damagedModel? = error as? LearningError else { return false }
        return true
      }
    }
  }

  @Test("names the features that a question lacks")
  func missingFeature() throws {
    let trees = try GradientBoostedTrees(
      training: Self.step(rows: 200, seed: 12), objective: .meanSquare,
      settings: Self.settings(.lightGBM))
    var question = FeatureMatrix(names: ["nothing", "other"])
    question.append([1, 2])
    #expect(throws: LearningError.missingFeatures(["step"])) {
      try trees.predictions(for: question)
    }
    var reordered = FeatureMatrix(names: ["other", "nothing", "step"])
    reordered.append([7, 0, 0.5])
    #expect(
      try trees.predictions(for: reordered)[0] == trees.predictions(for: Self.question)[0])
  }

  @Test("refuses too few rows and senseless settings")
  func refusals() {
    #expect(throws: LearningError.tooFewRows(have: 5, need: 20)) {
      _ = try GradientBoostedTrees(
        training: Self.step(rows: 5, seed: 13), objective: .meanSquare)
    }
    #expect(throws: LearningError.invalidSetting("the quantile 1.0 is not between 0 and 1")) {
      _ = try GradientBoostedTrees(
        training: Self.step(rows: 50, seed: 13), objective: .quantile(1))
    }
    var settings = BoostingSettings()
    settings.leaves = 1
    #expect(throws: LearningError.invalidSetting("leaves 1 is not in 2…4096")) {
      _ = try GradientBoostedTrees(
        training: Self.step(rows: 50, seed: 13), objective: .meanSquare, settings: settings)
    }
  }

  @Test("never crosses its quantiles")
  func sorted() throws {
    var settings = Self.settings(.lightGBM)
    settings.rounds = 20
    let trees = try QuantileTrees(training: Self.step(rows: 300, seed: 14), settings: settings)
    let examples = Self.step(rows: 300, seed: 15)
    for prediction in try trees.predictions(for: examples.features) {
      #expect(prediction.p10 <= prediction.p50 && prediction.p50 <= prediction.p90)
    }
    let again = try QuantileTrees(files: try trees.files(named: "x"), named: "x")
    #expect(
      try again?.predictions(for: examples.features)
        == trees.predictions(for: examples.features))
  }
}
