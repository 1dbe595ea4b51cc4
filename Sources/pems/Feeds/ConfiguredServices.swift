// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation
import HTTP
import Household
import TimeSeries

/// A weather service as the configuration names it: what is asked, and how the answer is read.
struct ConfiguredWeather {
  let name: String
  let weight: Double
  let request: HTTPRequest
  let read: @Sendable (HTTPResponse) throws(FeedError) -> IssuedWeather
}

/// An ensemble as the configuration names it.
struct ConfiguredEnsemble {
  let name: String
  let request: HTTPRequest
  let read: @Sendable (HTTPResponse) throws(FeedError) -> WeatherEnsemble
}

/// One question for the power of the roof.
struct ConfiguredPV {
  let name: String
  /// The array it is about; `nil` for all of them.
  let array: String?
  let request: HTTPRequest
  /// How many requests the account has in which time.
  let quota: (limit: Int, windowSeconds: Double)
  let read: @Sendable (HTTPResponse) throws(FeedError) -> PVPowerForecast
}

extension FeedSettings.PriceService {
  /// The service itself.
  var service: any PriceService {
    switch kind {
    case .ote: address.map { OTEPrices(address: $0) } ?? OTEPrices()
    case .awattar: address.map { AwattarPrices(address: $0) } ?? AwattarPrices()
    case .energyZero: address.map { EnergyZeroPrices(address: $0) } ?? EnergyZeroPrices()
    case .entsoe(let area, let token):
      address.map { EntsoePrices(area: area, token: token, address: $0) }
        ?? EntsoePrices(area: area, token: token)
    case .energyCharts(let zone):
      address.map { EnergyChartsPrices(zone: zone, address: $0) } ?? EnergyChartsPrices(zone: zone)
    case .nordPool(let area):
      address.map { NordPoolPrices(area: area, address: $0) } ?? NordPoolPrices(area: area)
    case .octopus(let product, let region):
      address.map {
        OctopusPrices(product: product, region: region, includesTax: false, address: $0)
      } ?? OctopusPrices(product: product, region: region, includesTax: false)
    case .tibber(let token):
      address.map {
        TibberPrices(token: token, currency: "EUR", component: .energy, address: $0)
      } ?? TibberPrices(token: token, currency: "EUR", component: .energy)
    }
  }
}

extension FeedSettings.WeatherService {
  /// What messages and the forecast log call it.
  var name: String {
    switch kind {
    case .openMeteo: OpenMeteo.service
    case .brightSky: BrightSky.service
    case .openWeatherMap: OpenWeatherMap.service
    }
  }

  /// The question for the next three days at a place.
  func question(at location: Location, now: Date) -> ConfiguredWeather {
    let request: HTTPRequest
    let read: @Sendable (HTTPResponse) throws(FeedError) -> IssuedWeather
    switch kind {
    case .openMeteo:
      let meteo = OpenMeteo(location: location)
      request =
        address.map { meteo.forecast(interval: .quarterHourly, address: $0) }
        ?? meteo.forecast(interval: .quarterHourly)
      read = { response throws(FeedError) in
        try OpenMeteo.weather(in: response, interval: .quarterHourly, issuedAt: now)
      }
    case .brightSky:
      let end = now.addingTimeInterval(3 * 86_400)
      request =
        address.map { BrightSky.question(location: location, from: now, to: end, address: $0) }
        ?? BrightSky.question(location: location, from: now, to: end)
      read = { response throws(FeedError) in
        try BrightSky.weather(in: response, issuedAt: now)
      }
    case .openWeatherMap(let key):
      request =
        address.map { OpenWeatherMap.question(location: location, key: key, address: $0) }
        ?? OpenWeatherMap.question(location: location, key: key)
      read = { response throws(FeedError) in
        try OpenWeatherMap.weather(in: response, issuedAt: now)
      }
    }
    return ConfiguredWeather(name: name, weight: weight, request: request, read: read)
  }
}

