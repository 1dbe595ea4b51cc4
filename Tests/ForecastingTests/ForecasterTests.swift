// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Forecasters")
struct ForecasterTests {
  private static var boosting: BoostingSettings {
    var settings = BoostingSettings()
    settings.rounds = 40
    settings.learningRate = 0.1
    return settings
  }

  private static var pvBoosting: PVBoosting {
    var settings = PVBoosting()
    settings.residual = boosting
    settings.direct = boosting
    return settings
  }

  @Test("load: beats the last known day and holds four hours in five")
  func loadSkill() throws {
    let grid = SyntheticHome.grid(days: 110)
    let values = SyntheticHome.load(grid, seed: 11)
    var settings = LoadWalkForward.Settings()
    settings.boosting = Self.boosting
    let forecasts = try LoadWalkForward(
      SyntheticHome.loadHistory(grid, values), settings: settings
    ).forecasts(from: grid.date(at: 60 * 24))
    let scores = try #require(ForecastScores(forecasts.compactMap(\.outcome)))
    let yesterday = forecasts.compactMap { forecast -> Double? in
      guard let index = grid.index(of: forecast.target) else { return nil }
      return abs(values[index] - values[index - 48])
    }
    #expect(scores.meanAbsoluteError < 0.8 * yesterday.reduce(0, +) / Double(yesterday.count))
    #expect((0.74...0.86).contains(scores.coverage))
  }

  @Test("PV: learns the shade of a tree and the bias, is zero at night and within the limit")
  func pvSkill() throws {
    let grid = SyntheticHome.grid(days: 120)
    let (physics, actual) = SyntheticHome.plant(grid, seed: 12)
    let history = SyntheticHome.plantHistory(grid, physics: physics, actual: actual)
    var settings = PVWalkForward.Settings()
    settings.boosting = Self.pvBoosting
    settings.warmUpDays = 30
    let forecasts = try PVWalkForward(history, settings: settings)
      .forecasts(from: grid.date(at: 80 * 24))
    let scores = try #require(ForecastScores(forecasts.compactMap(\.outcome)))
    let plain = forecasts.map { forecast in
      let index = grid.index(of: forecast.target) ?? 0
      return pow(physics[index] * 0.9 - actual[index], 2)
    }
    #expect(
      scores.rootMeanSquareError
        < 0.9 * (plain.reduce(0, +) / Double(plain.count)).squareRoot())
    for forecast in forecasts {
      #expect(forecast.p10 >= 0 && forecast.p90 <= 5_000)
      let index = grid.index(of: forecast.target) ?? 0
      if physics[index] == 0 { #expect(forecast.p90 == 0 && forecast.mean == 0) }
    }
  }

  @Test("PV: on the first day the forecast is physics times the start value")
  func pvFirstDay() throws {
    let grid = SyntheticHome.grid(days: 3)
    let (physics, _) = SyntheticHome.plant(grid, seed: 13)
    let history = SyntheticHome.plantHistory(
      grid, physics: physics, actual: Array(repeating: nil, count: grid.count))
    let horizon = TimeGrid(start: grid.date(at: 24), stepSeconds: 900, count: 96)
    let forecast = try PVForecaster().forecast(
      history, issuedAt: grid.date(at: 24), grid: horizon)
    for step in horizon.indices {
      let expected = min(5_000, 0.95 * physics[24 + step / 4])
      #expect(abs(forecast.mean[step].rawValue - expected) < 1e-9)
    }
  }

  @Test("PV: an hour's steps keep its energy and follow the shape")
  func shape() throws {
    let grid = SyntheticHome.grid(days: 3)
    let (physics, actual) = SyntheticHome.plant(grid, seed: 14)
    let history = SyntheticHome.plantHistory(grid, physics: physics, actual: actual)
    let horizon = TimeGrid(start: grid.date(at: 36), stepSeconds: 900, count: 48)
    let level = try PVForecaster().forecast(history, issuedAt: grid.date(at: 30), grid: horizon)
    let shape = Series<Watts>(
      grid: horizon, rawValues: horizon.indices.map { Double($0 % 4) + 1 })
    let shaped = try PVForecaster().forecast(
      history, issuedAt: grid.date(at: 30), grid: horizon, shape: shape)
    for hour in 0..<12 {
      let steps = hour * 4..<hour * 4 + 4
      let before = steps.reduce(0) { $0 + level.mean[$1].rawValue }
      let after = steps.reduce(0) { $0 + shaped.mean[$1].rawValue }
      #expect(abs(before - after) < 1e-6)
    }
    #expect(shaped.mean[3].rawValue >= shaped.mean[0].rawValue)
  }

