// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import TestSupport
import Testing
import TimeSeries

/// Recorded answers of the services; the expected numbers were read out of the files by hand.
@Suite(
  "Recorded answers of price services",
  .enabled(
    if: ReferenceMaterial.has("data/f_fixtures_api"),
    Comment(rawValue: ReferenceMaterial.missing("data/f_fixtures_api"))))
struct PriceFixtureTests {
  private let now = instant("2026-01-01T00:00:00Z")

  private func prices(
    _ service: some PriceService, _ file: String, type: String = "application/json"
  ) throws -> PublishedPrices {
    let body = try Fixture.bytes("data/f_fixtures_api/" + file)
    let response = HTTPResponse(status: 200, headers: ["content-type": type], body: body)
    let range = now..<now.addingTimeInterval(86_400)
    let entries = try service.prices(
      in: response, to: PriceQuestion(HTTPRequest("http://x"), range: range), at: now)
    return PublishedPrices(currency: service.currency, entries: entries)
  }

  private func quarters(_ prices: PublishedPrices, from start: String, count: Int) -> [Double?] {
    let grid = TimeGrid(start: instant(start), stepSeconds: 900, count: count)
    return prices.spotPrices(publishedBefore: now, on: grid).values.map { value in
      value.map { ($0.rawValue * 1e6).rounded() / 1e3 }  // back to a megawatt-hour
    }
  }

  private let entsoe = EntsoePrices(area: "10YBE----------2", token: Secret("t"))