extension FeedSettings.WeatherService {
  /// The question for the members of its ensemble; `nil` where none is configured.
  func ensembleQuestion(at location: Location, now: Date) -> ConfiguredEnsemble? {
    guard let ensemble else { return nil }
    let (meteo, model) = (OpenMeteo(location: location), ensemble.model)
    let request =
      ensemble.address.map { meteo.ensemble(model: model, address: $0) }
      ?? meteo.ensemble(model: model)
    return ConfiguredEnsemble(name: OpenMeteo.service(ofEnsemble: model), request: request) {
      response throws(FeedError) in
      try OpenMeteo.ensemble(in: response, model: model, issuedAt: now)
    }
  }

  /// The question for the hours of past days; `nil` for a service without an archive.
  func pastQuestion(at location: Location, from first: Date, to last: Date) -> ConfiguredWeather? {
    guard kind == .openMeteo else { return nil }
    let meteo = OpenMeteo(location: location)
    let request =
      archiveAddress.map { meteo.archive(from: first, to: last, address: $0) }
      ?? meteo.archive(from: first, to: last)
    return ConfiguredWeather(
      name: OpenMeteo.service + " archive", weight: weight, request: request
    ) { response throws(FeedError) in
      try OpenMeteo.weather(in: response, interval: .hourly, issuedAt: last)
    }
  }

  /// The question for what was forecast of past hours; `nil` for a service that does not keep it.
  func earlierRunsQuestion(
    at location: Location, from first: Date, to last: Date
  ) -> HTTPRequest? {
    guard kind == .openMeteo else { return nil }
    let meteo = OpenMeteo(location: location)
    return earlierRunsAddress.map { meteo.earlierRuns(from: first, to: last, address: $0) }
      ?? meteo.earlierRuns(from: first, to: last)
  }
}

extension FeedSettings.PVService {
  /// forecast.solar computes anew every 15 minutes and allows a public account 12 requests an hour.
  /// Source: doc.forecast.solar.
  private static let requestsPerHour = 4

  /// Akkudoktor computes out of the hourly runs of a weather model.
  private static let requestsOfAkkudoktor = 1

  /// The questions for a roof.
  func questions(for home: Home, now: Date) -> [ConfiguredPV] {
    switch kind {
    case .forecastSolar(let key): forecastSolarQuestions(home, key: key, now: now)
    case .akkudoktor: akkudoktorQuestions(home, now: now)
    case .solcast(let site, let key, let requestsPerDay):
      [solcastQuestion(site: site, key: key, requestsPerDay: requestsPerDay, now: now)]
    }
  }

  private func forecastSolarQuestions(_ home: Home, key: Secret?, now: Date) -> [ConfiguredPV] {
    home.pvArrays.map { array in
      let request = ForecastSolar.question(
        location: home.site.location, tilt: array.tilt, azimuth: array.azimuth,
        peakPower: array.peakPower, key: key, address: address ?? "https://api.forecast.solar")
      return ConfiguredPV(
        name: ForecastSolar.service, array: array.name, request: request,
        quota: (Self.requestsPerHour, 3_600)
      ) { response throws(FeedError) in
        try ForecastSolar.power(in: response, issuedAt: now)
      }
    }
  }

  private func akkudoktorQuestions(_ home: Home, now: Date) -> [ConfiguredPV] {
    guard let inverter = home.inverter else { return [] }
    let request = Akkudoktor.question(
      location: home.site.location, arrays: home.pvArrays, inverter: inverter,
      timeZone: home.site.timeZone, address: address ?? "https://api.akkudoktor.net/forecast")
    return [
      ConfiguredPV(
        name: Akkudoktor.service, array: nil, request: request,
        quota: (Self.requestsOfAkkudoktor, 3_600)
      ) { response throws(FeedError) in
        try Akkudoktor.power(in: response, issuedAt: now)
      }
    ]
  }

  private func solcastQuestion(
    site: String, key: Secret, requestsPerDay: Int, now: Date
  ) -> ConfiguredPV {
    ConfiguredPV(
      name: Solcast.service, array: nil,
      request: address.map { Solcast.question(site: site, key: key, address: $0) }
        ?? Solcast.question(site: site, key: key),
      quota: (requestsPerDay, 86_400)
    ) { response throws(FeedError) in
      try Solcast.power(in: response, issuedAt: now)
    }
  }
}
