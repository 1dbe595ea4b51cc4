// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Studies on a synthetic home")
struct StudyTests {
  private static var boosting: BoostingSettings {
    var settings = BoostingSettings()
    settings.rounds = 30
    settings.learningRate = 0.12
    return settings
  }

  private static var pvBoosting: PVBoosting {
    var settings = PVBoosting()
    settings.residual = boosting
    settings.direct = boosting
    return settings
  }

  private static var study: ColdStartStudy {
    var study = ColdStartStudy()
    study.lengths = [3, 14, 30]
    study.starts = 2
    study.scoredDays = 14
    study.boosting = boosting
    study.pvBoosting = pvBoosting
    return study
  }

  @Test("PV is never worse than unbiased physics plus one per cent, however young the plant")
  func youngPlant() throws {
    let grid = SyntheticHome.grid(days: 90, from: "2026-03-31T22:00:00Z")
    let (physics, actual) = SyntheticHome.plant(grid, seed: 31)
    let history = SyntheticHome.plantHistory(grid, physics: physics, actual: actual)
    let rows = try Self.study.rows(history)
    #expect(rows.map(\.days) == [3, 14, 30])
    for row in rows { #expect(row.error <= 1.01 * row.reference, "\(row.days) days") }
  }

  @Test("load is never worse than the last known same hour, however young the home")
  func youngHome() throws {
    let grid = SyntheticHome.grid(days: 90)
    let history = SyntheticHome.loadHistory(grid, SyntheticHome.load(grid, seed: 32))
    for row in try Self.study.rows(history) {
      #expect(row.error <= row.reference, "\(row.days) days")
    }
  }

  /// The plant gives 0.9 of physics, less behind a tree; a third of the days are cut around noon.
  @Test("days held down pull the forecast down as measured, and hardly when marked")
  func curtailed() throws {
    let grid = SyntheticHome.grid(days: 160, from: "2026-03-31T22:00:00Z")
    let (physics, actual) = SyntheticHome.plant(grid, seed: 33)
    let history = SyntheticHome.plantHistory(grid, physics: physics, actual: actual)
    var study = CurtailmentStudy()
    study.boosting = Self.pvBoosting
    let rows = try study.rows(history, split: grid.date(at: 110 * 24))
    #expect(rows.count == 3)
    let bias = rows.map(\.energyBias)
    #expect(bias[1] < bias[2] - 0.03)
    #expect(abs(bias[2] - bias[0]) < 0.04)
  }

  /// A plant of which physics knows everything but a factor; it loses a quarter on day 500.
  @Test("a loss is told after it happened, and nothing before")
  func drift() {
    var (watch, generator) = (PlantDrift(), SplitMix64(seed: 34))
    var alarms: [Int] = []
    for day in 0..<560 {
      let expected = 3 + 2 * sin(Double(day) / 365 * 2 * .pi)
      let share = (day < 500 ? 0.9 : 0.68) * Double.random(in: 0.85...1.15, using: &generator)
      if watch.observe(measured: share * expected, expected: expected) == .alarm {
        alarms.append(day)
      }
    }
    #expect((500...520).contains(alarms.first ?? 0))
  }

  /// By hand: 1.2 of 2 full-load hours are 0.4 too few; a day of 0.3 counts as one of 0.35, and for
  /// a fifth.
  @Test("the score of a day is relative and counts less on dark days")
  func driftScore() {
    #expect(abs(PlantDrift.score(measured: 1.2, expected: 2) + 0.4) < 1e-12)
    #expect(abs(PlantDrift.score(measured: 0.23, expected: 0.3) + 0.2 * 0.07 / 0.35) < 1e-12)
    #expect(PlantDrift.score(measured: 9, expected: 2) == 1)
  }

  @Test("a frozen model is scored on the days after its training, and only on those")
  func trial() throws {
    let grid = SyntheticHome.grid(days: 80)
    let history = SyntheticHome.loadHistory(grid, SyntheticHome.load(grid, seed: 35))
    var plan = TrainingPlan()
    plan.validationDays = 10
    let (forecaster, _) = try LoadForecaster.train(
      history, until: grid.date(at: 60 * 24), plan: plan, boosting: Self.boosting)
    let (later, trial) = try forecaster.advanced(history, until: grid.date(at: 75 * 24))
    // The targets of days 61 to 74: those of day 60 had been forecast before the training ended.
    #expect(trial.days.count == 14)
    #expect(try later.advanced(history, until: grid.date(at: 75 * 24)).trial.days.isEmpty)
    #expect(!trial.isDegraded())
    let loss = trial.days.reduce(0) { $0 + $1.loss }
    let simple = trial.days.reduce(0) { $0 + $1.referenceLoss }
    #expect(loss < 1.1 * simple)
  }

  @Test("a noon whose next day the training did not know is still to be tried")
  func unknownDay() throws {
    let grid = SyntheticHome.grid(days: 70)
    let values = SyntheticHome.load(grid, seed: 36)
    let known = 60 * 24
    var plan = TrainingPlan()
    plan.validationDays = 10
    let (forecaster, _) = try LoadForecaster.train(
      SyntheticHome.loadHistory(SyntheticHome.grid(days: 60), Array(values.prefix(known))),
      until: grid.date(at: known), plan: plan, boosting: Self.boosting)
    let trial = try forecaster.advanced(
      SyntheticHome.loadHistory(grid, values), until: grid.date(at: 64 * 24)
    ).trial
    // Days 60 to 63: at noon of day 59 nobody had hours of day 60 to forecast.
    #expect(trial.days.count == 4)
  }
}
