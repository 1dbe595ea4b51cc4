// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// Solcast, rooftop sites: half-hours with their quantiles. Hobbyists have ten requests a day.
public struct Solcast: Sendable, Hashable {
  /// What messages call it.
  public static let service = "Solcast"

  /// The question for a site by its identifier.
  public static func question(
    site: String, key: Secret, address: String = "https://api.solcast.com.au"
  ) -> HTTPRequest {
    var request = HTTPRequest(
      "\(address)/rooftop_sites/\(PercentEncoding.encode(site))/forecasts",
      query: [("format", "json")])
    request.authorization = .token(scheme: "Bearer", key)
    return request
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      let pv_estimate: Double
      let pv_estimate10: Double?
      let pv_estimate90: Double?
      let period_end: String
      let period: String
    }
    let forecasts: [Row]
  }

  /// Reads an answer: mean kilowatts of periods that are named by their end.
  public static func power(
    in response: HTTPResponse, issuedAt time: Date
  ) throws(FeedError) -> PVPowerForecast {
    let lengths = ["PT5M": 300.0, "PT10M": 600, "PT15M": 900, "PT30M": 1_800, "PT60M": 3_600]
    var pieces: [PVPowerForecast.Piece] = []
    for row in try FeedBody.decode(Answer.self, from: response, service: service).forecasts {
      guard let end = TimestampText(row.period_end)?.instant, let seconds = lengths[row.period]
      else { throw .unreadable(service: service, reason: "a period ending '\(row.period_end)'") }
      let numbers = [row.pv_estimate, row.pv_estimate10 ?? 0, row.pv_estimate90 ?? 0]
      guard numbers.allSatisfy({ (0...10_000).contains($0) }) else {
        throw .implausible(service: service, what: "\(numbers) kW at \(row.period_end)")
      }
      pieces.append(
        PVPowerForecast.Piece(
          start: end.addingTimeInterval(-seconds), end: end,
          p10: row.pv_estimate10.map { $0 * 1_000 }, estimate: row.pv_estimate * 1_000,
          p90: row.pv_estimate90.map { $0 * 1_000 }))
    }
    guard !pieces.isEmpty else { throw .unreadable(service: service, reason: "no forecasts") }
    return PVPowerForecast(
      source: service, issuedAt: time, pieces: pieces.sorted { $0.start < $1.start },
      darkBetweenPieces: false)
  }
}
