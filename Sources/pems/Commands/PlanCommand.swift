// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Foundation
import Household
import Simulation
import TimeSeries

/// `pems plan`: the next 48 hours of a configured home in its simulated present.
let planCommand = CommandLineCommand(
  "plan", "Show the plan of the next 48 hours for a home in its simulated present.",
  examples: ["pems plan --config Examples/reference-house/pems.yaml --at 2026-01-12T18:00:00Z"],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value("at", "ISO", default: "2026-01-12T06:00:00Z", "The instant to plan at."),
    .value("seed", "N", default: "1", "Seed of weather, prices and people."),
    .flag("json", "Print the plan as JSON."),
  ],
  run: { input in
    let home = try configuration(at: try input.require("config")).home
    let text = try input.require("at")
    guard let instant = try? Date(text, strategy: .iso8601) else {
      throw CommandLineError.usage("--at: '\(text)' is not an instant such as 2026-01-12T06:00:00Z")
    }
    let result = try PlanCommand.decide(
      home: home, at: instant, seed: try input.value("seed", as: UInt64.self) ?? 1)
    guard let plan = result.plan else {
      throw CommandFailure.failed(
        "there is no plan: " + result.diagnostics.map(\.description).joined(separator: "; "))
    }
    let table = PlanTable(plan: plan, forecast: result.memory.forecast, home: home)
    print(input.flag("json") ? try table.json() : table.text)
    for diagnostic in result.diagnostics where diagnostic.severity != .note {
      Terminal.printError("pems: \(diagnostic)")
    }
    return ExitCode.done
  })

/// The steps of `pems plan`.
enum PlanCommand {
  /// One decision in a simulated home.
  static func decide(home: Home, at instant: Date, seed: UInt64) throws -> ControlCycle.Result {
    let twin: SimulatedHome
    let cycle: ControlCycle
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    do {
      twin = try SimulatedHome(
        home: home, weather: weather,
        market: SimulatedDayAheadMarket(
          weather: weather, calendar: home.site.calendar, seed: seed),
        seed: seed, start: instant)
      cycle = ControlCycle(
        model: try HomeModel(home: home, settings: ControlSettings()),
        strategy: .optimised(SimulationRequest.plannerOptions))
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
