// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
public import Household
import TimeSeries

/// Open-Meteo: forecast, ensemble, earlier runs and archive, in hours or quarter-hours.
///
/// Radiation and snowfall are over the interval that ends at the label, temperature and wind hold
/// at it. Source: open-meteo.com/en/docs. Data CC BY 4.0.
public struct OpenMeteo: Sendable, Hashable {
  /// What messages call it.
  public static let service = "Open-Meteo"

  /// The interval of the answers.
  public enum Interval: String, Sendable, Hashable {
    /// Hours.
    case hourly
    /// Quarter-hours.
    case quarterHourly = "minutely_15"

    var seconds: Int { self == .hourly ? 3_600 : 900 }
  }

  private static let variables = [
    "temperature_2m", "shortwave_radiation", "wind_speed_10m", "snowfall", "cloud_cover",
  ]
  private let location: Location

  /// Weather at a place.
  public init(location: Location) { self.location = location }

  /// The question for the newest forecast.
  public func forecast(
    days: Int = 3, interval: Interval, address: String = "https://api.open-meteo.com/v1/forecast"
  ) -> HTTPRequest {
    request(address, interval, Self.variables, [("forecast_days", "\(days)")])
  }

  /// The question for all members of an ensemble, in hours: what the power of a roof needs.
  ///
  /// - Parameter days: of UTC, today the first; four reach 48 hours beyond any instant of tomorrow.
  public func ensemble(
    model: String, days: Int = 4,
    address: String = "https://ensemble-api.open-meteo.com/v1/ensemble"
  ) -> HTTPRequest {
    request(
      address, .hourly, ["temperature_2m", "shortwave_radiation"],
      [("models", model), ("forecast_days", "\(days)")])
  }

  /// The question for past weather, from the first to the last UTC day.
  public func archive(
    from first: Date, to last: Date,
    address: String = "https://archive-api.open-meteo.com/v1/archive"
  ) -> HTTPRequest {
    request(address, .hourly, Self.variables, Self.days(first, last))
  }

  /// The question for what was forecast one to three days before each hour of the UTC days from
  /// first to last; `OpenMeteoEarlierRuns` reads the answer.
  public func earlierRuns(
    from first: Date, to last: Date,
    address: String = "https://previous-runs-api.open-meteo.com/v1/forecast"
  ) -> HTTPRequest {
    let names = OpenMeteoEarlierRuns.leads.flatMap { lead in
      Self.variables.map { $0 + Self.suffix(daysBefore: lead) }
    }
    return request(address, .hourly, names, Self.days(first, last))
  }

  /// How the variables of an earlier run end.
  static func suffix(daysBefore: Int) -> String { "_previous_day\(daysBefore)" }

  private static func days(_ first: Date, _ last: Date) -> [(name: String, value: String)] {
    func day(_ time: Date) -> String { String(time.formatted(.iso8601).prefix(10)) }
    return [("start_date", day(first)), ("end_date", day(last))]
  }

  private func request(
    _ address: String, _ interval: Interval, _ variables: [String],
    _ more: [(name: String, value: String)]
  ) -> HTTPRequest {
    HTTPRequest(
      address,
      query: [
        ("latitude", "\(location.latitude.rawValue)"),
        ("longitude", "\(location.longitude.rawValue)"),
        (interval.rawValue, variables.joined(separator: ",")),
        // Labels in a named zone would use one offset for the whole answer, also over a change.
        ("timezone", "GMT"), ("timeformat", "unixtime"),
      ] + more)
  }
}

extension OpenMeteo {
  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - time: when it was issued, which the answer does not tell.
  ///   - suffix: how the variables end: of an ensemble's member, a model, an earlier run.
  public static func weather(
    in response: HTTPResponse, interval: Interval, issuedAt time: Date, suffix: String = ""
  ) throws(FeedError) -> IssuedWeather {
    let answer = try FeedBody.decode(OpenMeteoAnswer.self, from: response, service: service)
    return try answer.weather(interval, issuedAt: time, suffix: suffix)
  }

  /// What messages and the log call an ensemble.
  public static func service(ofEnsemble model: String) -> String { service + " " + model }

  /// Reads the members of an ensemble, the control run first; one without temperature or radiation is
  /// left out.
  ///
  /// - Throws: `unreadable` also where fewer members are left than say something.
  public static func ensemble(
    in response: HTTPResponse, model: String, issuedAt time: Date
  ) throws(FeedError) -> WeatherEnsemble {
    let name = service(ofEnsemble: model)
    let answer = try FeedBody.decode(OpenMeteoAnswer.self, from: response, service: name)
    let prefix = "temperature_2m"
    let columns = (answer.hourly?.values.keys.filter { $0.hasPrefix(prefix) } ?? []).sorted()
    var (members, grid) = ([WeatherEnsemble.Member](), TimeGrid?.none)
    for column in columns {
      let weather = try answer.weather(
        .hourly, issuedAt: time, suffix: String(column.dropFirst(prefix.count)))
      guard let irradiance = weather.irradiance, let temperature = weather.temperature else {
        continue
      }
      grid = weather.grid
      members.append(.init(irradiance: irradiance, temperature: temperature))
    }
    guard let grid, members.count >= WeatherEnsemble.fewestMembers else {
      throw .unreadable(
        service: name,
        reason: "\(members.count) members with temperature and radiation, at least "
          + "\(WeatherEnsemble.fewestMembers) are needed; is '\(model)' an ensemble?")
    }
    return WeatherEnsemble(source: name, issuedAt: time, grid: grid, members: members)
  }
}
