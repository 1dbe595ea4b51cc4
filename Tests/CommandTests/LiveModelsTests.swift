// SPDX-License-Identifier: MIT
import Configuration
import Forecasting
import Foundation
import History
import Household
import Learning
import Synchronization
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// `pems run` without devices: a store, a simulated clock and the models.
@Suite("The models of a running home")
struct LiveModelsTests {
  private static let days = 45
  private static let start = instant("2026-03-31T22:00:00Z")
  private let folder: TemporaryFolder
  private let configuration: HomeConfiguration

  init() throws {
    folder = try TemporaryFolder()
    let text = try String(
      contentsOf: Self.example.appending(path: "Examples/recorded-home/pems.yaml"),
      encoding: .utf8)
    try (text + "\nhistory:\n  store: history.db\ncontrol:\n  state_folder: state\n").write(
      toFile: folder.path("pems.yaml"), atomically: true, encoding: .utf8)
    configuration = try pems.configuration(at: folder.path("pems.yaml"))
    let store = try SQLiteHistory(file: configuration.history.storePath, access: .writing)
    var samples: [SignalName: [Sample]] = [:]
    for hour in 0..<Self.days * 24 {
      let values = Self.truth(hour)
      let time = Self.start.addingTimeInterval(Double(hour) * 3_600)
      for (signal, value) in values {
        samples[signal, default: []].append(Sample(time: time, value: value))
      }
    }
    for (signal, list) in samples { try store.store(list, for: signal) }
  }

  private static let example = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Clouds that change by days, a plant that gives 4.2 W for a W/m², an evening peak.
  private static func truth(_ hour: Int) -> [SignalName: Double] {
    var generator = SplitMix64(seed: UInt64(hour) + 77)
    var ofDay = SplitMix64(seed: UInt64(hour / 24) + 7)
    let clock = Double(hour % 24)
    let clouds = Double.random(in: 0.25...1, using: &ofDay)
    let sun = max(0, sin((clock - 5) / 15 * .pi)) * 850 * clouds
    let load =
      (250 + 900 * exp(-pow(clock - 19, 2) / 6)) * Double.random(in: 0.7...1.4, using: &generator)
    return [
      .globalHorizontalIrradiance: sun, .outdoorTemperature: 12,
      .pvPower: 4.2 * sun * Double.random(in: 0.85...1.1, using: &generator),
      .baseLoadPower: load,
    ]
  }

  private static var settings: ModelKeeper.Settings {
    var settings = ModelKeeper.Settings()
    settings.training.load.rounds = 25
    settings.training.load.learningRate = 0.15
    settings.training.pv.residual.rounds = 20
    settings.training.pv.direct.rounds = 20
    // The home is made of noise: what it takes to be on trial is tested elsewhere.
    settings.weekMargin = 1
    settings.training.plan.validationDays = 10
    return settings
  }

  private func models(alerts: @escaping @Sendable (String) -> Void = { _ in }) -> LiveModels {
    LiveModels(
      configuration: configuration, folder: folder.path("models"), log: RunLog(now: { Self.start }),
      settings: Self.settings, onAlert: alerts)
  }

  private func known(day: Int, hour: Int) -> ForecastInputs {
    let now = Self.start.addingTimeInterval(Double(day * 24 + hour) * 3_600)
    let grid = TimeGrid(start: now, stepSeconds: 900, count: 192)
    func series<Value: Quantity>(_ signal: SignalName) -> Series<Value> {
      Series(
        grid: grid,
        values: grid.indices.map { step in
          Self.truth(day * 24 + hour + step / 4)[signal].map { Value(rawValue: $0) }
        })
    }
    let none = TimeGrid(start: now, stepSeconds: 900, count: 0)
    return ForecastInputs(
      issuedAt: now, grid: grid,
      weather: Weather(
        issuedAt: now, globalHorizontalIrradiance: series(.globalHorizontalIrradiance),
        temperature: series(.outdoorTemperature)), outdoorTemperature: nil,
      publishedSpotPrice: Series(grid: grid, constant: PricePerKilowattHour(0.1)),
      pastSpotPrice: Series(grid: none, values: []),
      baseLoadHistory: Series(grid: none, values: []), pvHistory: nil, vehicles: [:])
  }

  private func night(_ day: Int) -> Date {
    Self.start.addingTimeInterval(Double(day * 24) * 3_600 + 3 * 3_600 + 60)
  }

