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

  /// The trees of model 2 come from a home that lives at night: in this one they are wrong every day.
  @Test(
    "a model that is worse than simple forecasts is rolled back within weeks, which is an alert")
  func rollBack() throws {
    let shelf = ModelShelf(registry)
    let good = try #require(
      try Self.settings.training.train(.load, on: past(days: 60, until: 40)))
    _ = try shelf.save(good, at: night(40), promoting: true, keeping: 5)
    let bad = try #require(
      try Self.settings.training.train(.load, on: past(days: 60, change: 0, until: 42)))
    _ = try shelf.save(bad, at: night(42), promoting: true, keeping: 5)
    #expect(states() == ["1 retired", "2 production"])
    var settings = Self.settings
    // The trial of a challenger would only make the test longer.
    settings.trainingDays = 1_000
    var keeper = ModelKeeper(
      registry, calendar: SyntheticHome.calendar, settings: settings,
      memory: {
        var memory = ModelKeeper.Memory()
        memory.lastTraining = night(42)
        return memory
      }())
    var alerts: [(day: Int, message: String)] = []
    for day in 43...64 {
      let findings = keeper.work(past(days: 75, until: day), at: night(day))
      alerts += findings.filter(\.isAlert).map { (day, $0.message) }
    }
    #expect(alerts.count == 1)
    let alert = try #require(alerts.first)
    #expect(alert.message.contains("model 2 was worse than simple forecasts"))
    #expect(alert.message.contains("back to model 1"))
    // Fourteen days must have passed before anything is judged.
    #expect(alert.day >= 42 + 14 && alert.day <= 42 + 16)
    #expect(states() == ["1 production", "2 retired"])
    #expect(shelf.trainedModels().models.load != nil)
  }

  @Test(
    "every second challenger of load has trees of its own for days off, and serves if it is better")
  func separateChallenger() throws {
    var settings = Self.settings
    settings.weekMargin = 5
    var keeper = ModelKeeper(registry, calendar: SyntheticHome.calendar, settings: settings)
    // Ninety days: the days off alone are enough for trees.
    _ = keeper.work(past(days: 130, until: 90), at: night(90))
    #expect(states() == ["1 production"])
    let findings = keeper.work(past(days: 130, until: 97), at: night(97))
    #expect(findings.contains { $0.message.contains("days off apart") })
    #expect(states() == ["1 production", "2 shadow"])
    let stored = try registry.load(target: "load", version: 2)
    #expect(stored.metadata.parameters["trees"] == "separate")
    #expect(stored.files.keys.contains { $0.hasPrefix("off-rich") })
    // The trial is that of every challenger: it waits for day 28, then serves or is given up.
    let past = past(days: 130, until: 110)
    let trial = try ModelTraining.trial(.load, files: stored.files, on: past)
    #expect(trial.days.count >= 12)
    guard case .separate = try #require(try LoadForecaster(files: stored.files).trees) else {
      Issue.record("the trees are not apart")
      return
    }
    // The one after it is joint again.
    try registry.move(target: "load", version: 2, to: .retired, at: night(100))
    _ = keeper.work(past, at: night(110))
    #expect(registry.versions(of: "load").last?.parameters["trees"] == "joint")
  }

  /// The one in use expects the peak in the morning, where it is not.
  @Test("a challenger with trees of its own for days off is promoted on day 28 if it is better")
  func promotion() throws {
    let shelf = ModelShelf(registry)
    let bad = try #require(
      try Self.settings.training.train(.load, on: past(days: 70, change: 0, until: 59)))
    _ = try shelf.save(bad, at: night(59), promoting: true, keeping: 5)
    var training = Self.settings.training
    training.loadTrees = .separate
    let good = try #require(try training.train(.load, on: past(days: 70, until: 60)))
    #expect(good.files.keys.contains { $0.hasPrefix("off-rich") })
    _ = try shelf.save(good, at: night(60), promoting: false, keeping: 5)
    func trial(_ version: Int, _ past: LearningPast) throws -> ForecastTrial {
      try ModelTraining.trial(
        .load, files: registry.load(target: "load", version: version).files, on: past)
    }
    let young = past(days: 100, until: 80)
    guard
      case .wait = ForecastTrial.decision(
        challenger: try trial(2, young), champion: try trial(1, young))
    else {
      Issue.record("a challenger is judged before day 28")
      return
    }
    let old = past(days: 100, until: 91)
    guard
      case .promote(let gain) = ForecastTrial.decision(
        challenger: try trial(2, old), champion: try trial(1, old))
    else {
      Issue.record("a better challenger is not promoted")
      return
    }
    #expect(gain > 0.01)
    // The review of a night comes to the same: the challenger serves.
    let findings = try ModelReview(registry, old, .load).findings()
    #expect(findings.contains { $0.message.contains("challenger 2") || $0.isAlert })
    #expect(states().last == "2 production" || states().first == "1 retired")
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
