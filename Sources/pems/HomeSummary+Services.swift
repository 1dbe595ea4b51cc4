// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation

extension HomeSummary {
  /// Where readings, prices and forecasts come from; names and addresses, never a secret.
  static func serviceLines(_ configuration: HomeConfiguration) -> [Line] {
    let feeds = configuration.feeds
    var lines: [Line] = []
    func add(_ subject: String, _ words: [String], separator: String = ", ") {
      guard !words.isEmpty else { return }
      lines.append(Line(subject: subject, text: words.joined(separator: separator)))
    }
    add("prices", feeds.prices.map(words), separator: ", then ")
    let total = feeds.weather.reduce(0) { $0 + $1.weight }
    add(
      "weather",
      feeds.weather.map { service in
        let share = feeds.weather.count > 1 ? share(service.weight / total) : ""
        return service.name + share + place(service.address)
      })
    let use = configuration.home.plansForScenariosOfSun ? "" : " (logged; only scenarios use it)"
    add(
      "ensemble",
      feeds.weather.compactMap { service in
        service.ensembleName.map { $0 + place(service.ensemble?.address) + use }
      })
    add("pv forecast", feeds.pv.map(words))
    if let influx = configuration.history.influx {
      let what =
        influx.presets.map(\.rawValue)
        + (influx.sources.isEmpty ? [] : ["\(influx.sources.count) of its own"])
      add(
        "influxdb",
        [
          "\(influx.address), \(influx.database), generation \(influx.generation.rawValue), "
            + "signals: " + (what.isEmpty ? "none" : what.joined(separator: ", "))
        ])
    }
    return lines
  }

  private static func share(_ share: Double) -> String { String(format: " %.0f %%", share * 100) }

  private static func words(_ service: FeedSettings.PriceService) -> String {
    let area: String? =
      switch service.kind {
      case .entsoe(let area, _): area
      case .energyCharts(let zone): zone
      case .nordPool(let area): area
      case .octopus(let product, let region): product + " " + region
      case .ote, .awattar, .energyZero, .tibber: nil
      }
    return service.service.name + (area.map { " " + $0 } ?? "") + place(service.address)
  }

  private static func words(_ service: FeedSettings.PVService) -> String {
    switch service.kind {
    case .forecastSolar(let key):
      ForecastSolar.service + (key == nil ? ", public account" : ", paid account")
        + place(service.address)
    case .akkudoktor: Akkudoktor.service + place(service.address)
    case .solcast(let site, _, let requests):
      "\(Solcast.service) site \(site), \(requests) requests a day" + place(service.address)
    }
  }

  private static func place(_ address: String?) -> String { address.map { " at " + $0 } ?? "" }
}
