// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
public import Household
import TimeSeries

/// Bright Sky, the open data of the German weather service (DWD), hours.
///
/// Solar energy is that of the hour before the label. Source: brightsky.dev/docs, units `dwd`.
public struct BrightSky: Sendable, Hashable {
  /// What messages call it.
  public static let service = "Bright Sky"

  /// The question for some days.
  public static func question(
    location: Location, from first: Date, to last: Date,
    address: String = "https://api.brightsky.dev/weather"
  ) -> HTTPRequest {
    HTTPRequest(
      address,
      query: [
        ("lat", "\(location.latitude.rawValue)"), ("lon", "\(location.longitude.rawValue)"),
        ("date", first.formatted(.iso8601)), ("last_date", last.formatted(.iso8601)),
        ("tz", "UTC"),
      ])
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      let timestamp: String
      let temperature: Double?
      let wind_speed: Double?
      let cloud_cover: Double?
      let solar: Double?
    }
    let weather: [Row]
  }

  /// Reads an answer, which does not tell when it was issued.
  public static func weather(
    in response: HTTPResponse, issuedAt time: Date
  ) throws(FeedError) -> IssuedWeather {
    let rows = try FeedBody.decode(Answer.self, from: response, service: service).weather
    var byTime: [Date: Answer.Row] = [:]
    for row in rows {
      guard let start = TimestampText(row.timestamp)?.instant else {
        throw .unreadable(service: service, reason: "a time '\(row.timestamp)'")
      }
      byTime[start] = row
    }
    guard let first = byTime.keys.min(), let last = byTime.keys.max() else {
      throw .unreadable(service: service, reason: "no hours")
    }
    let grid = TimeGrid(
      covering: first..<min(last, first.addingTimeInterval(40 * 86_400)).addingTimeInterval(3_600),
      stepSeconds: 3_600)
    var weather = IssuedWeather(source: service, issuedAt: time, grid: grid)
    func column(_ read: (Answer.Row) -> Double?) -> [Double?] {
      (0...grid.count).map { byTime[grid.date(at: $0)].flatMap(read) }
    }
    func means(_ values: [Double?]) -> [Double?] {
      grid.indices.map { index in
        values[index].map { ($0 + (values[index + 1] ?? $0)) / 2 }
      }
    }
    weather.temperature = means(column(\.temperature))
    weather.windSpeed = means(column { $0.wind_speed.map { $0 / 3.6 } })
    weather.cloudCover = means(column { $0.cloud_cover.map { $0 / 100 } })
    weather.irradiance = Array(column { $0.solar.map { $0 * 1_000 } }.dropFirst())
    return weather
  }
}
