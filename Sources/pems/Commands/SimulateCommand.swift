// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Household

/// `pems simulate`: a configured home in simulated or recorded weather, load and prices.
let simulateCommand = CommandLineCommand(
  "simulate", "Try pems on a home: simulated, or played back from its history.",
  examples: [
    "pems simulate --config Examples/reference-house/pems.yaml --from 2026-01-12 --days 7",
    "pems simulate --config home.yaml --store history.db --from 2021-06-01 --days 30",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value(
      "store", "FILE",
      "Play back load_power_w, pv_power_w and prices of this history; the battery is simulated."),
    .value("from", "DATE", "The first local day, for example 2026-01-12."),
    .value("days", "N", default: "7", "How many days."),
    .value("seed", "N", default: "1", "Seed of weather, prices and people."),
    .value("models", "FOLDER", "Forecast with the models trained in this folder."),
    .value("out", "FOLDER", default: "pems-simulation", "Where page and journal go."),
    .flag("json", "Print the results as JSON."),
  ],
  run: { input in
    let configuration = try configuration(at: input.string("config") ?? "pems.yaml")
    let request = try SimulationRequest(input, configuration: configuration)
    if let store = input.string("store") {
      return try request.playBack(store: store)
    }
    return try request.run(title: configuration.home.site.name)
  })
