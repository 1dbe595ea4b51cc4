// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("pems fetch --past")
struct PastWeatherTests {
  private let house: FetchingHome
  private let start = instant("2026-06-08T00:00:00Z")

  init() throws { house = try FetchingHome() }

  /// Two days of hours; the last one is not in the archive yet.
  private func answer() -> String {
    let first = Int(start.timeIntervalSince1970)
    let times = (0..<48).map { "\(first + $0 * 3_600)" }.joined(separator: ",")
    func values(_ value: (Int) -> Double) -> String {
      (0..<48).map { $0 == 47 ? "null" : "\(value($0))" }.joined(separator: ",")
    }
    return #"{"utc_offset_seconds":0,"timezone":"GMT","hourly_units":{"time":"unixtime","#
      + #""temperature_2m":"°C","shortwave_radiation":"W/m²","wind_speed_10m":"km/h"},"#
      + #""hourly":{"time":[\#(times)],"temperature_2m":[\#(values { 10 + Double($0) / 4 })],"#
      + #""shortwave_radiation":[\#(values { Double($0) * 10 })],"#
      + #""wind_speed_10m":[\#(values { _ in 36 })]}}"#
  }

  @Test("hours without a reading get that of the archive, the others keep their own")
  func fills() async throws {
    let body = answer()
    let server = try FetchingHome.server(body)
    let own = Sample(time: start.addingTimeInterval(10 * 3_600 + 300), value: 99)
    let store = try SQLiteHistory(file: house.store, access: .writing)
    try store.store([own], for: .outdoorTemperature)
    let words = [
      "fetch", "--config",
      try house.configurationFile(
        server.address, answering: "archive_address"), "--past", "2", "--attempts", "1",
      "--at", "2026-06-10T00:00:00Z",
    ]
    func samples(_ signal: SignalName) throws -> [Sample] {
      try store.samples(of: signal, in: .distantPast..<Date.distantFuture)
    }
    for _ in 0..<2 {  // a second time changes nothing
      _ = await Pems.run(words)
      let temperature = try samples(.outdoorTemperature)
      // Forty-seven hours have a label, and one of them has a reading.
      #expect(temperature.count { $0.value < 50 } == 46)
      #expect(temperature.contains(own))
      #expect(!temperature.contains { $0.time == start.addingTimeInterval(10 * 3_600) })
      // Radiation is of the hour before its label: the first step ends at the second label.
      let sun = try samples(.globalHorizontalIrradiance)
      #expect(sun.first { $0.time == start.addingTimeInterval(11 * 3_600) }?.value == 120)
      #expect(try samples(.windSpeed).allSatisfy { abs($0.value - 10) < 1e-9 })
    }
    let head = try #require(server.requests.first { $0.head.hasPrefix("GET /answered") }?.head)
    #expect(head.contains("start_date=2026-06-08&end_date=2026-06-10"))
    #expect(await Pems.run(words.map { $0 == "2" ? "0" : $0 }) == 2)
    server.stop()
  }
}
