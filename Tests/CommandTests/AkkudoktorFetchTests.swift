// SPDX-License-Identifier: MIT
import Feeds
import Forecasting
import Foundation
import History
import Household
import Synchronization
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("Akkudoktor's forecast of a roof")
struct AkkudoktorFetchTests {
  private let folder: TemporaryFolder
  private let now = instant("2026-06-10T06:00:30Z")

  init() throws { folder = try TemporaryFolder() }

  /// Two planes of 48 hours of 1000 and 500 W, by local time with its offset.
  private static let answer: String = {
    func plane(_ power: Int) -> String {
      let hours = (0..<48).map { hour in
        let day = 10 + hour / 24
        return
          #"{"datetime":"2026-06-\#(day)T\#(String(format: "%02d", hour % 24)):00:00.000+02:00","#
          + #""power":\#(power)}"#
      }
      return "[" + hours.joined(separator: ",") + "]"
    }
    return #"{"meta":{},"values":[\#(plane(1_000)),\#(plane(500))]}"#
  }()

  @Test("is asked for all planes at once, at most hourly, and blended into the plan's forecast")
  func fetches() async throws {
    let reply = Mutex(LoopbackServer.answer("no", status: "429 No"))
    let server = try LoopbackServer { _, _ in reply.withLock { $0 } }
    defer { server.stop() }
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: A, latitude: 49.2, longitude: 16.6, altitude_m: 237, time_zone: Europe/Prague,
      holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {fixed_per_kwh: 3}, value_added_tax_percent: 21}
    pv:
      inverter: {rated_power_w: 8000}
      arrays:
        - {name: east, peak_power_w: 4000, tilt_degrees: 35, azimuth_degrees: 90}
        - {name: west, peak_power_w: 3000, tilt_degrees: 30, azimuth_degrees: 270}
    history: {store: house.db}
    pv_forecast: {services: [{service: akkudoktor, address: "\(server.address)/forecast"}]}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let configuration = try configuration(at: path)
    _ = try SQLiteHistory(file: folder.path("house.db"), access: .writing)
    func fetch(_ hours: Double) async throws -> String {
      try await FeedRun(
        configuration: configuration, store: folder.path("house.db"),
        now: now.addingTimeInterval(hours * 3_600), policy: RetryPolicy(attempts: 1)
      ).run([.pv]).text
    }
    #expect(try await fetch(-1.5).contains("status 429"))
    reply.withLock { $0 = LoopbackServer.answer("no", status: "500 No") }
    #expect(try await fetch(-0.4).contains("status 500"))
    #expect(try await fetch(-0.2).contains("the next request is due"))
    reply.withLock {
      $0 = LoopbackServer.answer(Self.answer, headers: ["Content-Type: application/json"])
    }
    #expect(try await fetch(0.7).contains("48 pieces"))
    let head = try #require(server.requests.last?.head)
    #expect(head.contains("power=4000.0&tilt=35.0&azimuth=-90.0"))
    #expect(head.contains("power=3000.0&tilt=30.0&azimuth=90.0"))
    let time = now.addingTimeInterval(3_600)
    let grid = TimeGrid(start: instant("2026-06-10T07:00:00Z"), stepSeconds: 900, count: 96)
    let outlook = try StoredOutlook(
      configuration: configuration, store: folder.path("house.db"), at: time, until: grid.end)
    let said = outlook.known(at: time, on: grid, snapshot: Snapshot(time: time)).servicePV ?? []
    #expect(said.map(\.source) == ["Akkudoktor"])
    #expect(said.first?.power[0] == Watts(1_500))
  }
}
