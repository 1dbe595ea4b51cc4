// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing
import TimeSeries

@Suite(
  "Price services over HTTP", .serialized,
  .enabled(if: SimulatedProviders.isPresent, Comment(rawValue: SimulatedProviders.skipped)))
struct PriceServiceTests {
  private let prague = SiteCalendar(timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt)
  private let pauses = Pauses()

  private final class Pauses: Sendable {
    let seconds = Mutex<[Double]>([])
  }

  private func fetcher(attempts: Int = 1) -> FeedFetcher {
    FeedFetcher(client: HTTPClient(), policy: RetryPolicy(attempts: attempts), seed: 1) {
      [pauses] seconds in pauses.seconds.withLock { $0.append(seconds) }
    }
  }

  private func service(_ name: String, at address: String) -> any PriceService {
    switch name {
    case "entsoe":
      EntsoePrices(
        area: "10YCZ-CEPS-----N", token: Secret("token"), address: address + "/entsoe/api")
    case "ote": OTEPrices(address: address + "/ote/services/PublicDataService")
    case "energycharts": EnergyChartsPrices(zone: "CZ", address: address + "/energycharts/price")
    case "awattar": AwattarPrices(address: address + "/awattar/v1/marketdata")
    case "octopus":
      OctopusPrices(
        product: "AGILE-24-10-01", region: "C", includesTax: false, address: address + "/octopus")
    case "nordpool":
      NordPoolPrices(area: "CZ", address: address + "/nordpool/api/DayAheadPrices")
    default:
      TibberPrices(
        token: Secret("token"), currency: "EUR", component: .energy,
        address: address + "/tibber/v1-beta/gql")
    }
  }

  private static let names = [
    "entsoe", "ote", "energycharts", "awattar", "octopus", "nordpool", "tibber",
  ]

  @Test("every service has a price for each of the 92, 96 or 100 quarter-hours of a day")
  func wholeDay() async throws {
    let providers = try SimulatedProviders(now: "2026-03-28T15:00:00+00:00")
    let fetcher = fetcher()
    for (eve, quarters) in [("2026-03-28", 92), ("2026-06-10", 96), ("2026-10-24", 100)] {
      let now = instant(eve + "T15:00:00Z")
      try await providers.control("{\"now\":\"\(eve)T15:00:00+00:00\"}")
      let day = prague.day(holding: now, offset: 1)
      let grid = TimeGrid(covering: day, stepSeconds: 900)
      #expect(grid.count == quarters)
      var found: [String: Series<PricePerKilowattHour>] = [:]
      for name in Self.names {
        found[name] = try await fetcher.prices(
          of: service(name, at: providers.address), for: day, at: now
        ).spotPrices(publishedBefore: now, on: grid)
      }
      // All of them show one market in the simulation: OTE's answer is the measure.
      let measure = try #require(found["ote"])
      for (name, series) in found {
        #expect(series.missingCount == 0, "\(name) on \(eve)")
        #expect(Self.deviation(of: series, from: measure, by: name) < 1, "\(name) on \(eve)")
      }
    }
  }

  /// The largest difference of two services in units of what their rounding allows.
  private static func deviation(
    of series: Series<PricePerKilowattHour>, from measure: Series<PricePerKilowattHour>,
    by name: String
  ) -> Double {
    // The simulator divides by 5 and calls it pence; Tibber rounds to four digits; aWATTar has
    // means of hours.
    let measure = name == "awattar" ? measure.coarsened(toStepSeconds: 3_600) : measure
    let series = name == "awattar" ? series.coarsened(toStepSeconds: 3_600) : series
    guard let measure, let series else { return .infinity }
    let factor = name == "octopus" ? 0.5 : 1
    let tolerance = name == "tibber" ? 5.1e-5 : 5.1e-6
    let positions = stride(from: 0, to: series.values.count, by: name == "octopus" ? 2 : 1)
    return positions.map {
      abs((series[$0]?.rawValue ?? .infinity) * factor - (measure[$0]?.rawValue ?? 0)) / tolerance
    }.max() ?? .infinity
  }

