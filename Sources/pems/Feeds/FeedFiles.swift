// SPDX-License-Identifier: MIT
import Feeds
import Foundation

/// The files beside a store in which fetched forecasts, exchange rates and used quotas are kept.
struct FeedFiles {
  private let base: String

  /// The files of a store: its own path without `.db`, and another end.
  init(store: String) {
    base = store.hasSuffix(".db") ? String(store.dropLast(3)) : store
  }

  /// Every weather forecast that was issued.
  var weather: ForecastLog { ForecastLog(file: URL(filePath: base + ".weather.jsonl")) }
  /// What services had forecast before pems asked them, put together out of their archives.
  var earlierWeather: ForecastLog {
    ForecastLog(file: URL(filePath: base + ".weather-earlier.jsonl"))
  }
  /// Every weather ensemble that was issued.
  var ensemble: URL { URL(filePath: base + ".ensemble.jsonl") }
  /// Every PV forecast that was issued.
  var pv: URL { URL(filePath: base + ".pv.jsonl") }
  /// The requests that were used up.
  var quotas: URL { URL(filePath: base + ".quotas.json") }

  private var rates: URL { URL(filePath: base + ".rates.json") }

  /// The newest exchange rates that were fetched.
  func readRates() -> ExchangeRates? {
    guard let content = try? Data(contentsOf: rates) else { return nil }
    return try? JSONDecoder().decode(ExchangeRates.self, from: content)
  }

  /// Keeps exchange rates for days on which the bank does not answer.
  func write(_ newest: ExchangeRates) throws {
    try JSONEncoder().encode(newest).write(to: rates, options: .atomic)
  }
}
