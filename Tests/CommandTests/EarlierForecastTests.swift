// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("pems fetch --issued")
struct EarlierForecastTests {
  private let house: FetchingHome
  private let first = instant("2026-06-08T00:00:00Z")

  init() throws { house = try FetchingHome() }

  /// Six days of hours with a sun from six to fifteen o'clock UTC, at each lead.
  private func answer() -> String {
    let hours = 0..<144
    let labels = hours.map { "\(Int(first.timeIntervalSince1970) + $0 * 3_600)" }
    func column(_ name: String, _ value: (Int) -> Int) -> String {
      #""\#(name)":[\#(hours.map { "\(value($0))" }.joined(separator: ","))]"#
    }
    let columns = (1...3).flatMap { lead in
      [
        column("temperature_2m_previous_day\(lead)") { _ in 15 },
        column("shortwave_radiation_previous_day\(lead)") { (7...15).contains($0 % 24) ? 300 : 0 },
      ]
    }
    return #"{"utc_offset_seconds":0,"hourly_units":{"time":"unixtime"},"hourly":{"time":["#
      + labels.joined(separator: ",") + "]," + columns.joined(separator: ",") + "}}"
  }

  private func configurationFile(_ server: LoopbackServer) throws -> String {
    try house.configurationFile(
      server.address, answering: "earlier_runs_address",
      further: """
        pv:
          inverter: {rated_power_w: 10000}
          arrays: [{name: south, peak_power_w: 5000, tilt_degrees: 35, azimuth_degrees: 180}]
        """)
  }

  @Test("past noons get the forecasts that were known then, and the models what they need of them")
  func fetches() async throws {
    let body = answer()
    let server = try FetchingHome.server(body)
    defer { server.stop() }
    let expectation = try #require(SignalName.pvForecast)
    let store = try SQLiteHistory(file: house.store, access: .writing)
    let own = Sample(time: instant("2026-06-10T10:00:00Z"), value: 1_234)
    try store.store([own], for: expectation)
    let words = [
      "fetch", "--config", try configurationFile(server), "--issued", "2", "--attempts",
      "1", "--at", "2026-06-10T20:00:00Z",
    ]
    for _ in 0..<2 {  // a second time changes nothing
      _ = await Pems.run(words)
      let log = try ForecastLog(
        file: URL(filePath: house.folder.path("house.weather-earlier.jsonl"))
      )
      .read()
      #expect(
        log.runs.map(\.issuedAt)
          == ["2026-06-08T10:00:00Z", "2026-06-09T10:00:00Z", "2026-06-10T10:00:00Z"].map(instant))
      #expect(log.runs.allSatisfy { $0.irradiance?.count == 72 })
      let steps = try store.samples(of: expectation, in: .distantPast..<Date.distantFuture)
      // The next days of the 8th and the 10th; that of the 9th has a reading already.
      #expect(steps.count == 96 + 1 + 96)
      #expect(steps.contains(own))
      let noon = steps.first { $0.time == instant("2026-06-09T10:00:00Z") }
      #expect((1_000...5_000).contains(noon?.value ?? 0))
      #expect(steps.first { $0.time == instant("2026-06-09T00:00:00Z") }?.value == 0)
    }
    let head = try #require(server.requests.first { $0.head.hasPrefix("GET /answered") }?.head)
    #expect(head.contains("start_date=2026-06-08&end_date=2026-06-13"))
    #expect(head.contains("shortwave_radiation_previous_day3"))
    #expect(await Pems.run(words.map { $0 == "2" ? "0" : $0 }) == 2)
  }
}
