// SPDX-License-Identifier: MIT
import Foundation
import Household
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Prices that are not published yet")
struct PriceForecasterTests {
  private static let calendar = SyntheticHome.calendar

  /// A market whose evening goes on as it was the day before, beside the usual course, with two peaks and cheap days off.
  private static func prices(_ grid: TimeGrid, seed: UInt64) -> [Double?] {
    var generator = SplitMix64(seed: seed)
    var (level, evening) = (0.08, 0.0)
    return grid.indices.map { index in
      let time = calendar.wallTime(at: grid.date(at: index))
      if time.minuteOfDay == 0 {
        level = 0.08 + 0.8 * (level - 0.08) + Double.random(in: -0.002...0.002, using: &generator)
        evening = 0.8 * evening + Double.random(in: -0.06...0.06, using: &generator)
      }
      let peaks = 0.02 * exp(-pow(time.hour - 8, 2) / 5) + 0.03 * exp(-pow(time.hour - 19, 2) / 5)
      let extra = time.hour >= 17 && time.hour <= 21 ? evening : 0
      return level + peaks + extra - (time.isDayOff ? 0.02 : 0)
        + Double.random(in: -0.002...0.002, using: &generator)
    }
  }

  private static func history(days: Int, _ values: [Double?]) -> PriceHistory {
    PriceHistory(
      prices: Series(
        grid: SyntheticHome.grid(days: days),
        values: values.map { $0.map { PricePerKilowattHour($0) } }), calendar: calendar)
  }

  private static var settings: BoostingSettings {
    var settings = PriceForecaster.defaultSettings
    settings.rounds = 60
    settings.learningRate = 0.12
    return settings
  }

  private static func trained(_ history: PriceHistory, until end: Date) throws
    -> (forecaster: PriceForecaster, report: ForecasterReport)
  {
    try PriceForecaster.train(history, until: end, boosting: settings)
  }

  @Test("trees see what the usual course does not, and their quantiles hold")
  func gain() throws {
    let grid = SyntheticHome.grid(days: 260)
    let history = Self.history(days: 260, Self.prices(grid, seed: 3))
    let (forecaster, report) = try Self.trained(history, until: grid.date(at: 200 * 24))
    #expect(forecaster.trees != nil && report.rowCount > 2_000)
    let trial = try forecaster.advanced(history, until: grid.end).trial
    #expect(trial.days.count > 50)
    let (own, course) = (
      trial.days.reduce(0) { $0 + $1.loss }, trial.days.reduce(0) { $0 + $1.referenceLoss }
    )
    #expect(own < 0.95 * course)
    let coverage = trial.days.map(\.coverage).reduce(0, +) / Double(trial.days.count)
    #expect(coverage > 0.72 && coverage < 0.88)
  }

  @Test("what is published is certain, what follows is not, and nothing later is looked at")
  func published() throws {
    let grid = SyntheticHome.grid(days: 120)
    var values = Self.prices(grid, seed: 4)
    let end = grid.date(at: 80 * 24)
    let history = Self.history(days: 120, values)
    let forecaster = try Self.trained(history, until: end).forecaster
    let now = end.addingTimeInterval(14 * 3_600)
    let ahead = TimeGrid(start: now, stepSeconds: 900, count: 192)
    let known = history.known(before: now).reaching(ahead.end)
    let forecast = try #require(try forecaster.forecast(known, issuedAt: now, grid: ahead))
    // At two in the afternoon tomorrow is out: 34 hours.
    for step in ahead.indices {
      let isOut = step < 34 * 4
      #expect((forecast.p10[step] == forecast.p90[step]) == isOut)
    }
    #expect(forecast.p50[0].rawValue == values[80 * 24 + 14])
    for index in 82 * 24..<values.count { values[index] = 9 }
    let other = Self.history(days: 120, values).known(before: now).reaching(ahead.end)
    #expect(try forecaster.forecast(other, issuedAt: now, grid: ahead) == forecast)
    let fromOther = try Self.trained(Self.history(days: 120, values), until: end)
    #expect(
      try fromOther.forecaster.forecast(other, issuedAt: now, grid: ahead) == forecast)
  }

  @Test("a few days make the usual course, one makes nothing; files come back as they were")
  func youngAndStored() throws {
    let grid = SyntheticHome.grid(days: 40)
    let values = Self.prices(grid, seed: 5)
    let now = grid.date(at: 20 * 24)
    let ahead = TimeGrid(start: now, stepSeconds: 3_600, count: 48)
    let history = Self.history(days: 40, values)
    let young = try #require(
      try PriceForecaster().forecast(
        history.known(before: now).reaching(ahead.end), issuedAt: now, grid: ahead))
    #expect(young.p10[40] < young.p90[40])
    let one = history.part(19 * 24..<20 * 24).reaching(ahead.end)
    #expect(try PriceForecaster().forecast(one, issuedAt: now, grid: ahead) == nil)

    let long = Self.history(days: 100, Self.prices(SyntheticHome.grid(days: 100), seed: 6))
    let end = SyntheticHome.grid(days: 100).date(at: 90 * 24)
    let forecaster = try Self.trained(long, until: end).forecaster
    let again = try PriceForecaster(files: try forecaster.files())
    let later = TimeGrid(start: end, stepSeconds: 3_600, count: 48)
    let known = long.known(before: end).reaching(later.end)
    #expect(
      try again.forecast(known, issuedAt: end, grid: later)
        == forecaster.forecast(known, issuedAt: end, grid: later))
    #expect(throws: LearningError.self) { try PriceForecaster(files: ["ensemble.json": Data()]) }
  }
}
