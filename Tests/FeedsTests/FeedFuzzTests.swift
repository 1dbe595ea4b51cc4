// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

/// Damaged answers of every service: an error or true numbers, never a crash, a hang or a zero that
/// nobody wrote.
@Suite("Fuzzed answers of services")
struct FeedFuzzTests {
  private static let now = instant("2026-06-10T06:00:00Z")
  private static let day = instant("2026-06-09T22:00:00Z")..<instant("2026-06-10T22:00:00Z")

  /// A parser with good answers.
  struct Parser: Sendable, CustomTestStringConvertible {
    let name: String
    let mediaType: String
    let seeds: [String]
    let parse: @Sendable (HTTPResponse) throws -> [Double]
    var testDescription: String { name }
  }

  private static func prices(
    _ service: some PriceService, _ seeds: [String], _ type: String = "application/json"
  ) -> Parser {
    Parser(name: service.name, mediaType: type, seeds: seeds) { response in
      let question = PriceQuestion(HTTPRequest("http://x"), range: day)
      let entries = try service.prices(in: response, to: question, at: now)
      var known = PublishedPrices(currency: service.currency, entries: entries)
      known.merge(entries)
      let grid = TimeGrid(covering: day, stepSeconds: 900)
      _ = known.spotPrices(publishedBefore: now, on: grid)
      return entries.map(\.price.rawValue)
    }
  }

  private static func weather(
    _ name: String, _ seeds: [String],
    _ read: @escaping @Sendable (HTTPResponse) throws -> IssuedWeather
  ) -> Parser {
    Parser(name: name, mediaType: "application/json", seeds: seeds) { response in
      let weather = try read(response)
      _ = weather.weather(
        issuedBefore: now, on: TimeGrid(start: now, stepSeconds: 900, count: 192))
      return (weather.temperature ?? []).compactMap(\.self)
    }
  }

  private static func power(
    _ name: String, _ seeds: [String],
    _ read: @escaping @Sendable (HTTPResponse) throws -> PVPowerForecast
  ) -> Parser {
    Parser(name: name, mediaType: "application/json", seeds: seeds) { response in
      let forecast = try read(response)
      let series = forecast.power(on: TimeGrid(start: now, stepSeconds: 900, count: 192))
      // A night between two days of light is truly zero, so only numbers are looked at.
      return series.values.compactMap { $0?.rawValue }.filter { $0 != 0 }
    }
  }

  static let parsers: [Parser] = [
    prices(OTEPrices(), FeedSeeds.ote, "text/xml"),
    prices(EntsoePrices(area: "CZ", token: Secret("t")), FeedSeeds.entsoe, "text/xml"),
    prices(EnergyChartsPrices(zone: "CZ"), FeedSeeds.energyCharts),
    prices(AwattarPrices(), FeedSeeds.awattar), prices(EnergyZeroPrices(), FeedSeeds.energyZero),
    prices(NordPoolPrices(area: "CZ"), FeedSeeds.nordPool),
    prices(OctopusPrices(product: "A", region: "C", includesTax: false), FeedSeeds.octopus),
    prices(
      TibberPrices(token: Secret("t"), currency: "EUR", component: .energy), FeedSeeds.tibber),
    Parser(name: "CNB text", mediaType: "text/plain", seeds: FeedSeeds.bankText) {
      try Array(ExchangeRates($0).crowns.values)
    },
    Parser(name: "CNB JSON", mediaType: "application/json", seeds: FeedSeeds.bankJSON) {
      try Array(ExchangeRates($0).crowns.values)
    },
    weather("Open-Meteo hours", FeedSeeds.openMeteo) {
      try OpenMeteo.weather(in: $0, interval: .hourly, issuedAt: now)
    },
    weather("Open-Meteo quarter-hours", FeedSeeds.openMeteoQuarters) {
      try OpenMeteo.weather(in: $0, interval: .quarterHourly, issuedAt: now)
    },
    Parser(
      name: "Open-Meteo ensemble", mediaType: "application/json", seeds: FeedSeeds.ensemble
    ) {
      let ensemble = try OpenMeteo.ensemble(in: $0, model: "m", issuedAt: now)
      _ = ensemble.from(now).complete(over: now..<now.addingTimeInterval(7_200))
      return ensemble.members.flatMap { $0.temperature.compactMap(\.self) }
    },
    weather("OpenWeatherMap", FeedSeeds.openWeatherMap) {
      try OpenWeatherMap.weather(in: $0, issuedAt: now)
    },
    weather("Bright Sky", FeedSeeds.brightSky) { try BrightSky.weather(in: $0, issuedAt: now) },
    power("forecast.solar", FeedSeeds.forecastSolar) {
      try ForecastSolar.power(in: $0, issuedAt: now)
    },
    weather("Open-Meteo earlier runs", FeedSeeds.earlierRuns) {
      try OpenMeteoEarlierRuns($0).issued(at: now)
        ?? IssuedWeather(
          source: "", issuedAt: now, grid: TimeGrid(start: now, stepSeconds: 1, count: 0))
    },
    power("Akkudoktor", FeedSeeds.akkudoktor) { try Akkudoktor.power(in: $0, issuedAt: now) },
    power("Solcast", FeedSeeds.solcast) { try Solcast.power(in: $0, issuedAt: now) },
  ]

