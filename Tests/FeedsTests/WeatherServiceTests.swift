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

    let ensemble = try await get(
      meteo.ensemble(
        model: "icon_seamless", days: 1, address: base + "/openmeteo-ensemble/v1/ensemble")
    ) { response throws(FeedError) in
      try OpenMeteo.ensemble(in: response, model: "icon_seamless", issuedAt: now)
    }
    #expect(ensemble.members.count == 31)
    #expect(
      ensemble.grid
        == TimeGrid(
          start: instant("2026-06-10T00:00:00Z"), stepSeconds: 3_600, count: 24))
    #expect(Set(ensemble.members.map { $0.temperature[12] ?? .nan }).count > 20)

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

  /// A service with its part of the simulator's address.
  private struct Service {
    let name: String
    let request: HTTPRequest
    let read: @Sendable (HTTPResponse) throws(FeedError) -> Int
  }

  /// All services but that of prices; each gives the number of its steps.
  private func services(at base: String, now: Date) -> [Service] {
    let meteo = OpenMeteo(location: place)
    return [
      Service(
        name: "openmeteo",
        request: meteo.forecast(
          days: 2, interval: .quarterHourly, address: base + "/openmeteo/v1/forecast")
      ) { response throws(FeedError) in
        try OpenMeteo.weather(in: response, interval: .quarterHourly, issuedAt: now).grid.count
      },
      Service(
        name: "openmeteo-ensemble",
        request: meteo.ensemble(
          model: "icon_seamless", days: 1, address: base + "/openmeteo-ensemble/v1/ensemble")
      ) { response throws(FeedError) in
        try OpenMeteo.ensemble(in: response, model: "icon_seamless", issuedAt: now).members.count
      },
      Service(
        name: "owm",
        request: OpenWeatherMap.question(
          location: place, key: Secret("s3cr3t"), address: base + "/owm/data/3.0/onecall")
      ) { response throws(FeedError) in
        try OpenWeatherMap.weather(in: response, issuedAt: now).grid.count
      },
      Service(
        name: "forecastsolar",
        request: ForecastSolar.question(
          location: place, tilt: Degrees(35), azimuth: Degrees(180), peakPower: Watts(8_000),
          key: Secret("s3cr3t"), address: base + "/forecastsolar")
      ) { response throws(FeedError) in
        try ForecastSolar.power(in: response, issuedAt: now).pieces.count
      },
      Service(
        name: "solcast",
        request: Solcast.question(site: "abc", key: Secret("s3cr3t"), address: base + "/solcast")
      ) { response throws(FeedError) in
        try Solcast.power(in: response, issuedAt: now).pieces.count
      },
      Service(name: "cnb", request: ExchangeRates.question(address: base + "/cnb/daily.txt")) {
        response throws(FeedError) in
        try ExchangeRates(response).rate(from: "EUR", to: "CZK") == 24.315 ? 1 : 0
      },
    ]
  }

  private static let faults: [(json: String, word: String, isTransient: Bool)] = [
    (#"{"fail":{"NAME":[429,"slow down"]}}"#, "status 429", true),
    (#"{"fail":{"NAME":[500,"oops"]}}"#, "status 500", true),
    (#"{"fail":{"NAME":[401,"who?"]}}"#, "status 401", false),
    (#"{"truncate":{"NAME":40}}"#, "broke before the end", true),
    (#"{"delay":{"NAME":1}}"#, "no answer in time", true),
  ]

  @Test("every fault of every service is told by its name and without its key")
  func tellsFaults() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T06:00:00+00:00")
    for fault in Self.faults {
      for service in services(at: providers.address, now: now) {
        try await providers.control(#"{"fail":{},"truncate":{},"delay":{}}"#)
        try await providers.control(fault.json.replacing("NAME", with: service.name))
        var request = service.request
        if fault.json.contains("delay") { request.limits.totalSeconds = 0.2 }
        do throws(FeedError) {
          _ = try await get(request, service.read)
          Issue.record("\(service.name), \(fault.word): expected an error")
        } catch {
          #expect(error.isTransient == fault.isTransient, "\(service.name), \(fault.word)")
          #expect("\(error)".contains(fault.word), "\(service.name): \(error)")
          #expect(!"\(error)".contains("s3cr3t"), "\(service.name)")
        }
      }
    }
  }

  @Test("a login page with status 200 is no forecast, and no rate")
  func tellsForeignPages() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T06:00:00+00:00")
    for service in services(at: providers.address, now: now) {
      try await providers.control(
        #"{"fail":{"NAME":[200,"<html>hotel login</html>"]}}"#.replacing("NAME", with: service.name)
      )
      await #expect(throws: FeedError.self, "\(service.name)") {
        try await get(service.request, service.read)
      }
    }
  }

  @Test("every service has all steps on the days on which the clocks change")
  func changedClocks() async throws {
    let providers = try SimulatedProviders(now: "2026-03-28T15:00:00+00:00")
    for (eve, days) in [("2026-03-28", 2), ("2026-10-24", 2)] {
      let now = instant(eve + "T15:00:00Z")
      try await providers.control("{\"now\":\"\(eve)T15:00:00+00:00\"}")
      var counts: [String: Int] = [:]
      for service in services(at: providers.address, now: now) {
        counts[service.name] = try await get(service.request, service.read)
      }
      #expect(counts["openmeteo"] == days * 96)  // days of UTC, which all have 96
      #expect(counts["openmeteo-ensemble"] == 31)
      #expect(counts["owm"] == 48)
      #expect(counts["solcast"] == 96)
      #expect(counts["cnb"] == 1)
      // The sun of two days, the second one 23 or 25 hours long: its steps follow each other.
      let solar = try await get(services(at: providers.address, now: now)[3].request) {
        response throws(FeedError) in try ForecastSolar.power(in: response, issuedAt: now)
      }
      #expect(zip(solar.pieces, solar.pieces.dropFirst()).allSatisfy { $0.end <= $1.start })
      let noon = instant(eve + "T11:00:00Z").addingTimeInterval(86_400)
      let power = solar.power(on: TimeGrid(start: noon, stepSeconds: 3_600, count: 1)).values[0]
      #expect((power?.rawValue ?? 0) > 300, "\(eve)")
    }
  }

  @Test("the complaint of Open-Meteo itself is told")
  func tellsComplaint() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T06:00:00+00:00")
    let wrong = HTTPRequest(
      providers.address + "/openmeteo/v1/forecast?latitude=50&longitude=14&hourly=nonsense")
    do throws(FeedError) {
      _ = try await get(wrong) { _ throws(FeedError) in 0 }
      Issue.record("expected a refusal")
    } catch {
      #expect("\(error)".contains("Cannot initialize nonsense"))
    }
  }
}
