// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Weather without a network")
struct WeatherTests {
  private let start = instant("2026-06-10T00:00:00Z")

  @Test("Open-Meteo's archive and earlier runs are asked for by UTC days and by their leads")
  func pastQuestions() throws {
    let meteo = OpenMeteo(
      location: Location(latitude: Degrees(50.1), longitude: Degrees(14.4), altitude: Metres(250)))
    let (first, last) = (instant("2026-03-28T15:00:00Z"), instant("2026-03-30T01:00:00Z"))
    let archive = meteo.archive(from: first, to: last).address
    #expect(archive.hasPrefix("https://archive-api.open-meteo.com/v1/archive?latitude=50.1"))
    #expect(archive.contains("start_date=2026-03-28&end_date=2026-03-30"))
    let run = meteo.earlierRuns(from: first, to: last).address
    #expect(run.hasPrefix("https://previous-runs-api.open-meteo.com/v1/forecast?"))
    for lead in 1...3 { #expect(run.contains("snowfall_previous_day\(lead)")) }
    #expect(!run.contains("_previous_day0") && !run.contains("_previous_day4"))
  }

  private func issued(
    _ source: String, hours: Int, irradiance: [Double?]?, temperature: [Double?]?
  ) -> IssuedWeather {
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: hours)
    var weather = IssuedWeather(source: source, issuedAt: start, grid: grid)
    weather.irradiance = irradiance
    weather.temperature = temperature
    return weather
  }