  @Test("a forecaster is the same after its files are read again, and a damaged one is refused")
  func files() throws {
    let grid = SyntheticHome.grid(days: 60)
    let values: [Double?] = SyntheticHome.load(grid, seed: 15)
    let issue = grid.date(at: 57 * 24)
    let history = SyntheticHome.loadHistory(grid, values)
    var plan = TrainingPlan()
    plan.validationDays = 10
    let (forecaster, report) = try LoadForecaster.train(
      history, until: issue, plan: plan, boosting: Self.boosting)
    #expect(report.rowCount > 300 && report.features.contains("lag_newest"))
    #expect(report.metrics["pinball"] != nil)
    let horizon = TimeGrid(start: issue, stepSeconds: 900, count: 192)
    var files = try forecaster.files()
    let again = try LoadForecaster(files: files)
    #expect(
      try again.forecast(history, issuedAt: issue, grid: horizon)
        == forecaster.forecast(history, issuedAt: issue, grid: horizon))
    files["rich-p50.lightgbm.txt"] = Data("tree\ncut".utf8)
    #expect(throws: LearningError.self) { _ = try LoadForecaster(files: files) }
    #expect(throws: LearningError.self) { _ = try PVForecaster(files: files) }
    files["rich-p50.lightgbm.txt"] = nil
    #expect(throws: LearningError.self) { _ = try LoadForecaster(files: files) }
  }

  @Test("PV: files and scenarios; whole courses lie around the forecast and are zero at night")
  func scenarios() throws {
    let grid = SyntheticHome.grid(days: 70)
    let (physics, actual) = SyntheticHome.plant(grid, seed: 16)
    let history = SyntheticHome.plantHistory(grid, physics: physics, actual: actual)
    let issue = grid.date(at: 66 * 24)
    var plan = TrainingPlan()
    plan.validationDays = 25
    let (forecaster, _) = try PVForecaster.train(
      history, until: issue, plan: plan, boosting: Self.pvBoosting)
    let again = try PVForecaster(files: try forecaster.files())
    let horizon = TimeGrid(start: issue, stepSeconds: 3_600, count: 48)
    let forecast = try again.forecast(history, issuedAt: issue, grid: horizon)
    #expect(try forecaster.forecast(history, issuedAt: issue, grid: horizon) == forecast)
    let courses = try again.scenarios(history, issuedAt: issue, grid: horizon, count: 20)
    #expect(courses.count == 20)
    var (inside, hours) = (0, 0)
    for step in horizon.indices where forecast.p90[step].rawValue > 100 {
      for course in courses {
        let value = course[step] ?? .zero
        hours += 1
        inside += value >= forecast.p10[step] && value <= forecast.p90[step] ? 1 : 0
      }
    }
    // A course's hours lie inside P10…P90 about as often as real ones.
    #expect((0.65...0.95).contains(Double(inside) / Double(hours)))
    for course in courses { #expect(course[2] == .zero) }
  }

  @Test("a house of a few hours has nothing to learn from, and training on it gives no trees")
  func fewHours() throws {
    for hours in [1, 3, 24, 30] {
      let grid = SyntheticHome.grid(days: 3)
      let loads = SyntheticHome.load(grid, seed: 1)
      let end = grid.date(at: hours)
      let known = grid.indices.map { $0 < hours ? loads[$0] : nil }
      let short = TimeGrid(start: grid.start, stepSeconds: 3_600, count: hours)
      for history in [
        SyntheticHome.loadHistory(grid, known),
        SyntheticHome.loadHistory(short, Array(loads.prefix(hours))),
      ] {
        let (_, report) = try LoadForecaster.train(history, until: end)
        #expect(report.historyDays <= 2)
      }
    }
  }

  @Test("load: a home one day old is forecast from that day and the generic profile")
  func loadFirstDay() throws {
    let grid = SyntheticHome.grid(days: 4)
    let values: [Double?] = grid.indices.map { $0 < 24 ? 400 : nil }
    let horizon = TimeGrid(start: grid.date(at: 24), stepSeconds: 900, count: 192)
    let forecast = try LoadForecaster().forecast(
      SyntheticHome.loadHistory(grid, values), issuedAt: horizon.start, grid: horizon)
    let mean = forecast.mean.reduce(.zero, +).rawValue / 192
    #expect((300...500).contains(mean))
    #expect(forecast.p10.allSatisfy { $0 > .zero })
  }

  /// By hand: four days whose forecast is 100, whose last day had 200, and which came at 150.
  @Test("the level blend learns its share and stays within its bounds")
  func levelBlend() {
    var blend = LevelBlend()
    #expect(blend.share == 0.3)
    for _ in 0..<120 { blend.observe(forecast: 100, actual: 150, last24: 200) }
    // (120·5000 + 0.3·20·10000) / (120·10000 + 20·10000) = 660/1400.
    #expect(abs(blend.share - 660.0 / 1_400) < 1e-12)
    #expect(abs(blend.factor(forecast: 100, last24: 200) - (1 + 660.0 / 1_400)) < 1e-12)
    for _ in 0..<120 { blend.observe(forecast: 100, actual: 100, last24: 10) }
    // The mean square of 240 days is 9050: (600000 + 0.3·20·9050) / (2172000 + 20·9050).
    #expect(abs(blend.share - 654_300.0 / 2_353_000) < 1e-12)
    for _ in 0..<365 { blend.observe(forecast: 100, actual: 190, last24: 200) }
    #expect(blend.share == 0.6)
    #expect(blend.factor(forecast: 0, last24: 10) == 1)
  }
}
