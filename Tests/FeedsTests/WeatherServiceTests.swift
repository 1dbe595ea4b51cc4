// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

@Suite(
  "Weather services over HTTP", .serialized,
  .enabled(if: SimulatedProviders.isPresent, Comment(rawValue: SimulatedProviders.skipped)))
struct WeatherServiceTests {
  private let place = Location(
    latitude: Degrees(50.1), longitude: Degrees(14.4), altitude: Metres(250))
  private let now = instant("2026-06-10T06:00:00Z")

  private func get<Content: Sendable>(
    _ request: HTTPRequest, _ read: @Sendable (HTTPResponse) throws(FeedError) -> Content
  ) async throws(FeedError) -> Content {
    try await FeedFetcher(client: HTTPClient(), policy: .never, seed: 1) { _ in }
      .fetch(request, service: "weather", read: read)
  }

  @Test("every weather service gives plausible values in pems' own units and times")
  func reads() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T06:00:00+00:00")
    let (base, now) = (providers.address, now)
    let meteo = OpenMeteo(location: place)
    let quarterly = try await get(
      meteo.forecast(days: 2, interval: .quarterHourly, address: base + "/openmeteo/v1/forecast")
    ) { response throws(FeedError) in
      try OpenMeteo.weather(in: response, interval: .quarterHourly, issuedAt: now)
    }
    #expect(quarterly.grid.start == instant("2026-06-10T00:00:00Z"))
    #expect(quarterly.grid.count == 192)
    let sun = try #require(quarterly.irradiance)
    #expect(sun[0] == 0)
    #expect((sun[46] ?? 0) > 100)
    #expect(abs((quarterly.windSpeed?[5] ?? 0) - 9.4 / 3.6) < 1e-9)

    let members = try await get(
      meteo.ensemble(days: 1, address: base + "/openmeteo-ensemble/v1/ensemble")
    ) { response throws(FeedError) in try OpenMeteo.members(in: response, issuedAt: now) }
    #expect(members.count == 31)
    #expect(Set(members.map { $0.temperature?[12] ?? .nan }).count > 20)

    let owm = try await get(
      OpenWeatherMap.question(
        location: place, key: Secret("k"), address: base + "/owm/data/3.0/onecall")
    ) { response throws(FeedError) in try OpenWeatherMap.weather(in: response, issuedAt: now) }
    #expect(owm.grid.count == 48)
    #expect(owm.irradiance == nil)

    let solar = try await get(
      ForecastSolar.question(
        location: place, tilt: Degrees(35), azimuth: Degrees(180), peakPower: Watts(8_000),
        address: base + "/forecastsolar")
    ) { response throws(FeedError) in try ForecastSolar.power(in: response, issuedAt: now) }
    let noon = TimeGrid(start: instant("2026-06-10T11:00:00Z"), stepSeconds: 900, count: 4)
    #expect(solar.power(on: noon).values.allSatisfy { ($0?.rawValue ?? 0) > 500 })

    let solcast = try await get(
      Solcast.question(site: "abc", key: Secret("k"), address: base + "/solcast")
    ) { response throws(FeedError) in try Solcast.power(in: response, issuedAt: now) }
    #expect(solcast.pieces.first?.start == now)
    #expect(solcast.pieces.allSatisfy { ($0.p10 ?? 0) <= $0.estimate })
  }

  @Test("faults of Open-Meteo, its own complaint and a wrong key are told")
  func tellsFaults() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T06:00:00+00:00")
    let (base, now) = (providers.address, now)
    let good = OpenMeteo(location: place).forecast(
      days: 1, interval: .hourly, address: base + "/openmeteo/v1/forecast")
    let faults = [
      #"{"fail":{"openmeteo":[429,"slow"]}}"#, #"{"fail":{"openmeteo":[500,"x"]}}"#,
      #"{"fail":{"openmeteo":[200,"<html>"]}}"#, #"{"fail":{},"truncate":{"openmeteo":90}}"#,
    ]
    for fault in faults {
      try await providers.control(fault)
      await #expect(throws: FeedError.self) {
        try await get(good) { response throws(FeedError) in
          try OpenMeteo.weather(in: response, interval: .hourly, issuedAt: now)
        }
      }
    }
    try await providers.control(#"{"fail":{},"truncate":{}}"#)
    let wrong = HTTPRequest(
      base + "/openmeteo/v1/forecast?latitude=50&longitude=14&hourly=nonsense")
    do throws(FeedError) {
      _ = try await get(wrong) { _ throws(FeedError) in 0 }
      Issue.record("expected a refusal")
    } catch {
      #expect("\(error)".contains("Cannot initialize nonsense"))
    }
  }
}
