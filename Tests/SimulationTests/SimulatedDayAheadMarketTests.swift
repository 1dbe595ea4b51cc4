// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Simulated day-ahead market") struct SimulatedDayAheadMarketTests {
  private let market = TestHome.market
  private let calendar = TestHome.site.calendar

  /// EUR/MWh of every hour of four years, with its time on the wall.
  private var hours: [(euros: Double, time: SiteCalendar.WallTime)] {
    let grid = TimeGrid(
      start: instant("2021-12-31T23:00:00Z"), stepSeconds: 3_600, count: 4 * 8_766)
    let prices = market.truePrices(on: grid)
    return grid.indices.compactMap { index in
      prices.values[index].map {
        ($0.rawValue / 0.025, calendar.wallTime(at: grid.date(at: index)))
      }
    }
  }

  /// By the rates of the market: a koruna price over 25 is a euro price.
  @Test("prices are in the money of the site")
  func currency() throws {
    let weather = TestHome.weather
    let grid = TimeGrid(start: instant("2026-01-12T00:00:00Z"), stepSeconds: 3_600, count: 24)
    let site = TestHome.site
    func prices(_ currency: String) -> [PricePerKilowattHour?] {
      let abroad = Site(
        name: site.name, location: site.location, timeZone: site.timeZone,
        holidays: site.holidays, currency: currency)
      return SimulatedDayAheadMarket(weather: weather, site: abroad, seed: 1)
        .truePrices(on: grid).values
    }
    let (koruna, euro) = (prices("CZK"), prices("EUR"))
    for (koruna, euro) in zip(koruna, euro) {
      #expect(abs(try #require(koruna).rawValue / 25 - (try #require(euro).rawValue)) < 1e-12)
    }
  }

  /// Germany and Luxembourg, hourly: mean 95.2 and 78.5 EUR/MWh, 301 and 457 hours (3.4 and 5.2 %)
  /// below zero in 2023 and 2024. Source: Bundesnetzagentur, SMARD, reviews of both years.
  @Test("has the level, spread and share of negative hours of the years 2023 and 2024")
  func level() {
    let euros = hours.map(\.euros)
    let negative = Double(euros.count { $0 < 0 }) / Double(euros.count)
    let text =
      "mean \(Statistics.mean(euros)), deviation \(Statistics.deviation(euros)), "
      + "negative \(negative), from \(euros.min() ?? 0) to \(euros.max() ?? 0) EUR/MWh"
    print(text)
    #expect((70...110).contains(Statistics.mean(euros)), "\(text)")
    #expect((35...65).contains(Statistics.deviation(euros)), "\(text)")
    #expect((0.02...0.06).contains(negative), "\(text)")
    #expect((euros.max() ?? 0) > 250, "\(text)")
  }

  @Test("is cheap on days off and at summer noons, dear on winter evenings")
  func shape() {
    let hours = hours
    func mean(_ chosen: (SiteCalendar.WallTime) -> Bool) -> Double {
      Statistics.mean(hours.filter { chosen($0.time) }.map(\.euros))
    }
    #expect(mean { $0.isDayOff } < mean { !$0.isDayOff } - 8)
    let isSummer = { (time: SiteCalendar.WallTime) in (5...8).contains(time.date.month) }
    #expect(
      mean { isSummer($0) && $0.minuteOfDay / 60 == 13 }
        < mean { isSummer($0) && $0.minuteOfDay / 60 == 20 } - 50)
    let isWinter = { (time: SiteCalendar.WallTime) in [12, 1, 2].contains(time.date.month) }
    #expect(
      mean { isWinter($0) && $0.minuteOfDay / 60 == 18 }
        > mean { isWinter($0) && $0.minuteOfDay / 60 == 3 } + 15)
    let negative = hours.filter { $0.euros < 0 }
    #expect(negative.count { isSummer($0.time) } > negative.count / 2)
    #expect(negative.count { $0.time.isDayOff } > negative.count / 3)
  }

  @Test(
    "publishes a whole local day at once",
    arguments: zip(["2026-03-29", "2026-06-14", "2026-10-25"], [92, 96, 100]))
  func days(day: String, quarterHours: Int) {
    let noon = instant("\(day)T12:00:00Z")
    let range = calendar.day(holding: noon)
    let before = calendar.day(holding: noon, offset: -1)
    let grid = TimeGrid(start: before.lowerBound, stepSeconds: 900, count: 4 * 96)
    let evening = range.lowerBound.addingTimeInterval(-3_600)
    let known = market.spotPrices(publishedBefore: evening, on: grid)
    let wholeDays = Int(range.upperBound.timeIntervalSince(before.lowerBound)) / 900
    #expect(known.values.prefix(wholeDays).allSatisfy { $0 != nil })
    #expect(known.values.dropFirst(wholeDays).allSatisfy { $0 == nil })
    #expect(known.slice(range).values.count == quarterHours)
  }

  @Test("publishes tomorrow at 12:45 on the wall, not a second earlier")
  func publication() {
    let grid = TimeGrid(start: instant("2026-06-14T22:00:00Z"), stepSeconds: 3_600, count: 24)
    let early = market.spotPrices(publishedBefore: instant("2026-06-14T10:44:59Z"), on: grid)
    let late = market.spotPrices(publishedBefore: instant("2026-06-14T10:45:00Z"), on: grid)
    #expect(early.missingCount == 24)
    #expect(late.missingCount == 0)
    #expect(market.publication(of: grid.start) == instant("2026-06-14T10:45:00Z"))
  }

  @Test("never changes a price once it is out")
  func published() {
    let grid = TimeGrid(start: instant("2026-06-14T22:00:00Z"), stepSeconds: 900, count: 96)
    let published = market.spotPrices(publishedBefore: instant("2026-06-14T11:00:00Z"), on: grid)
    #expect(published == market.truePrices(on: grid))
  }

  @Test("gives an hour the mean of its quarter-hours")
  func resolution() {
    let quarters = market.truePrices(
      on: TimeGrid(start: instant("2026-06-14T10:00:00Z"), stepSeconds: 900, count: 4))
    let hour = market.truePrices(
      on: TimeGrid(start: instant("2026-06-14T10:00:00Z"), stepSeconds: 3_600, count: 1))
    let mean = Statistics.mean(quarters.completeRawValues ?? [])
    #expect(abs((hour.values[0]?.rawValue ?? .nan) - mean) < 1e-12)
  }
}
