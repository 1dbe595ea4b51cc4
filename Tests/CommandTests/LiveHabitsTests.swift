// SPDX-License-Identifier: MIT
import Configuration
import Forecasting
import Foundation
import History
import Household
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// `pems run` without devices: prices, a car and a water heater in the store, and a simulated clock.
@Suite("What a running home expects of prices, cars and appliances")
struct LiveHabitsTests {
  private static let days = 75
  private static let start = instant("2026-01-11T23:00:00Z")
  private let folder: TemporaryFolder
  private let configuration: HomeConfiguration

  init() throws {
    folder = try TemporaryFolder()
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "Examples/recorded-home/pems.yaml"), encoding: .utf8)
    let more = """

      history:
        store: history.db
      control:
        state_folder: state
      charge_points:
        - name: garage
          phases: 3
          maximum_current_a: 16
      vehicles:
        - name: car
          charge_point: garage
          capacity_kwh: 50
          shortfall_cost_per_kwh: 2
      appliances:
        - name: boiler
          power_w: 2000
          ready_by: "06:00"
      """
    try (text + more + "\n").write(
      toFile: folder.path("pems.yaml"), atomically: true, encoding: .utf8)
    configuration = try pems.configuration(at: folder.path("pems.yaml"))
    let store = try SQLiteHistory(file: configuration.history.storePath, access: .writing)
    var samples: [SignalName: [Sample]] = [:]
    for hour in 0..<Self.days * 24 {
      let time = Self.start.addingTimeInterval(Double(hour) * 3_600)
      for (signal, value) in Self.truth(hour) {
        samples[signal, default: []].append(Sample(time: time, value: value))
      }
    }
    for (signal, list) in samples { try store.store(list, for: signal) }
  }

  /// A car from 18 to 7 that takes 11 kWh from 18 to 20, a boiler of 4 kWh from 4 to 6, evenings that
  /// are dear every second day.
  private static func truth(_ hour: Int) -> [SignalName: Double] {
    var generator = SplitMix64(seed: UInt64(hour) + 5)
    let clock = hour % 24
    let isHere = clock >= 18 || clock < 7
    return [
      .spotPrice(currency: "EUR"): 0.08
        + (clock >= 17 && clock < 21 ? (hour / 24).isMultiple(of: 2) ? 0.02 : 0.16 : 0)
        + Double.random(in: -0.01...0.01, using: &generator),
      .chargePointPlugged("garage"): isHere ? 1 : 0,
      .chargePointPower("garage"): clock == 18 || clock == 19 ? 5_500 : 0,
      .appliancePower("boiler"): clock == 4 || clock == 5 ? 2_000 : 0,
      .loadPower: 500,
    ]
  }

  private func models() -> LiveModels {
    var settings = ModelKeeper.Settings()
    settings.training.load.rounds = 15
    settings.training.price.rounds = 30
    return LiveModels(
      configuration: configuration, folder: folder.path("models"), log: RunLog(now: { Self.start }),
      settings: settings)
  }

  private func known(day: Int, hour: Int) -> ForecastInputs {
    let now = Self.start.addingTimeInterval(Double(day * 24 + hour) * 3_600)
    let grid = TimeGrid(start: now, stepSeconds: 900, count: 192)
    let none = TimeGrid(start: now, stepSeconds: 900, count: 0)
    return ForecastInputs(
      issuedAt: now, grid: grid, weather: nil, outdoorTemperature: nil,
      publishedSpotPrice: Series(
        grid: grid,
        values: grid.indices.map { step in
          step < 4 * (24 - hour)
            ? Self.truth(day * 24 + hour + step / 4)[.spotPrice(currency: "EUR")].map {
              PricePerKilowattHour($0)
            } : nil
        }),
      pastSpotPrice: Series(grid: none, values: []),
      baseLoadHistory: Series(grid: none, values: []), pvHistory: nil,
      vehicles: [
        "car": VehicleState(isConnected: hour >= 18, stateOfCharge: nil, power: .zero)
      ])
  }

  @Test("the night trains all of them, and every plan knows what they expect")
  func life() throws {
    let live = models()
    live.tick(at: Self.start.addingTimeInterval(72 * 86_400 + 3 * 3_600 + 60))
    live.wait()
    let registry = ModelRegistry(folder: URL(filePath: folder.path("models")))
    #expect(Set(registry.targets()).isSuperset(of: ["appliances", "price", "vehicles"]))
    let question = known(day: 72, hour: 9)
    let answer = try #require(live.adding(to: question).modelled)

    let car = try #require(answer.vehicles["car"]?.stays.first)
    #expect(
      abs(car.arrival.p50.timeIntervalSince(question.issuedAt) - 9 * 3_600) < 60)
    #expect(abs(car.energy.p50.rawValue - 11) < 0.1)
    let boiler = try #require(answer.appliances["boiler"])
    // The night's four kilowatt-hours belong to the window that ended at six.
    #expect(boiler.first?.taken == .zero && abs((boiler.first?.p50.rawValue ?? 0) - 4) < 0.01)

    let price = try #require(answer.spotPrice)
    // Published until midnight, expected after that, dear in the evening of tomorrow.
    #expect(price.p10[40] == price.p90[40] && price.p10[100] < price.p90[100])
    #expect(price.p50[4 * (24 + 9)].rawValue > price.p50[4 * (24 + 3)].rawValue + 0.05)
    let forecast = try HomeForecaster(home: configuration.home).forecast(
      live.adding(to: question))
    #expect(forecast.diagnostics.contains { $0.subject == "price" && "\($0)".contains("trained") })
    #expect(forecast.vehicleSessions.first?.steps.lowerBound == 36)
    #expect(forecast.applianceNeeds?["boiler"]?.count == boiler.count)

    // In the evening the car is there and has taken half.
    let evening = try #require(live.adding(to: known(day: 72, hour: 19)).modelled)
    let stay = try #require(evening.vehicles["car"]?.stays.first)
    #expect(stay.probability == Fraction(1))
    #expect(abs(stay.energy.p50.rawValue - 5.5) < 0.1)

    // After a restart all is as it was.
    let second = models()
    second.tick(at: Self.start.addingTimeInterval(72 * 86_400 + 4 * 3_600))
    second.wait()
    #expect(second.adding(to: question).modelled == answer)
  }

  @Test("pems train, models and forecast know them too")
  func commands() throws {
    let common = [
      "--config", folder.path("pems.yaml"), "--store", folder.path("history.db"), "--models",
      folder.path("models"),
    ]
    let trained = try PemsProcess.run(
      ["train", "--only", "vehicles", "--until", "2026-03-20"] + common)
    #expect(trained.exitCode == 0 && trained.output.contains("vehicles 1  production"))
    #expect(
      try PemsProcess.run(
        ["train", "--only", "appliances", "--until", "2026-03-20"] + common
      ).exitCode == 0)
    let price = try PemsProcess.run(
      ["train", "--only", "price", "--until", "2026-03-20"] + common)
    #expect(price.exitCode == 0 && price.output.contains("price 1"))
    let shown = try PemsProcess.run(
      ["models", "show", "vehicles", "--models", folder.path("models")])
    #expect(shown.exitCode == 0 && shown.output.contains("half-life"))
    let forecast = try PemsProcess.run(
      ["forecast", "--at", "2026-03-20T09:00:00Z", "--hours", "24"] + common)
    #expect(forecast.exitCode == 0)
    #expect(forecast.output.contains("price, money/kWh"))
    #expect(forecast.output.contains("car, learned from"))
    #expect(forecast.output.contains("boiler"))
  }
}
