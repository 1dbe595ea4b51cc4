// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Feeds
import Foundation
import Household
import Physics
import Planning
import Simulation
import TimeSeries

/// `pems plan`: the next 48 hours of a configured home, simulated or as its store knows it.
let planCommand = CommandLineCommand(
  "plan", "Show the plan of the next 48 hours for a home in its simulated or stored present.",
  examples: [
    "pems plan --config Examples/reference-house/pems.yaml --at 2026-01-12T18:00:00Z",
    "pems plan --config pems.yaml --store house.db",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value(
      "store", "FILE",
      "Plan with the readings, prices and forecasts of this store (pems fetch); without one, simulated ones."
    ),
    .value(
      "at", "ISO", "The instant to plan at; now with a store, else 2026-01-12T06:00:00Z."),
    .value("seed", "N", default: "1", "Seed of weather, prices and people."),
    .flag("json", "Print the plan as JSON."),
  ],
  run: { input in
    let configuration = try configuration(at: try input.require("config"))
    let home = configuration.home
    let result: ControlCycle.Result
    if let store = input.string("store") {
      let now = try input.instant("at") ?? Date()
      result = try PlanCommand.decide(configuration: configuration, store: store, at: now)
    } else {
      result = try PlanCommand.decide(
        home: home, rooms: try roomModels(of: configuration),
        at: try input.instant("at") ?? PlanCommand.exampleInstant,
        seed: try input.value("seed", as: UInt64.self) ?? 1)
    }
    guard let plan = result.plan else {
      let errors = result.diagnostics.filter { $0.severity == .error }
      throw CommandFailure.failed(
        "there is no plan: "
          + (errors.isEmpty ? result.diagnostics : errors).map(\.description)
          .joined(separator: "; "))
    }
    let table = PlanTable(
      plan: plan, forecast: result.memory.forecast, home: home,
      isSimulated: input.string("store") == nil)
    print(input.flag("json") ? try table.json() : table.text)
    for diagnostic in result.diagnostics where diagnostic.severity != .note {
      Terminal.printError("pems: \(diagnostic)")
    }
    return ExitCode.done
  })

/// The steps of `pems plan`.
enum PlanCommand {
  /// 2026-01-12T06:00:00Z, a winter morning.
  static let exampleInstant = Date(timeIntervalSince1970: 1_768_197_600)

  /// One decision with what a store knows.
  static func decide(
    configuration: HomeConfiguration, store: String, at now: Date
  ) throws -> ControlCycle.Result {
    try failing {
      let home = configuration.home
      let cycle = ControlCycle(
        model: try HomeModel(
          home: home, settings: ControlSettings(), rooms: try roomModels(of: configuration)),
        strategy: .planned(.thorough))
      let grid = cycle.planGrid(at: now)
      let outlook = try StoredOutlook(
        configuration: configuration, store: store, at: now, until: grid.end)
      let snapshot = try StoredOutlook.snapshot(of: home, store: store, at: now)
      for diagnostic in outlook.weather(at: now, on: grid)?.diagnostics ?? [] {
        Terminal.printError("pems: \(diagnostic)")
      }
      if case .missing(let reason) = outlook.ensemble(at: now, on: grid) {
        Terminal.printError("pems: ensemble: \(reason)")
      }
      return cycle.step(
        ControlCycle.Input(
          snapshot: snapshot, known: outlook.known(at: now, on: grid, snapshot: snapshot)),
        memory: ControlCycle.Memory())
    }
  }

  /// One decision in a simulated home.
  static func decide(
    home: Home, rooms: RoomModels?, at instant: Date, seed: UInt64
  ) throws -> ControlCycle.Result {
    let twin: SimulatedHome
    let cycle: ControlCycle
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    do {
      twin = try SimulatedHome(
        home: home, weather: weather,
        market: SimulatedDayAheadMarket(
          weather: weather, site: home.site, seed: seed),
        seed: seed, start: instant)
      cycle = ControlCycle(
        model: try HomeModel(home: home, settings: ControlSettings(), rooms: rooms),
        strategy: .planned(.thorough))
    } catch {
      throw CommandFailure.configuration("\(error)")
    }
    let snapshot = twin.snapshot(at: instant)
    let grid = cycle.planGrid(at: instant)
    let outlook = SimulatedOutlook(home: twin, period: grid.range)
    return cycle.step(
      ControlCycle.Input(
        snapshot: snapshot, known: outlook.known(at: instant, on: grid, snapshot: snapshot)),
      memory: ControlCycle.Memory())
  }
}
