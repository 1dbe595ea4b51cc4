// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
public import Household
public import TimeSeries

/// forecast.solar: energy of a plane, today and tomorrow, from sunrise to sunset.
///
/// Keys are local times without an offset unless UTC is asked for; energies count from midnight.
/// Source: doc.forecast.solar/api:estimate.
public struct ForecastSolar: Sendable, Hashable {
  /// What messages call it.
  public static let service = "forecast.solar"

  /// The question for one plane; the azimuth counts clockwise from north, as everywhere in pems.
  public static func question(
    location: Location, tilt: Degrees, azimuth: Degrees, peakPower: Watts, key: Secret? = nil,
    address: String = "https://api.forecast.solar"
  ) -> HTTPRequest {
    let fromSouth = azimuth.rawValue - 180
    let path =
      [location.latitude, location.longitude, tilt, Degrees(fromSouth)]
      .map { "\($0.rawValue)" } + ["\(peakPower.kilowatts)"]
    let prefix = key.map { PercentEncoding.encode($0.revealed) + "/" } ?? ""
    return HTTPRequest(
      "\(address)/\(prefix)estimate/" + path.joined(separator: "/"), query: [("time", "utc")],
      secrets: key.map { [$0] } ?? [])
  }

  private struct Answer: Decodable {
    struct Result: Decodable { let watt_hours: [String: Double] }
    struct Message: Decodable {
      struct Place: Decodable { let timezone: String }
      let info: Place?
    }
    let result: Result
    let message: Message
  }

  /// Reads an answer, which does not tell when it was issued.
  public static func power(
    in response: HTTPResponse, issuedAt time: Date
  ) throws(FeedError) -> PVPowerForecast {
    let answer = try FeedBody.decode(Answer.self, from: response, service: service)
    let zone = answer.message.info.flatMap { TimeZone(identifier: $0.timezone) }
    var points: [(time: Date, day: CivilDate, wattHours: Double)] = []
    for (text, energy) in answer.result.watt_hours {
      guard let stamp = TimestampText(text), let instant = stamp.instant ?? zone.map(stamp.instant)
      else { throw .unreadable(service: service, reason: "a time '\(text)' without its zone") }
      guard energy.isFinite, energy >= 0 else {
        throw .implausible(service: service, what: "\(energy) Wh at \(text)")
      }
      points.append((instant, stamp.date, energy))
    }
    points.sort { $0.time < $1.time }
    guard let first = points.first else {
      throw .unreadable(service: service, reason: "no energies")
    }
    // The first key of a day may lie after sunrise: its energy came in the hour before it.
    var pieces: [PVPowerForecast.Piece] = []
    var before = (time: first.time.addingTimeInterval(-3_600), day: first.day, wattHours: 0.0)
    for point in points {
      if point.day != before.day || point.wattHours < before.wattHours {
        before = (point.time.addingTimeInterval(-3_600), point.day, 0)
      }
      let hours = point.time.timeIntervalSince(before.time) / 3_600
      if hours > 0 {
        pieces.append(
          PVPowerForecast.Piece(
            start: before.time, end: point.time, p10: nil,
            estimate: (point.wattHours - before.wattHours) / hours, p90: nil))
      }
      before = point
    }
    return PVPowerForecast(
      source: service, issuedAt: time, pieces: pieces, darkBetweenPieces: true)
  }
}
