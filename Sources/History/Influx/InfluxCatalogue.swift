// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import HTTP

/// What an InfluxDB has: the names of its measurements and fields, to find what a mapping misses.
public struct InfluxCatalogue {
  private let server: InfluxServer
  private let connection = HTTPConnection()

  /// The catalogue of a server.
  public init(_ server: InfluxServer) { self.server = server }

  /// The measurements of a database, or of the server's own.
  public func measurements(in database: String?) throws(InfluxError) -> [String] {
    guard server.language == .influxQL else { return try names(of: nil, in: database) }
    return try names("SHOW MEASUREMENTS", in: database)
  }

  /// The fields of a measurement; empty when there is no such measurement.
  public func fields(of measurement: String, in database: String?) throws(InfluxError) -> [String] {
    guard server.language == .influxQL else { return try names(of: measurement, in: database) }
    return try names("SHOW FIELD KEYS FROM " + InfluxQL.identifier(measurement), in: database)
  }

  private func names(
    of measurement: String?, in database: String?
  ) throws(InfluxError) -> [String] {
    let script = Flux.names(bucket: database ?? server.database, of: measurement)
    let response: HTTPResponse
    do throws(HTTPError) { response = try connection.send(server.flux(script)) } catch {
      throw .transport(error)
    }
    return try Self.names(inFlux: response.body)
  }

  /// The last column of a table in Flux's CSV.
  static func names(inFlux body: [UInt8]) throws(InfluxError) -> [String] {
    let lines = InfluxNumber.text(body).split(whereSeparator: \.isNewline)
      .filter { !$0.hasPrefix("#") }
    if lines.first?.contains("error") ?? false {
      throw .statement(lines.dropFirst().first.map(String.init) ?? "error")
    }
    return lines.dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) }
  }

  private struct Answer: Decodable {
    struct Result: Decodable {
      struct Series: Decodable { let values: [[String?]]? }
      let series: [Series]?
    }
    let results: [Result]?
  }

  private func names(_ query: String, in database: String?) throws(InfluxError) -> [String] {
    var request = server.query(query, database: database)
    request.headers["Accept"] = "application/json"
    let response: HTTPResponse
    do throws(HTTPError) { response = try connection.send(request) } catch {
      throw .transport(error)
    }
    return try Self.names(inJSON: response.body)
  }

  /// The first column of the tables in JSON, each name once.
  static func names(inJSON body: [UInt8]) throws(InfluxError) -> [String] {
    if let reason = InfluxQL.failure(inJSON: body) { throw .statement(reason) }
    var names: [String] = []
    for line in body.split(separator: UInt8(ascii: "\n")) {
      guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line)) else {
        throw .unreadable("no list of names")
      }
      for series in (answer.results ?? []).flatMap({ $0.series ?? [] }) {
        names += (series.values ?? []).compactMap { $0.first ?? nil }
      }
    }
    return Array(Set(names)).sorted()
  }
}