  @Test("they are trained at night, forecast for each plan, and go on after a restart")
  func life() throws {
    let first = models()
    #expect(first.adding(to: known(day: 40, hour: 2)).modelled?.load == nil)
    first.tick(at: night(40))
    first.wait()
    let question = known(day: 40, hour: 9)
    let answer = try #require(first.adding(to: question).modelled)
    let load = try #require(answer.load)
    let pv = try #require(answer.pv)
    #expect(answer.notes.isEmpty)
    // An evening has more than a night, a noon more than an evening.
    #expect(load.p50[40].rawValue > 1.5 * load.p50[70].rawValue)
    #expect(pv.p50[12].rawValue > 3 * pv.p50[40].rawValue)
    // The decision uses them.
    let forecast = try HomeForecaster(home: configuration.home).forecast(
      first.adding(to: question))
    #expect(forecast.baseLoadPower == load && forecast.pvPower == pv)

    let second = models()
    second.tick(at: night(40).addingTimeInterval(3_600))
    second.wait()
    #expect(second.adding(to: question).modelled == answer)
    let registry = ModelRegistry(folder: URL(filePath: folder.path("models")))
    #expect(registry.versions(of: "load").map(\.version) == [1])
    #expect(registry.versions(of: "pv").map(\.version) == [1])
  }

  @Test("a damaged model is an alert in the journal's diagnostics, and simple forecasts go on")
  func damage() throws {
    let first = models()
    first.tick(at: night(40))
    first.wait()
    try Data("{}".utf8).write(
      to: URL(filePath: folder.path("models/load/00001/ensemble.json")))
    let told = Told()
    let second = models(alerts: { told.add($0) })
    second.tick(at: night(41))
    second.wait()
    let question = second.adding(to: known(day: 41, hour: 9))
    #expect(question.modelled?.load == nil && question.modelled?.pv != nil)
    #expect(told.all.contains { $0.contains("model 1") })
    let forecast = try HomeForecaster(home: configuration.home).forecast(question)
    #expect(forecast.diagnostics.contains { "\($0)".contains("model 1") })
    #expect(forecast.baseLoadPower.p50.allSatisfy { $0.rawValue > 0 })
  }

  @Test("a model that wants a feature no question has is told, and the home's days are forecast")
  func missingFeature() throws {
    let grid = TimeGrid(start: Self.start, stepSeconds: 3_600, count: 40 * 24 + 9)
    func past<Value: Quantity>(_ signal: SignalName) -> Series<Value> {
      Series(
        grid: grid,
        values: grid.indices.map { Self.truth($0)[signal].map { Value(rawValue: $0) } })
    }
    let home = configuration.home
    var plan = TrainingPlan()
    plan.validationDays = 5
    var models = TrainedModels()
    models.load = try LoadForecaster.train(
      LoadHistory(
        load: past(.baseLoadPower), calendar: home.site.calendar,
        temperature: past(.outdoorTemperature)),
      until: grid.end, plan: plan, boosting: Self.settings.training.load
    ).forecaster
    let question = known(day: 40, hour: 9)
    let inputs = ForecastInputs(
      issuedAt: question.issuedAt, grid: question.grid, weather: question.weather,
      outdoorTemperature: nil, publishedSpotPrice: question.publishedSpotPrice,
      pastSpotPrice: question.pastSpotPrice, baseLoadHistory: past(.baseLoadPower),
      pvHistory: nil, vehicles: [:])
    let forecast = try HomeForecaster(home: home, models: models).forecast(inputs)
    let note = try #require(forecast.diagnostics.first { $0.subject == "load" })
    #expect(note.message.contains("not used") && note.message.contains("temperature"))
    let simple = try HomeForecaster(home: home).forecast(inputs)
    #expect(forecast.baseLoadPower == simple.baseLoadPower)
    #expect(forecast.baseLoadPower.p50.allSatisfy { $0.rawValue > 0 })
  }

  @Test("what physics expects of the next day is noted at noon, once")
  func expectation() throws {
    let models = models()
    _ = models.adding(to: known(day: 30, hour: 9))
    let store = try SQLiteHistory(file: configuration.history.storePath, access: .reading)
    let signal = try #require(SignalName.pvForecast)
    let all = Self.start..<Self.start.addingTimeInterval(60 * 86_400)
    #expect(try store.samples(of: signal, in: all).isEmpty)
    _ = models.adding(to: known(day: 30, hour: 13))
    let noted = try store.samples(of: signal, in: all)
    #expect((49...96).contains(noted.count))
    let tomorrow = Self.start.addingTimeInterval(31 * 86_400)
    #expect(noted.allSatisfy { (tomorrow..<tomorrow.addingTimeInterval(86_400)).contains($0.time) })
    #expect(noted.contains { $0.value > 1_000 })
    _ = self.models().adding(to: known(day: 30, hour: 15))
    #expect(try store.samples(of: signal, in: all) == noted)
  }
}

/// What somebody was told.
private final class Told: Sendable {
  private let texts = Mutex<[String]>([])
  func add(_ text: String) { texts.withLock { $0.append(text) } }
  var all: [String] { texts.withLock { $0 } }
}
