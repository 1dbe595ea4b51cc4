// SPDX-License-Identifier: MIT
import Foundation
import TestSupport

/// A home whose weather comes from one address of a server of the test.
struct FetchingHome {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var store: String { folder.path("house.db") }

  /// - Parameters:
  ///   - key: the key of the service's address that is answered.
  ///   - further: sections that only this home has.
  func configurationFile(
    _ address: String, answering key: String, further: String = ""
  ) throws -> String {
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: T, latitude: 49.2, longitude: 16.6, altitude_m: 237, time_zone: Europe/Prague,
      holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {fixed_per_kwh: 3}, value_added_tax_percent: 21}
    \(further)
    history: {store: house.db}
    weather: {services: [{service: open_meteo, address: "\(address)/none",
      \(key): "\(address)/answered"}]}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// A server that answers with a body where the home asks, and nowhere else.
  static func server(_ body: String) throws -> LoopbackServer {
    try LoopbackServer { _, request in
      request.head.hasPrefix("GET /answered")
        ? LoopbackServer.answer(body, headers: ["Content-Type: application/json"])
        : LoopbackServer.answer("", status: "404 No")
    }
  }
}
