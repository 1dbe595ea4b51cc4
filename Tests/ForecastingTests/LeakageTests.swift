// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Learning
import Testing
import TimeSeries

@Suite("Leakage")
struct LeakageTests {
  private static let days = 75

  private static var boosting: BoostingSettings {
    var settings = BoostingSettings()
    settings.rounds = 25
    settings.learningRate = 0.15
    return settings
  }

  private static var loadSettings: LoadWalkForward.Settings {
    var settings = LoadWalkForward.Settings()
    settings.boosting = boosting
    settings.warmUpDays = 10
    return settings
  }

  private static var pvSettings: PVWalkForward.Settings {
    var settings = PVWalkForward.Settings()
    settings.boosting.residual = boosting
    settings.boosting.direct = boosting
    settings.warmUpDays = 20
    return settings
  }

  /// The hour of the change: noon of day 66 by the wall, when one forecast is issued.
  private static func changeHour(_ grid: TimeGrid) -> Int {
    let noon = SyntheticHome.calendar.day(holding: grid.start, offset: 66).lowerBound
    return (grid.index(of: noon) ?? 0) + 12
  }

  private static func issuedUntil(
    _ forecasts: [IssuedForecast], _ date: Date
  ) -> [[UInt64]] {
    forecasts.filter { $0.issuedAt <= date }.map {
      [$0.p10, $0.p50, $0.p90, $0.mean].map(\.bitPattern)
    }
  }

  @Test("no load forecast changes by a bit when everything after its issue changes")
  func load() throws {
    let grid = SyntheticHome.grid(days: Self.days)
    let values = SyntheticHome.load(grid, seed: 1)
    let change = Self.changeHour(grid)
    var changed: [Double?] = values
    for index in change..<grid.count {
      changed[index] = index.isMultiple(of: 3) ? nil : 7 * values[index] + 999
    }
    let start = grid.date(at: 55 * 24)
    let issue = grid.date(at: change)
    let forecasts = try [values, changed].map {
      try LoadWalkForward(SyntheticHome.loadHistory(grid, $0), settings: Self.loadSettings)
        .forecasts(from: start)
    }
    let before = forecasts.map { Self.issuedUntil($0, issue) }
    #expect(before[0].count > 200)
    #expect(before[0] == before[1])
    // The test can fail: forecasts issued later do change.
    #expect(
      Self.issuedUntil(forecasts[0], .distantFuture)
        != Self.issuedUntil(forecasts[1], .distantFuture))
  }

  @Test("no PV forecast changes by a bit when all production after its issue changes")
  func pv() throws {
    let grid = SyntheticHome.grid(days: Self.days)
    let (physics, actual) = SyntheticHome.plant(grid, seed: 2)
    let change = Self.changeHour(grid)
    var changed: [Double?] = actual
    for index in change..<grid.count { changed[index] = index.isMultiple(of: 5) ? nil : 4_321 }
    let forecasts = try [actual, changed].map {
      try PVWalkForward(
        SyntheticHome.plantHistory(
          grid, physics: physics, actual: $0, location: SyntheticHome.brno),
        settings: Self.pvSettings
      ).forecasts(from: grid.date(at: 45 * 24))
    }
    let issue = grid.date(at: change)
    let before = forecasts.map { Self.issuedUntil($0, issue) }
    #expect(before[0].count > 200)
    #expect(before[0] == before[1])
    #expect(
      Self.issuedUntil(forecasts[0], .distantFuture)
        != Self.issuedUntil(forecasts[1], .distantFuture))
  }

  /// In the house: a forecaster that is handed a history reaching past the issue does not look.
  @Test("a trained forecaster does not look past its issue")
  func trained() throws {
    let grid = SyntheticHome.grid(days: 62)
    let values = SyntheticHome.load(grid, seed: 3)
    let issue = grid.date(at: 59 * 24 + 7)
    var plan = TrainingPlan()
    plan.validationDays = 10
    let (forecaster, _) = try LoadForecaster.train(
      SyntheticHome.loadHistory(grid, values), until: issue, plan: plan,
      boosting: Self.boosting)
    let horizon = TimeGrid(start: issue, stepSeconds: 900, count: 192)
    let hidden = values.enumerated().map { $0.offset < 59 * 24 + 7 ? $0.element : nil }
    let open = try forecaster.forecast(
      SyntheticHome.loadHistory(grid, values), issuedAt: issue, grid: horizon)
    let closed = try forecaster.forecast(
      SyntheticHome.loadHistory(grid, hidden), issuedAt: issue, grid: horizon)
    #expect(open == closed)
    let trainedOnHidden = try LoadForecaster.train(
      SyntheticHome.loadHistory(grid, hidden), until: issue, plan: plan,
      boosting: Self.boosting
    ).forecaster.forecast(
      SyntheticHome.loadHistory(grid, hidden), issuedAt: issue, grid: horizon)
    #expect(trainedOnHidden == open)
  }

  /// What the trees learn must come from the targets: with targets in random order their skill over
  /// the mean is gone.
  @Test("skill vanishes when the training targets are shuffled")
  func shuffled() throws {
    var generator = SplitMix64(seed: 4)
    var examples = TrainingExamples(features: FeatureMatrix(names: ["a", "b"]), targets: [])
    for _ in 0..<2_000 {
      let (a, b) = (
        Double.random(in: 0...1, using: &generator), Double.random(in: 0...1, using: &generator)
      )
      var row = FeatureMatrix(names: ["a", "b"])
      row.append([a, b])
      examples.append(row: 0, of: row, target: 3 * a - b)
    }
    let test = examples.rows(Array(1_500..<2_000))
    func skill(_ training: TrainingExamples) throws -> Double {
      let trees = try GradientBoostedTrees(
        training: training, objective: .meanSquare, settings: Self.boosting)
      let predictions = try trees.predictions(for: test.features)
      let mean = test.targets.reduce(0, +) / Double(test.count)
      let error = zip(predictions, test.targets).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
      return 1 - error / test.targets.reduce(0) { $0 + pow($1 - mean, 2) }
    }
    let ordered = examples.rows(Array(0..<1_500))
    var mixed = ordered
    mixed.targets.shuffle(using: &generator)
    #expect(try skill(ordered) > 0.9)
    #expect(try skill(mixed) < 0.05)
  }
}