  @Test("energy is kept on finer steps, temperature goes in a line through the middles")
  func refines() throws {
    let weather = issued("a", hours: 2, irradiance: [100, 300], temperature: [10, 14])
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 8)
    let fine = try #require(weather.weather(issuedBefore: start, on: grid))
    #expect(
      fine.globalHorizontalIrradiance.completeRawValues == [100, 100, 100, 100, 300, 300, 300, 300])
    // Middles at 1/8 h, 3/8 h …; the hours' middles are at 4/8 and 12/8 h.
    #expect(fine.temperature.completeRawValues == [10, 10, 10.5, 11.5, 12.5, 13.5, 14, 14])
  }

  @Test("a forecast is not known before its issue, and missing beyond its end")
  func respectsIssue() throws {
    let weather = issued("a", hours: 2, irradiance: [100, 300], temperature: [10, 14])
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 3)
    #expect(weather.weather(issuedBefore: start.addingTimeInterval(-1), on: grid) == nil)
    let known = try #require(weather.weather(issuedBefore: start, on: grid))
    #expect(known.globalHorizontalIrradiance.values.map { $0?.rawValue } == [100, 300, nil])
  }

  @Test("a blend weighs the sources that have a value, each variable by itself")
  func blends() throws {
    let blend = WeatherBlend([
      .init(issued("a", hours: 2, irradiance: [100, nil], temperature: [10, 10]), weight: 1),
      .init(issued("b", hours: 2, irradiance: [400, 400], temperature: [20, 20]), weight: 2),
      .init(issued("c", hours: 1, irradiance: nil, temperature: [40]), weight: 1),
    ])
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 2)
    let weather = try #require(blend.weather(issuedBefore: start, on: grid))
    #expect(weather.globalHorizontalIrradiance.completeRawValues == [300, 400])
    let temperature = try #require(weather.temperature.completeRawValues)
    #expect(temperature[0] == 22.5)  // (10 + 2 × 20 + 40) / 4
    #expect(abs(temperature[1] - 50.0 / 3) < 1e-12)
  }

  private func measured(days: Int, _ value: (Int) -> Double) -> [Double] {
    (0..<days * 24).map { value($0 / 24) }
  }

  @Test("falls from the last run to climatology and to persistence, and says so")
  func fallsBack() throws {
    let now = start.addingTimeInterval(10 * 86_400)
    let past = TimeGrid(start: start, stepSeconds: 3_600, count: 240)
    let sun = Series<WattsPerSquareMetre>(grid: past, rawValues: measured(days: 10) { Double($0) })
    let air = Series<Celsius>(grid: past, rawValues: measured(days: 10) { Double($0) })
    let ahead = TimeGrid(start: now, stepSeconds: 3_600, count: 3)
    var run = IssuedWeather(source: "run", issuedAt: now, grid: ahead)
    run.irradiance = [500, 500, 500]
    run.temperature = [21, 21, 21]

    let fresh = try #require(
      WeatherLadder(run: run, measuredIrradiance: sun, measuredTemperature: air)
        .answer(at: now, on: ahead))
    #expect(fresh.rung == .forecast)
    #expect(fresh.diagnostics.isEmpty)

    let climate = try #require(
      WeatherLadder(run: nil, measuredIrradiance: sun, measuredTemperature: air)
        .answer(at: now, on: ahead))
    #expect(climate.rung == .climatology)
    #expect(climate.weather.temperature.completeRawValues == [4.5, 4.5, 4.5])  // mean of 0…9
    #expect(climate.diagnostics.map(\.severity) == [.warning])

    let lastDay = now.addingTimeInterval(-86_400)..<now
    let persistence = try #require(
      WeatherLadder(
        run: nil, measuredIrradiance: sun.slice(lastDay), measuredTemperature: air.slice(lastDay)
      ).answer(at: now, on: ahead))
    #expect(persistence.rung == .persistence)
    #expect(persistence.weather.temperature.completeRawValues == [9, 9, 9])

    #expect(
      WeatherLadder(run: nil, measuredIrradiance: nil, measuredTemperature: nil)
        .answer(at: now, on: ahead) == nil)
  }

  @Test("a run that is too old is not trusted although it reaches far enough")
  func distrustsOldRuns() throws {
    let now = start.addingTimeInterval(40 * 3_600)
    let run = issued(
      "a", hours: 48, irradiance: Array(repeating: 1, count: 48),
      temperature: Array(repeating: 1, count: 48))
    let grid = TimeGrid(start: now, stepSeconds: 3_600, count: 2)
    let ladder = WeatherLadder(run: run, measuredIrradiance: nil, measuredTemperature: nil)
    #expect(ladder.answer(at: now, on: grid) == nil)
    #expect(ladder.answer(at: start.addingTimeInterval(36 * 3_600), on: grid) != nil)
  }

  @Test("the log gives back at each time what had been issued then, and skips a torn line")
  func logs() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "forecasts.jsonl")
    let log = ForecastLog(file: file)
    let first = issued("a", hours: 1, irradiance: [1], temperature: [1])
    var later = IssuedWeather(
      source: "a", issuedAt: start.addingTimeInterval(600), grid: first.grid)
    later.irradiance = [2]
    later.temperature = [nil]
    later.temperature = [2]
    try log.append(first)
    try log.append(later)
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"source":"a","iss"#.utf8))
    try handle.close()
    let runs = try log.read()
    #expect(runs.runs == [first, later])
    func known(_ seconds: Double) -> Double? {
      runs.weather(issuedBefore: start.addingTimeInterval(seconds), on: first.grid)?
        .temperature[0]?.rawValue
    }
    #expect(known(0) == 1)
    #expect(known(599) == 1)
    #expect(known(600) == 2)
    #expect(known(-1) == nil)
  }

  @Test("a quota outlives a restart, frees by age, and does not trust a clock set back")
  func quota() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "quota.json")
    for hour in 0..<3 {
      try await QuotaLedger(file: file).take(
        "solcast", limit: 3, windowSeconds: 86_400,
        at: start.addingTimeInterval(Double(hour) * 3_600))
    }
    let ledger = QuotaLedger(file: file)
    let free = start.addingTimeInterval(86_400)
    await #expect(throws: FeedError.quotaUsedUp(service: "solcast", until: free)) {
      try await ledger.take(
        "solcast", limit: 3, windowSeconds: 86_400, at: start.addingTimeInterval(80_000))
    }
    try await ledger.take("other", limit: 1, windowSeconds: 60, at: start)
    try await ledger.take("solcast", limit: 3, windowSeconds: 86_400, at: free)
    var quota = RequestQuota(limit: 1, windowSeconds: 60)
    #expect(quota.take(at: start) == nil)
    let setBack = start.addingTimeInterval(-1_000)
    #expect(quota.take(at: setBack) == setBack.addingTimeInterval(60))
  }

  @Test("a damaged quota file gives no request instead of forgetting the limit")
  func damagedQuota() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "quota.json")
    try Data("{".utf8).write(to: file)
    await #expect(throws: FeedError.self) {
      try await QuotaLedger(file: file).take("a", limit: 1, windowSeconds: 60, at: start)
    }
  }

  @Test(
    "reads times in every form the services use",
    arguments: [
      ("2026-03-29T01:00Z", "2026-03-29T01:00:00Z"),
      ("2026-03-29 01:00:00", "2026-03-29T00:00:00Z"),  // Prague, winter
      ("2026-03-29T03:00:00.0000000+02:00", "2026-03-29T01:00:00Z"),
      ("2026-10-25 02:30:00", "2026-10-25T00:30:00Z"),  // repeated hour: the first
      ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),  // skipped hour: by the clock before
      ("2026-07-01T12:00", "2026-07-01T10:00:00Z"),
    ])
  func readsTimes(text: String, expected: String) throws {
    let prague = try #require(TimeZone(identifier: "Europe/Prague"))
    #expect(TimestampText(text)?.instant(in: prague) == instant(expected))
  }

  @Test(
    "refuses what is no time",
    arguments: [
      "", "2026", "2026-02-29T00:00Z", "2026-13-01T00:00Z", "2026-01-01T24:00Z",
      "2026-01-01T00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00+", "2026-01-01T00:00Zx",
      "2026-01-01X00:00Z", "2026-1-01T00:00Z",
    ])
  func refusesTimes(text: String) { #expect(TimestampText(text) == nil) }
}
