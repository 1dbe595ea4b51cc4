// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import TestSupport
import Testing
import TimeSeries

/// Recorded answers; the expected numbers were read out of the files with Python's json.
@Suite(
  "Recorded answers of weather services",
  .enabled(
    if: ReferenceMaterial.has("data/f_fixtures_api"),
    Comment(rawValue: ReferenceMaterial.missing("data/f_fixtures_api"))))
struct WeatherFixtureTests {
  private let now = instant("2026-01-01T00:00:00Z")

  private func response(_ file: String) throws -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: ["content-type": "application/json"],
      body: try Fixture.bytes("data/f_fixtures_api/" + file))
  }

  @Test("Open-Meteo hours: local labels become UTC, radiation is of the hour before its label")
  func openMeteoHours() throws {
    let weather = try OpenMeteo.weather(
      in: response("eos/weatherforecast_openmeteo_1.json"), interval: .hourly, issuedAt: now)
    #expect(weather.grid.start == instant("2026-03-01T23:00:00Z"))
    #expect(weather.grid.count == 72)
    let radiation = try #require(weather.irradiance)
    #expect(radiation[36] == 530.5)
    let temperature = try #require(weather.temperature)
    #expect(abs((temperature[36] ?? 0) - 10.5) < 1e-9)
    let wind = try #require(weather.windSpeed)
    #expect(abs((wind[36] ?? 0) - 0.8055555555555555) < 1e-9)
  }

  @Test("Open-Meteo quarter-hours: instantaneous radiation becomes means between the labels")
  func openMeteoQuarters() throws {
    let weather = try OpenMeteo.weather(
      in: response("openmeteo/emhass_openmeteo.json"), interval: .quarterHourly, issuedAt: now)
    #expect(weather.grid.stepSeconds == 900)
    #expect(weather.grid.start == instant("2025-02-23T23:00:00Z"))
    let radiation = try #require(weather.irradiance)
    #expect(abs((radiation[243] ?? 0) - 697.75) < 1e-9)
  }

  @Test("Bright Sky: energy of the hour before becomes power")
  func brightSky() throws {
    let weather = try BrightSky.weather(
      in: response("eos/weatherforecast_brightsky_1.json.gz"), issuedAt: now)
    #expect(weather.grid.start == instant("2024-10-25T22:00:00Z"))
    let temperature = try #require(weather.temperature)
    #expect(abs((temperature[0] ?? 0) - 6.4) < 1e-9)  // (6.2 + 6.6) / 2
    let wind = try #require(weather.windSpeed)
    #expect(abs((wind[0] ?? 0) - 1.5) < 1e-9)  // (4.7 + 6.1) / 2 km/h
    let radiation = try #require(weather.irradiance)
    #expect(radiation.allSatisfy { $0 == nil })  // this recording has no solar energy
  }

  @Test("forecast.solar with offsets: energy between two keys over their time")
  func forecastSolar() throws {
    let forecast = try ForecastSolar.power(
      in: response("forecast_solar/forecast.json"), issuedAt: now)
    let grid = TimeGrid(start: instant("2024-04-26T05:00:00Z"), stepSeconds: 3_600, count: 3)
    let power = forecast.power(on: grid).values.map { $0?.rawValue }
    #expect(power == [Watts(376), Watts(538), Watts(688)].map(\.rawValue))
  }

  @Test("forecast.solar without offsets: the zone of the answer counts")
  func forecastSolarLocal() throws {
    let forecast = try ForecastSolar.power(
      in: response("forecast_solar/emhass_forecast_solar.json"), issuedAt: now)
    // 09:00 to 10:00 in Paris summer time: 1315 − 325 Wh.
    let grid = TimeGrid(start: instant("2022-10-24T07:00:00Z"), stepSeconds: 3_600, count: 2)
    #expect(forecast.power(on: grid).values == [Watts(990), Watts(1_444)])
    // Midnight lies between two days of daylight: dark, not missing.
    let night = TimeGrid(start: instant("2022-10-24T22:00:00Z"), stepSeconds: 900, count: 1)
    #expect(forecast.power(on: night).values == [.zero])
  }

  @Test("forecast.solar's half-hours of a personal account keep the day's energy")
  func forecastSolarPersonal() throws {
    let forecast = try ForecastSolar.power(
      in: response("forecast_solar/forecast_personal.json"), issuedAt: now)
    let grid = TimeGrid(start: instant("2024-04-27T04:30:00Z"), stepSeconds: 900, count: 58)
    let energy = forecast.power(on: grid).values.reduce(0) { $0 + ($1?.rawValue ?? 0) / 4 }
    #expect(abs(energy - 5_783) < 1e-6)
  }

  @Test("a refusal of forecast.solar is unreadable, not a dark day")
  func forecastSolarRefusal() throws {
    for file in ["ratelimit", "validate_key", "validate_plane"] {
      #expect(throws: FeedError.self) {
        try ForecastSolar.power(in: response("forecast_solar/\(file).json"), issuedAt: now)
      }
    }
  }

  @Test("Solcast: periods are named by their end, powers are in kilowatts")
  func solcast() throws {
    let forecast = try Solcast.power(in: response("solcast/emhass_solcast.json"), issuedAt: now)
    #expect(forecast.pieces.first?.start == instant("2022-10-24T20:30:00Z"))
    let piece = try #require(forecast.pieces.first { $0.end == instant("2022-10-25T11:30:00Z") })
    #expect(piece.estimate == 2848.3)
    #expect(piece.p10 == 967.5)
    #expect(piece.p90 == 3315.5)
  }

  @Test("Akkudoktor: hours by their start, in local time with its offset")
  func akkudoktor() throws {
    let forecast = try Akkudoktor.power(
      in: response("eos/pv_forecast_input_single_plane.json.gz"), issuedAt: now)
    #expect(forecast.pieces.count == 288)
    let grid = TimeGrid(start: instant("2024-10-06T05:00:00Z"), stepSeconds: 3_600, count: 3)
    let power = forecast.power(on: grid).values.map { $0?.rawValue ?? .nan }
    #expect(
      zip(power, [0, 9.390261207582668, 194.05640937529813]).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test("what another program made of an answer is refused, not read as an empty forecast")
  func foreignFiles() throws {
    for file in ["weatherforecast_openmeteo_2", "weatherforecast_clearout_1"] {
      let response = try response("eos/\(file).json.gz")
      #expect(throws: FeedError.self) {
        try OpenMeteo.weather(in: response, interval: .hourly, issuedAt: now)
      }
      #expect(throws: FeedError.self) { try BrightSky.weather(in: response, issuedAt: now) }
    }
  }
}
