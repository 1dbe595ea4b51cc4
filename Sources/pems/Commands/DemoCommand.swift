// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Simulation

/// `pems demo`: the built-in house in a winter week, by rules and by pems.
let demoCommand = CommandLineCommand(
  "demo", "Run the built-in house for a simulated winter week and compare pems with rules.",
  examples: ["pems demo", "pems demo --days 3 --seed 7 --out demo"],
  options: [
    .value("from", "DATE", default: "2026-01-12", "The first local day."),
    .value("days", "N", default: "7", "How many days."),
    .value("seed", "N", default: "1", "Seed of weather, prices and people."),
    .value("models", "FOLDER", "Forecast with the models trained in this folder."),
    .value("out", "FOLDER", default: "pems-demo", "Where page and journal go."),
    .flag("json", "Print the results as JSON."),
  ],
  run: { input in
    let configuration = try configuration(at: try InstalledFiles.referenceHouse())
    let request = try SimulationRequest(input, configuration: configuration)
    return try request.run(
      title: "The built-in house, \(request.days) days of simulated winter",
      truth: .referenceHouse)
  })
