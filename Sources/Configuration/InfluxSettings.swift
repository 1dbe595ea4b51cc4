// SPDX-License-Identifier: MIT
public import HTTP
public import Household

/// An InfluxDB as the configuration describes it: where it is, who asks, and which field is which
/// signal.
public struct InfluxSettings: Sendable, Hashable {
  /// The generation of the server.
  public enum Generation: String, Sendable, Hashable, CaseIterable {
    /// 1.x: databases, user and password.
    case one = "1"
    /// 2.x: organisations, buckets, tokens; InfluxQL through the bucket's mapping.
    case two = "2"
    /// 3.x: databases, tokens.
    case three = "3"
  }

  /// What queries are written in.
  public enum Language: String, Sendable, Hashable, CaseIterable {
    /// Understood by all generations, as long as generation 2 maps the bucket.
    case influxQL = "influxql"
    /// Of generation 2 alone; needs no mapping of the bucket.
    case flux
  }

  /// Who asks.
  public enum Login: Sendable, Hashable {
    /// Nobody in particular.
    case none
    /// User and password.
    case user(String, Secret)
    /// A token.
    case token(Secret)
  }

  /// A ready mapping of one of the reference house's buckets.
  public enum Preset: String, Sendable, Hashable, CaseIterable {
    /// What the Loxone logger writes: rooms, relays, weather station.
    case loxone
    /// What the Growatt logger writes.
    case solar
    /// Day-ahead prices.
    case otePrices = "ote_prices"
    /// Forecasts by Open-Meteo's names.
    case weatherForecast = "weather_forecast"
  }

  /// One field of one measurement that is part of a signal.
  public struct Term: Sendable, Hashable {
    /// The measurement.
    public let measurement: String
    /// The field.
    public let field: String
    /// Tags that must have these values.
    public let tags: [String: String]
    /// What its numbers are multiplied with to have the signal's unit and sign.
    public let factor: Double
  }

  /// Where one signal is.
  public struct Source: Sendable, Hashable {
    /// The signal.
    public let signal: SignalName
    /// The database or bucket, when it is another one than the server's.
    public let database: String?
    /// What is added; at least one.
    public let terms: [Term]
  }

  /// `http://host:8086`.
  public let address: String
  /// The generation of the server.
  public let generation: Generation
  /// The database, or bucket.
  public let database: String
  /// The retention policy of generation 1.
  public let retentionPolicy: String?
  /// The organisation of generation 2.
  public let organisation: String?
  /// What queries are written in.
  public let language: Language
  /// Who asks.
  public let login: Login
  /// A file with certificates that are trusted in place of the system's.
  public let certificateFile: String?
  /// Ready mappings.
  public let presets: [Preset]
  /// Further signals; they count where a preset knows the same one.
  public let sources: [Source]
}
