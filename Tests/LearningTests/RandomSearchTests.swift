// SPDX-License-Identifier: MIT
import Learning
import Testing
import TimeSeries

@Suite("Random search")
struct RandomSearchTests {
  @Test("folds lie after what they are learned from, with the gap")
  func folds() {
    let folds = RollingFolds(rowCount: 1_000, count: 4, gap: 48).folds
    #expect(folds.map(\.test) == [200..<400, 400..<600, 600..<800, 800..<1_000])
    #expect(folds.map(\.training) == [0..<152, 0..<352, 0..<552, 0..<752])
  }

  @Test("finds settings near the best and never loses the ones it began with")
  func search() {
    var generator = SplitMix64(seed: 3)
    let trials = RandomSearch(draws: 60).run(
      from: BoostingSettings(), folds: RollingFolds(rowCount: 1_000), using: &generator
    ) { settings, _ in abs(Double(settings.leaves) - 24) + 1 }
    #expect(trials.count == 61)
    #expect(trials.contains { $0.settings == BoostingSettings() && $0.loss == 10 })
    #expect(trials[0].loss <= 2)
    #expect(zip(trials, trials.dropFirst()).allSatisfy { $0.loss <= $1.loss })
  }

  @Test("an executor runs work away from the caller and passes its error on")
  func executor() async {
    let executor = TrainingExecutor()
    #expect(await executor.run { 41 + 1 } == 42)
    await #expect(throws: LearningError.invalidSetting("x")) {
      try await executor.run { () throws(LearningError) -> Int in
        throw LearningError.invalidSetting("x")
      }
    }
  }
}
