// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

extension LoadForecaster {
  /// The best settings found by random search on rolling folds over the rows before an instant.
  ///
  /// The folds lie one after the other in time, each tested on what follows it; what is learned
  /// later with the settings has therefore not chosen them.
  public static func searchSettings(
    _ history: LoadHistory, until end: Date, from first: BoostingSettings = BoostingSettings(),
    draws: Int = 20, seed: UInt64 = 1,
    progress: (Int, Int) -> Void = { _, _ in }
  ) -> BoostingSettings {
    let limit = history.issueHour(at: end)
    var rows = LoadRows(history)
    for day in Set(history.hours.day.prefix(limit)).sorted() {
      rows.add(day: day, schedule: .localNoon)
    }
    guard let examples = rows.examples(targetsBefore: limit)?.rich else {
      return first
    }
    var generator = SplitMix64(seed: seed)
    let trials = RandomSearch(draws: draws).run(
      from: first, folds: RollingFolds(rowCount: examples.count),
      using: &generator,
      loss: { settings, fold in
        // A setting whose trees cannot be grown on a fold is no candidate.
        guard
          let trees = try? GradientBoostedTrees(
            training: examples.rows(Array(fold.training)), objective: .quantile(0.5),
            settings: settings),
          let predictions = try? trees.predictions(
            for: examples.rows(Array(fold.test)).features)
        else { return nil }
        return zip(fold.test, predictions).reduce(0) {
          $0 + Pinball.loss(examples.targets[$1.0], $1.1, 0.5)
        } / Double(max(1, fold.test.count))
      }, progress: progress)
    return trials.first?.settings ?? first
  }
}
