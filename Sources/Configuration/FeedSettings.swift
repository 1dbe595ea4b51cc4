// SPDX-License-Identifier: MIT
public import HTTP

/// Which services the home asks for prices, weather and the power of its roof.
public struct FeedSettings: Sendable, Hashable {
  /// A source of day-ahead prices.
  public struct PriceService: Sendable, Hashable {
    /// Which one, with what it needs to know.
    public enum Kind: Sendable, Hashable {
      /// The Czech market operator.
      case ote
      /// ENTSO-E's transparency platform: EIC code of the bidding zone, token.
      case entsoe(area: String, token: Secret)
      /// energy-charts.info: name of the bidding zone.
      case energyCharts(zone: String)
      /// aWATTar.
      case awattar
      /// EnergyZero.
      case energyZero
      /// Nord Pool: delivery area.
      case nordPool(area: String)
      /// Octopus Agile: product and region.
      case octopus(product: String, region: String)
      /// Tibber.
      case tibber(token: Secret)
    }

    /// Which one.
    public let kind: Kind
    /// Its address, when it is not the public one.
    public let address: String?
  }

  /// A source of weather forecasts.
  public struct WeatherService: Sendable, Hashable {
    /// Which one, with what it needs to know.
    public enum Kind: Sendable, Hashable {
      /// Open-Meteo in quarter-hours.
      case openMeteo
      /// The German weather service through Bright Sky.
      case brightSky
      /// OpenWeatherMap.
      case openWeatherMap(key: Secret)
    }

    /// A model whose members are asked for.
    public struct Ensemble: Sendable, Hashable {
      /// The service's name of it, as `icon_seamless`.
      public let model: String
      /// Its address, when it is not the public one.
      public let address: String?
    }

    /// Which one.
    public let kind: Kind
    /// How much it counts beside the others.
    public let weight: Double
    /// Its address, when it is not the public one.
    public let address: String?
    /// The address of its past weather, when it is not the public one.
    public let archiveAddress: String?
    /// The address of its earlier runs, when it is not the public one.
    public let earlierRunsAddress: String?
    /// The ensemble that is asked for too; `nil` for none.
    public let ensemble: Ensemble?
  }

  /// A source of forecasts of the roof's own power.
  public struct PVService: Sendable, Hashable {
    /// Which one, with what it needs to know.
    public enum Kind: Sendable, Hashable {
      /// forecast.solar, with the key of a paid account.
      case forecastSolar(key: Secret?)
      /// Akkudoktor, which asks for nothing.
      case akkudoktor
      /// Solcast: site, key, and how many requests a day the account has.
      case solcast(site: String, key: Secret, requestsPerDay: Int)
    }

    /// Which one.
    public let kind: Kind
    /// How much it counts beside pems' own forecast, which counts 1; with 0 it is only logged.
    public let weight: Double
    /// Its address, when it is not the public one.
    public let address: String?
  }

  /// Sources of prices, asked in this order until one answers.
  public let prices: [PriceService]
  /// Where exchange rates come from, when it is not the Czech National Bank's public address.
  public let exchangeRatesAddress: String?
  /// Sources of weather; all are asked and blended.
  public let weather: [WeatherService]
  /// Sources of PV forecasts; all are asked.
  public let pv: [PVService]
}
