// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

/// A year of a home is lived night by night by a simulated clock; nothing sleeps.
@Suite("The keeper of the models")
struct ModelKeeperTests {
  private let folder: TemporaryFolder
  private let registry: ModelRegistry

  init() throws {
    folder = try TemporaryFolder()
    registry = ModelRegistry(folder: folder.url.appending(path: "models"))
  }

  private static var settings: ModelKeeper.Settings {
    var settings = ModelKeeper.Settings()
    settings.training.load.rounds = 25
    settings.training.load.learningRate = 0.15
    settings.training.plan.validationDays = 10
    settings.fewestDays = 28
    return settings
  }

  /// A home whose evening peak moves to the morning on day `change`: what was learned is wrong then.
  private func past(days: Int, change: Int? = nil, until end: Int) -> LearningPast {
    let grid = SyntheticHome.grid(days: days)
    var values: [Double?] = SyntheticHome.load(grid, seed: 41)
    for index in values.indices {
      if index >= end * 24 { values[index] = nil }
      if let change, index >= change * 24, index < end * 24 {
        let hour = SyntheticHome.calendar.wallTime(at: grid.date(at: index)).hour
        values[index] = 150 + 3_000 * exp(-pow(hour - 6, 2) / 3)
      }
    }
    return LearningPast(
      end: grid.date(at: end * 24), plant: nil,
      load: SyntheticHome.loadHistory(grid, values))
  }

  private func night(_ day: Int) -> Date {
    SyntheticHome.calendar.day(
      holding: SyntheticHome.grid(days: 1).start, offset: day
    ).lowerBound.addingTimeInterval(3 * 3_600 + 60)
  }

  private func states() -> [String] {
    registry.versions(of: "load").map { "\($0.version) \($0.state.rawValue)" }
  }

  @Test("is due once a night, and makes up for a night that was missed")
  func nights() throws {
    var keeper = ModelKeeper(registry, calendar: SyntheticHome.calendar, settings: Self.settings)
    #expect(keeper.isDue(at: night(3)))
    _ = keeper.work(past(days: 8, until: 3), at: night(3))
    #expect(!keeper.isDue(at: night(3).addingTimeInterval(20 * 3_600)))
    #expect(!keeper.isDue(at: night(4).addingTimeInterval(-120)))
    #expect(keeper.isDue(at: night(4)))
    #expect(keeper.isDue(at: night(6).addingTimeInterval(9 * 3_600)))
  }

  @Test("trains weekly: the first good model serves, the next is on trial and the one after waits")
  func weeks() throws {
    var keeper = ModelKeeper(registry, calendar: SyntheticHome.calendar, settings: Self.settings)
    let young = keeper.work(past(days: 24, until: 20), at: night(20))
    #expect(young.contains { $0.message.contains("too little is known") })
    #expect(states().isEmpty)
    _ = keeper.work(past(days: 34, until: 28), at: night(28))
    #expect(states() == ["1 production"])
    #expect(
      keeper.work(past(days: 34, until: 29), at: night(29)).allSatisfy {
        !$0.message.contains("trained")
      })
    _ = keeper.work(past(days: 40, until: 35), at: night(35))
    #expect(states().count <= 2 && states().first == "1 production")
  }

  /// The second half is lived by another process: only the registry and the memory go over.
  @Test("a restart in the middle changes nothing")
  func restart() throws {
    func live(restartingOn restart: Int?) throws -> ([String], ModelKeeper.Memory) {
      let folder = try TemporaryFolder()
      let registry = ModelRegistry(folder: folder.url)
      var keeper = ModelKeeper(registry, calendar: SyntheticHome.calendar, settings: Self.settings)
      for day in stride(from: 28, through: 42, by: 2) {
        if day == restart {
          let data = try JSONEncoder().encode(keeper.memory)
          keeper = ModelKeeper(
            registry, calendar: SyntheticHome.calendar, settings: Self.settings,
            memory: try JSONDecoder().decode(ModelKeeper.Memory.self, from: data))
        }
        if keeper.isDue(at: night(day)) {
          _ = keeper.work(past(days: 48, until: day), at: night(day))
        }
      }
      return (
        registry.versions(of: "load").map {
          "\($0.version) \($0.state) \($0.dataHash) \($0.fileHashes.sorted { $0.key < $1.key })"
        }, keeper.memory
      )
    }
    let whole = try live(restartingOn: nil)
    let broken = try live(restartingOn: 36)
    #expect(!whole.0.isEmpty)
    #expect(whole.0 == broken.0)
    #expect(whole.1 == broken.1)
  }

  @Test("a model that has become worse than simple forecasts is rolled back, which is an alert")
  func rollBack() throws {
    let shelf = ModelShelf(registry)
    for day in [40, 42] {
      let model = try #require(
        try Self.settings.training.train(.load, on: past(days: 60, until: day)))
      _ = try shelf.save(model, at: night(day), promoting: true, keeping: 5)
    }
    #expect(states() == ["1 retired", "2 production"])
    var keeper = ModelKeeper(registry, calendar: SyntheticHome.calendar, settings: Self.settings)
    // A model of another life: its trees expect the evening, its home has moved to the morning and
    // its mix was learned before.
    let findings = keeper.work(past(days: 75, change: 44, until: 70), at: night(70))
    let trial = try ModelTraining.trial(
      .load, files: registry.load(target: "load", version: 2).files,
      on: past(days: 75, change: 44, until: 70))
    #expect(trial.days.count > 20)
    #expect(
      trial.isDegraded() == findings.contains { $0.isAlert && $0.message.contains("back to model") }
    )
    if trial.isDegraded() { #expect(states().first == "1 production") }
  }

  @Test("a damaged model in use goes back to the one before, and the forecast goes on")
  func damaged() throws {
    let shelf = ModelShelf(registry)
    for day in [40, 42] {
      let model = try #require(
        try Self.settings.training.train(.load, on: past(days: 60, until: day)))
      _ = try shelf.save(model, at: night(day), promoting: true, keeping: 5)
    }
    try Data("cut".utf8).write(
      to: folder.url.appending(path: "models/load/00002/rich-p50.lightgbm.txt"))
    #expect(shelf.trainedModels().models.load != nil)
    #expect(shelf.trainedModels().diagnostics.contains { $0.description.contains("model 2") })
    var keeper = ModelKeeper(registry, calendar: SyntheticHome.calendar, settings: Self.settings)
    let findings = keeper.work(past(days: 60, until: 43), at: night(43))
    #expect(findings.contains { $0.isAlert && $0.message.contains("back to model 1") })
    #expect(shelf.trainedModels().models.load != nil)
    #expect(shelf.trainedModels().diagnostics.isEmpty)
  }

  @Test("what is learned from reaches back as far as it may, and not further")
  func recent() {
    let all = past(days: 50, until: 50)
    let recent = all.recent(days: 20)
    #expect(recent.load?.hours.grid.count == 20 * 24)
    #expect(recent.load?.hours.grid.end == all.load?.hours.grid.end)
  }
}
