// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Feeds
import Foundation
import History

/// `pems fetch`.
let fetchCommand = CommandLineCommand(
  "fetch", "Ask the configured services for prices and weather once, and store what they answer.",
  examples: [
    "pems fetch --config pems.yaml", "pems fetch --config pems.yaml --past 365",
    "pems fetch --config pems.yaml --past 365 --issued 365",
    "pems plan --config pems.yaml --store house.db",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "the configuration that names the services"),
    .value("store", "FILE", "the store; that of the configuration when left out"),
    .value("attempts", "N", default: "3", "how often a service that fails is asked in all"),
    .value(
      "past", "DAYS",
      "also fill the weather of so many past days from Open-Meteo's archive where the store has none"
    ),
    .value(
      "issued", "DAYS",
      "also fetch what Open-Meteo had forecast on so many past days, for the models to learn from"),
    .value("at", "ISO", "take this instant for now; for trying out"),
    .flag("json", "print what was done as JSON"),
  ],
  run: { input in
    let file = try input.require("config")
    let configuration = try configuration(at: file)
    let feeds = configuration.feeds
    guard !(feeds.prices.isEmpty && feeds.weather.isEmpty && feeds.pv.isEmpty) else {
      throw CommandFailure.configuration(
        "\(file): no service is configured: add prices, weather or pv_forecast "
          + "(docs/configuration.md)")
    }
    let now = try input.instant("at") ?? Date()
    let attempts = try input.number("attempts", in: 1...100) ?? 3
    let past = try input.number("past", in: 1...3_660, "days")
    let issued = try input.number("issued", in: 1...3_660, "days")
    let feedRun = FeedRun(
      configuration: configuration, store: input.string("store") ?? configuration.history.storePath,
      now: now, policy: RetryPolicy(attempts: attempts))
    var report = try await feedRun.run()
    if let past { try await feedRun.fetchPast(days: past, into: &report) }
    if let issued { try await feedRun.fetchIssued(days: issued, into: &report) }
    if input.flag("json") { try printJSON(report) } else { print(report.text) }
    return report.isUsable ? ExitCode.done : ExitCode.unreachable
  })