  @Test("a day that is not published yet is told, and today's prices are kept")
  func notPublished() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T09:00:00+00:00")
    let now = instant("2026-06-10T09:00:00Z")
    let (today, tomorrow) = (prague.day(holding: now), prague.day(holding: now, offset: 1))
    for name in Self.names {
      let service = service(name, at: providers.address)
      let both = try await fetcher().prices(
        of: service, for: today.lowerBound..<tomorrow.upperBound, at: now)
      #expect(both.covers(today), "\(name)")
      #expect(!both.covers(tomorrow), "\(name)")
      if name == "tibber" { continue }  // which always answers with today as well
      do throws(FeedError) {
        _ = try await fetcher().prices(of: service, for: tomorrow, at: now)
        Issue.record("\(name): expected an error")
      } catch {
        guard case .notPublished = error else {
          Issue.record("expected 'not published', got \(error)")
          return
        }
      }
    }
  }

  private static let faults: [(json: String, name: String, isTransient: Bool)] = [
    (#"{"fail":{"NAME":[429,"slow down"]}}"#, "status(429", true),
    (#"{"fail":{"NAME":[500,"oops"]}}"#, "status(500", true),
    (#"{"fail":{"NAME":[401,"who?"]}}"#, "status(401", false),
    (#"{"fail":{"NAME":[200,"<html>hotel login</html>"]}}"#, "content", true),
    (#"{"truncate":{"NAME":120}}"#, "interrupted", true),
    (#"{"delay":{"NAME":1}}"#, "timedOut", true),
  ]

  @Test("every fault of every service is told by its name and gives no prices")
  func faults() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T15:00:00+00:00")
    let now = instant("2026-06-10T15:00:00Z")
    for fault in Self.faults {
      for name in Self.names {
        try await providers.control(#"{"fail":{},"truncate":{},"delay":{}}"#)
        try await providers.control(fault.json.replacingOccurrences(of: "NAME", with: name))
        let service = Patience(
          service: service(name, at: providers.address),
          seconds: fault.name == "timedOut" ? 0.2 : 20)
        do throws(FeedError) {
          _ = try await fetcher().prices(of: service, for: prague.day(holding: now), at: now)
          Issue.record("\(name), \(fault.name): expected an error")
        } catch {
          #expect(error.isTransient == fault.isTransient, "\(name), \(fault.name)")
          #expect(Self.kind(error) == fault.name, "\(name)")
          #expect(!"\(error)".contains("securityToken=token"))
        }
      }
    }
  }

  private static func kind(_ error: FeedError) -> String {
    switch error {
    case .transport(_, .status(_, let code, _, _)): "status(\(code)"
    case .transport(_, .interrupted): "interrupted"
    case .transport(_, .timedOut): "timedOut"
    case .unexpectedContent: "content"
    default: "\(error)"
    }
  }

  /// The same service with more or less patience.
  private struct Patience: PriceService {
    let service: any PriceService
    let seconds: Double
    var name: String { service.name }
    var currency: String { service.currency }

    func questions(for range: Range<Date>) -> [PriceQuestion] {
      service.questions(for: range).map { question in
        var request = question.request
        request.limits.totalSeconds = seconds
        return PriceQuestion(request, range: question.range)
      }
    }

    func prices(
      in response: HTTPResponse, to question: PriceQuestion, at time: Date
    ) throws(FeedError) -> [PriceEntry] {
      try service.prices(in: response, to: question, at: time)
    }
  }

  @Test("asks again after a fault of the server, but not after one of its own")
  func retries() async throws {
    let server = try LoopbackServer { position, request in
      position < 2
        ? LoopbackServer.answer("", status: "503 Busy")
        : LoopbackServer.answer(
          #"{"unix_seconds":[0],"price":[50],"unit":"EUR / MWh"}"#,
          headers: ["Content-Type: application/json"])
    }
    let service = EnergyChartsPrices(zone: "CZ", address: server.address)
    let day = prague.day(holding: Date(timeIntervalSince1970: 0))
    let prices = try await fetcher(attempts: 3).prices(of: service, for: day, at: day.lowerBound)
    #expect(prices.entries.map(\.price) == [PricePerKilowattHour(0.05)])
    #expect(server.requests.count == 3)
    #expect(pauses.seconds.withLock { $0.count } == 2)
  }

  @Test("the Czech National Bank's text gives the rate of the euro")
  func exchangeRates() async throws {
    let providers = try SimulatedProviders(now: "2026-06-10T15:00:00+00:00")
    let request = ExchangeRates.question(address: providers.address + "/cnb/daily.txt")
    let rates = try await fetcher().fetch(request, service: "CNB") {
      response throws(FeedError) in try ExchangeRates(response)
    }
    #expect(rates.date == CivilDate(year: 2026, month: 6, day: 10))
    #expect(rates.rate(from: "EUR", to: "CZK") == 24.315)
    #expect(rates.rate(from: "CZK", to: "EUR") == 1 / 24.315)
  }
}
