// SPDX-License-Identifier: MIT
import HTTP

/// The sections `prices`, `weather` and `pv_forecast`: which services are asked.
enum FeedSchema {
  private enum PriceName: String, CaseIterable {
    case ote, entsoe, awattar, octopus, tibber
    case energyCharts = "energy_charts"
    case energyZero = "energyzero"
    case nordPool = "nord_pool"
  }

  private enum WeatherName: String, CaseIterable {
    case openMeteo = "open_meteo"
    case brightSky = "bright_sky"
    case openWeatherMap = "open_weather_map"
  }

  private enum PVName: String, CaseIterable {
    case forecastSolar = "forecast_solar"
    case akkudoktor, solcast
  }

  static func feeds(_ top: Section, hasRoof: Bool) -> FeedSettings {
    let prices = top.section("prices")
    let weather = top.section("weather")
    let pv = top.section("pv_forecast")
    if pv != nil, !hasRoof {
      top.report("there is no pv whose power could be asked for", "pv_forecast")
    }
    return FeedSettings(
      prices: services(prices).map(price),
      exchangeRatesAddress: prices.flatMap { address("exchange_rates_address", $0) },
      weather: services(weather).map(weatherService), pv: services(pv).map(pvService))
  }

  private static func services(_ section: Section?) -> [Section] {
    guard let section else { return [] }
    let services = section.sections("services")
    if services.isEmpty {
      section.report("is empty or missing; give at least one service", "services")
    }
    return services
  }

  private static func price(_ section: Section) -> FeedSettings.PriceService {
    let name: PriceName = section.choice("service", default: .ote, isNeeded: true)
    let kind: FeedSettings.PriceService.Kind =
      switch name {
      case .ote: .ote
      case .awattar: .awattar
      case .energyZero: .energyZero
      case .entsoe:
        .entsoe(
          area: section.text("area", "the EIC code of the zone, as 10YCZ-CEPS-----N"),
          token: section.secret("token"))
      case .energyCharts: .energyCharts(zone: section.text("zone", "a bidding zone, as CZ"))
      case .nordPool: .nordPool(area: section.text("area", "a delivery area, as CZ"))
      case .octopus:
        .octopus(
          product: section.text("product", "as AGILE-24-10-01"),
          region: section.text("region", "one letter, as C"))
      case .tibber: .tibber(token: section.secret("token"))
      }
    return FeedSettings.PriceService(kind: kind, address: address("address", section))
  }

  private static func weatherService(_ section: Section) -> FeedSettings.WeatherService {
    let name: WeatherName = section.choice("service", default: .openMeteo, isNeeded: true)
    let kind: FeedSettings.WeatherService.Kind =
      switch name {
      case .openMeteo: .openMeteo
      case .brightSky: .brightSky
      case .openWeatherMap: .openWeatherMap(key: section.secret("key"))
      }
    return FeedSettings.WeatherService(
      kind: kind, weight: section.number("weight", in: 0.01...100, default: 1),
      address: address("address", section),
      archiveAddress: name == .openMeteo ? address("archive_address", section) : nil,
      earlierRunsAddress: name == .openMeteo ? address("earlier_runs_address", section) : nil,
      ensemble: name == .openMeteo ? ensemble(section) : nil)
  }

  private static func ensemble(_ section: Section) -> FeedSettings.WeatherService.Ensemble? {
    let address = address("ensemble_address", section)
    guard section.has("ensemble") else {
      if address != nil {
        section.report(
          "stands alone; name the model under ensemble, as icon_seamless", "ensemble_address")
      }
      return nil
    }
    return FeedSettings.WeatherService.Ensemble(model: section.name("ensemble"), address: address)
  }

  private static func pvService(_ section: Section) -> FeedSettings.PVService {
    let name: PVName = section.choice("service", default: .forecastSolar, isNeeded: true)
    let kind: FeedSettings.PVService.Kind =
      switch name {
      case .forecastSolar: .forecastSolar(key: section.optionalSecret("key"))
      case .akkudoktor: .akkudoktor
      case .solcast:
        .solcast(
          site: section.text("site", "the identifier of the rooftop site"),
          key: section.secret("key"),
          requestsPerDay: section.integer("requests_per_day", in: 1...10_000, default: 10))
      }
    return FeedSettings.PVService(
      kind: kind, weight: section.number("weight", in: 0...100, default: 1),
      address: address("address", section))
  }

  private static func address(_ key: String, _ section: Section) -> String? {
    guard let text = HistorySchema.optionalText(key, section) else { return nil }
    if !text.hasPrefix("http://"), !text.hasPrefix("https://") {
      section.report("is no http or https address", key)
    }
    return text
  }
}