  @Test("ENTSO-E: left-out positions repeat the price before them, in two resolutions")
  func entsoeMixed() throws {
    let prices = try prices(entsoe, "entsoe/BE_15M_avg.xml", type: "text/xml")
    let quarterly = [55.35, 40.32, 31.86, 28.71] + Array(repeating: 44.22, count: 6)
    let rest = Array(repeating: 28.37, count: 10)
    let hourly = Array(repeating: 64.98, count: 8)  // its position 2 is left out, 3 is outside
    #expect(
      quarters(prices, from: "2024-10-05T22:00:00Z", count: 30)
        == quarterly + rest + hourly + [nil, nil])
  }

  @Test("ENTSO-E: a period shorter than its document")
  func entsoeShort() throws {
    let prices = try prices(entsoe, "entsoe/BE_15M_exact4.xml", type: "text/xml")
    #expect(
      quarters(prices, from: "2024-10-05T22:00:00Z", count: 5) == [55.35, 44.22, 40.32, 31.86, nil])
  }

  @Test("ENTSO-E: hours become four equal quarter-hours")
  func entsoeHours() throws {
    let prices = try prices(entsoe, "entsoe/BE_60M.xml", type: "text/xml")
    let found = quarters(prices, from: "2024-10-07T22:00:00Z", count: 97)
    #expect(found[0...4] == [64.98, 64.98, 64.98, 64.98, 57.86])
    #expect(found[92...96] == [50, 50, 50, 50, nil])
  }

  @Test("ENTSO-E: of two auctions for one time the first counts")
  func entsoeTwoAuctions() throws {
    let prices = try prices(entsoe, "entsoe/openems_entsoe-response.xml.gz", type: "text/xml")
    let found = quarters(prices, from: "2026-02-01T23:00:00Z", count: 192)
    #expect(found[0...2] == [100.41, 101.91, 100.04])
    #expect(found[96...98] == [97.41, 92.88, 89.07])
    #expect(found.allSatisfy { $0 != nil })
  }

  @Test("energy-charts: two days of hours")
  func energyCharts() throws {
    let prices = try prices(
      EnergyChartsPrices(zone: "DE-LU"), "eos/elecpriceforecast_energycharts.json")
    let found = quarters(prices, from: "2024-12-09T23:00:00Z", count: 193)
    #expect(found[0...4] == [92.85, 92.85, 92.85, 92.85, 89.33])
    #expect(found[184...192] == [150, 150, 150, 150, 135.96, 135.96, 135.96, 135.96, nil])
  }

  @Test("aWATTar: 24 hours from the running one")
  func awattar() throws {
    let prices = try prices(AwattarPrices(), "awattar/awattar_de_2021-09-23.json")
    #expect(prices.entries.count == 24)
    let found = quarters(prices, from: "2021-09-23T13:00:00Z", count: 97)
    #expect(found[0] == 158.95)
    #expect(found[4] == 160.98)
    #expect(found[95...96] == [120.14, nil])
  }

  @Test("Akkudoktor answers in the words of aWATTar")
  func akkudoktor() throws {
    let prices = try prices(AwattarPrices(), "eos/elecpriceforecast_akkudoktor_1.json")
    #expect(quarters(prices, from: "2024-12-09T23:00:00Z", count: 5)[3...4] == [92.85, 89.33])
  }

  @Test("Tibber: two days of quarter-hours with their offset")
  func tibber() throws {
    let service = TibberPrices(token: Secret("t"), currency: "EUR", component: .total)
    let prices = try prices(service, "tibber/priceInfo_quarter_hourly.json")
    #expect(prices.entries.count == 192)
    let found = quarters(prices, from: "2025-09-18T22:00:00Z", count: 193)
    #expect(found[0] == 268.8)
    #expect(found[4] == 266.9)
    #expect(found[95...96] == [274.5, 284.4])
    #expect(found[191...192] == [238.1, nil])
  }

  @Test("Tibber: a component that the answer lacks is an error, not zero")
  func tibberWithoutEnergy() throws {
    let service = TibberPrices(token: Secret("t"), currency: "EUR", component: .energy)
    #expect(throws: FeedError.self) {
      try prices(service, "tibber/priceInfo_quarter_hourly.json")
    }
  }

  @Test("EnergyZero: the price without tax")
  func energyZero() throws {
    let prices = try prices(
      EnergyZeroPrices(), "energyzero/rest_electricity_hour_response.json.gz")
    #expect(prices.entries.count == 72)
    let found = quarters(prices, from: "2025-12-15T23:00:00Z", count: 5)
    #expect(found[3...4] == [77.495, 74.315])
  }

  @Test("EnergyZero's older interface: prices, a fault, and nothing yet are three answers")
  func energyZeroOlder() throws {
    let prices = try prices(EnergyZeroPrices(), "energyzero/graphql_energy.json")
    #expect(prices.entries.count == 24)
    let found = quarters(prices, from: "2025-05-30T22:00:00Z", count: 97)
    #expect(found[0] == 107)
    #expect(found[12] == 93.63)
    #expect(found[95...96] == [99.79, nil])
    func failure(_ file: String) -> FeedError? {
      do {
        _ = try self.prices(EnergyZeroPrices(), file)
        return nil
      } catch { return error as? FeedError }
    }
    #expect(
      failure("energyzero/graphql_gql_error.json")
        == .refused(service: "EnergyZero", reason: "internal_server_error"))
    guard case .notPublished = failure("energyzero/graphql_no_data.json") else {
      Issue.record("expected 'not published'")
      return
    }
  }

  @Test("the Czech National Bank: an amount that is no amount makes no rate of zero")
  func exchangeRateOfNothing() {
    let text = "10.06.2026 #1\nzemě|měna|množství|kód|kurz\nEMU|euro|11e999|EUR|24,315\n"
    #expect(throws: FeedError.self) {
      try ExchangeRates(
        HTTPResponse(
          status: 200, headers: ["content-type": "text/plain"], body: Array(text.utf8)))
    }
  }

  @Test("the Czech National Bank: a rate for one unit, also where it lists a hundred")
  func exchangeRates() throws {
    let body = try Fixture.bytes("data/f_fixtures_api/ote/cnb-2025-10-22.json")
    let rates = try ExchangeRates(
      HTTPResponse(status: 200, headers: ["content-type": "application/json"], body: body))
    #expect(rates.date == CivilDate(year: 2025, month: 10, day: 22))
    #expect(rates.rate(from: "EUR", to: "CZK") == 24.315)
    #expect(abs((rates.rate(from: "HUF", to: "CZK") ?? 0) - 0.06243) < 1e-12)
    #expect(rates.rate(from: "XXX", to: "CZK") == nil)
  }
}