  @Test("a damaged answer is refused or gives the numbers it has", arguments: parsers)
  func answers(parser: Parser) throws {
    let headers = ["content-type": parser.mediaType]
    for seed in parser.seeds {
      let whole = HTTPResponse(status: 200, headers: headers, body: Array(seed.utf8))
      #expect(try !parser.parse(whole).isEmpty, "the seed itself is good")
    }
    var random = SplitMix64(seed: UInt64(parser.name.utf8.reduce(0) { $0 &* 31 &+ UInt32($1) }))
    let fuzzing = Fuzzing(seeds: parser.seeds.map { Array($0.utf8) })
    let complaints = fuzzing.run(using: &random) { input in
      let response = HTTPResponse(status: 200, headers: headers, body: input)
      do { return .numbers(try parser.parse(response)) } catch { return .refused }
    }
    #expect(complaints.isEmpty)
  }

  @Test("a damaged file of quotas gives no request, one that can be read counts what it has")
  func quotas() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "quotas.json")
    var quota = RequestQuota(limit: 2, windowSeconds: 86_400)
    _ = quota.take(at: Self.now)
    let whole = Array(try JSONEncoder().encode(["Solcast": quota]))
    var random = SplitMix64(seed: 12)
    let complaints = Fuzzing(seeds: [whole]).run(using: &random) { input in
      guard var read = try? JSONDecoder().decode([String: RequestQuota].self, from: Data(input))
      else { return .refused }
      for name in read.keys { _ = read[name]?.take(at: Self.now, spacingSeconds: 60) }
      return .numbers(read.values.map { Double($0.remaining(at: Self.now)) }.filter { $0 != 0 })
    }
    #expect(complaints.isEmpty)
    try Data("{".utf8).write(to: file)
    await #expect(throws: FeedError.self) {
      try await QuotaLedger(file: file).take(
        "Solcast", limit: 2, windowSeconds: 86_400, at: Self.now)
    }
  }

  @Test("a damaged forecast log gives the lines that are whole")
  func forecastLog() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "log.jsonl")
    var weather = IssuedWeather(
      source: "s", issuedAt: Self.now, grid: TimeGrid(start: Self.now, stepSeconds: 900, count: 4))
    weather.irradiance = [1, 2, 3, nil]
    weather.temperature = [11, 12, nil, 14]
    let line = try JSONEncoder().encode(weather) + Data("\n".utf8)
    var random = SplitMix64(seed: 11)
    let grid = TimeGrid(start: Self.now, stepSeconds: 900, count: 192)
    let complaints = Fuzzing(seeds: [Array(line + line)]).run(using: &random) { input in
      guard (try? Data(input).write(to: file)) != nil,
        let log = try? ForecastLog(file: file).read()
      else { return .refused }
      _ = log.weather(issuedBefore: Self.now, on: grid)
      return .numbers(log.runs.flatMap { ($0.temperature ?? []).compactMap(\.self) })
    }
    #expect(complaints.isEmpty)
  }
}
