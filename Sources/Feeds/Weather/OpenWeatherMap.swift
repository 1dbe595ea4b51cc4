// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
public import Household
import TimeSeries

/// OpenWeatherMap One Call 3.0: hours of temperature, wind and clouds; no irradiance.
public struct OpenWeatherMap: Sendable, Hashable {
  /// What messages call it.
  public static let service = "OpenWeatherMap"

  /// The question for the next 48 hours.
  public static func question(
    location: Location, key: Secret,
    address: String = "https://api.openweathermap.org/data/3.0/onecall"
  ) -> HTTPRequest {
    HTTPRequest(
      address,
      query: [
        ("lat", "\(location.latitude.rawValue)"), ("lon", "\(location.longitude.rawValue)"),
        ("units", "metric"), ("exclude", "minutely,daily,alerts"), ("appid", key.revealed),
      ], secrets: [key])
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      let dt: Double
      let temp: Double
      let clouds: Double?
      let wind_speed: Double?
    }
    let hourly: [Row]
  }

  /// Reads an answer, which does not tell when it was issued.
  public static func weather(
    in response: HTTPResponse, issuedAt time: Date
  ) throws(FeedError) -> IssuedWeather {
    let rows = try FeedBody.decode(Answer.self, from: response, service: service).hourly
    guard let first = rows.first else { throw .unreadable(service: service, reason: "no hours") }
    // Without `units=metric` the service answers in kelvins.
    guard rows.allSatisfy({ (-80...60).contains($0.temp) }) else {
      throw .implausible(service: service, what: "\(first.temp) °C")
    }
    let grid = TimeGrid(
      start: Date(timeIntervalSince1970: first.dt), stepSeconds: 3_600, count: rows.count)
    guard rows.enumerated().allSatisfy({ $1.dt == first.dt + 3_600 * Double($0) }) else {
      throw .unreadable(service: service, reason: "uneven hours")
    }
    var weather = IssuedWeather(source: service, issuedAt: time, grid: grid)
    func means(_ values: [Double?]) -> [Double?] {
      values.indices.map { index in
        let next = index + 1 < values.count ? values[index + 1] : nil
        return values[index].map { ($0 + (next ?? $0)) / 2 }
      }
    }
    weather.temperature = means(rows.map(\.temp))
    weather.windSpeed = means(rows.map(\.wind_speed))
    weather.cloudCover = means(rows.map { $0.clouds.map { $0 / 100 } })
    return weather
  }
}
