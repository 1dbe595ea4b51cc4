// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
public import Household
import TimeSeries

/// Akkudoktor's PV forecast, an open service: hours of mean power by their start.
///
/// Source: api.akkudoktor.net, `/forecast`; its parameters as the program EOS of the same author asks.
public struct Akkudoktor: Sendable, Hashable {
  /// What messages call it.
  public static let service = "Akkudoktor"
  /// A household's roof gives no more, in watts.
  private static let possible = 0.0...1_000_000

  private struct Answer: Decodable {
    struct Row: Decodable {
      let datetime: String
      let power: Double
    }
    let values: [[Row]]
  }

  /// The question for a whole plant; the azimuth counts clockwise from north, as everywhere in pems.
  ///
  /// Each plane has an inverter of its own there; the home's counts for each of them. The horizon is
  /// free: what shades the roof the models of pems learn.
  public static func question(
    location: Location, arrays: [PVArray], inverter: Inverter, timeZone: TimeZone,
    address: String = "https://api.akkudoktor.net/forecast"
  ) -> HTTPRequest {
    var query = [
      ("lat", "\(location.latitude.rawValue)"), ("lon", "\(location.longitude.rawValue)"),
      ("timezone", timeZone.identifier),
      ("inverterEfficiency", "\(inverter.efficiency.rawValue)"),
    ]
    if let array = arrays.first {
      query.append(("cellCoEff", String(format: "%g", array.temperatureCoefficientPerKelvin * 100)))
    }
    for array in arrays {
      query += [
        ("power", "\(array.peakPower.rawValue)"), ("tilt", "\(array.tilt.rawValue)"),
        ("azimuth", "\(array.azimuth.rawValue - 180)"),
        ("powerInverter", "\(inverter.ratedPower.rawValue)"), ("horizont", "0,0,0,0"),
      ]
    }
    return HTTPRequest(address, query: query)
  }

  /// Reads an answer: the power of all planes together, as far as each of them has the hour.
  public static func power(
    in response: HTTPResponse, issuedAt time: Date
  ) throws(FeedError) -> PVPowerForecast {
    let planes = try FeedBody.decode(Answer.self, from: response, service: service).values
    var sums: [Date: (power: Double, planes: Int)] = [:]
    for row in planes.joined() {
      guard let start = TimestampText(row.datetime)?.instant else {
        throw .unreadable(service: service, reason: "a time '\(row.datetime)'")
      }
      guard possible.contains(row.power) else {
        throw .implausible(service: service, what: "\(row.power) W at \(row.datetime)")
      }
      let sum = sums[start] ?? (0, 0)
      sums[start] = (sum.power + row.power, sum.planes + 1)
    }
    let pieces = sums.filter { $0.value.planes == planes.count }.sorted { $0.key < $1.key }.map {
      PVPowerForecast.Piece(
        start: $0.key, end: $0.key.addingTimeInterval(3_600), p10: nil, estimate: $0.value.power,
        p90: nil)
    }
    guard !pieces.isEmpty else { throw .unreadable(service: service, reason: "no hours") }
    return PVPowerForecast(
      source: service, issuedAt: time, pieces: pieces, darkBetweenPieces: false)
  }
}
