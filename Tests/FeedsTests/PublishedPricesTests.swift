// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Published prices")
struct PublishedPricesTests {
  private let start = instant("2026-06-10T00:00:00Z")

  private func entry(
    _ minute: Int, _ length: Int, _ price: Double, known: Double = 0
  ) -> PriceEntry {
    PriceEntry(
      start: start.addingTimeInterval(Double(minute * 60)),
      end: start.addingTimeInterval(Double((minute + length) * 60)), price: .init(price),
      knownSince: start.addingTimeInterval(known))
  }

  private func values(_ prices: PublishedPrices, step: Int, count: Int) -> [Double?] {
    prices.spotPrices(
      publishedBefore: start.addingTimeInterval(1),
      on: TimeGrid(start: start, stepSeconds: step, count: count)
    ).values.map { $0?.rawValue }
  }

  @Test("a finer price takes the place of a coarser one that it overlaps")
  func prefersFiner() {
    let prices = PublishedPrices(
      currency: "EUR",
      entries: [entry(0, 60, 9), entry(0, 15, 1), entry(15, 15, 2), entry(30, 15, 3)])
    #expect(values(prices, step: 900, count: 4) == [1, 2, 3, nil])
  }

  @Test("an hour is the mean of its quarters, and missing when one is")
  func averages() {
    let prices = PublishedPrices(
      currency: "EUR", entries: (0..<7).map { entry($0 * 15, 15, Double($0)) })
    #expect(values(prices, step: 3_600, count: 2) == [1.5, nil])
  }

  @Test("five-minute steps repeat the price they lie in, also a negative one and zero")
  func refines() {
    let prices = PublishedPrices(currency: "EUR", entries: [entry(0, 15, -0.5), entry(15, 15, 0)])
    #expect(values(prices, step: 300, count: 7) == [-0.5, -0.5, -0.5, 0, 0, 0, nil])
  }

  @Test("nothing is known before it was published")
  func knowsNothingEarly() {
    let prices = PublishedPrices(currency: "EUR", entries: [entry(0, 15, 1, known: 2)])
    #expect(values(prices, step: 900, count: 1) == [nil])
  }

  @Test("reading the same price again does not make it younger, a correction does")
  func keepsAge() {
    var prices = PublishedPrices(currency: "EUR", entries: [entry(0, 15, 1), entry(15, 15, 1)])
    prices.merge([entry(0, 15, 1, known: 50), entry(15, 15, 2, known: 50)])
    #expect(prices.entries == [entry(0, 15, 1), entry(15, 15, 2, known: 50)])
  }

  @Test("an archive's prices count as published at 13:05 of the local day before")
  func assumesPublication() throws {
    let prague = SiteCalendar(timeZone: try #require(TimeZone(identifier: "Europe/Prague")))
    let prices = PublishedPrices(currency: "EUR", entries: [entry(0, 15, 1)])
    let archive = prices.published(atMinute: 785, in: prague)
    #expect(archive.entries[0].knownSince == instant("2026-06-09T11:05:00Z"))
  }

  @Test("converts to other money")
  func converts() {
    let prices = PublishedPrices(currency: "EUR", entries: [entry(0, 15, 0.1)])
    let crowns = prices.converted(to: "CZK", rate: 25)
    #expect(crowns.currency == "CZK")
    #expect(crowns.entries[0].price.rawValue == 2.5)
  }

  @Test("asks for today at once, for tomorrow from 13:05, and no more once it is there")
  func refreshes() throws {
    let calendar = SiteCalendar(timeZone: try #require(TimeZone(identifier: "Europe/Prague")))
    let plan = PriceRefresh(calendar: calendar)
    var prices = PublishedPrices(currency: "EUR")
    let (morning, afternoon) = (instant("2026-06-10T08:00:00Z"), instant("2026-06-10T11:05:00Z"))
    let (today, tomorrow) = (
      calendar.day(holding: morning), calendar.day(holding: morning, offset: 1)
    )
    #expect(plan.missingDays(in: prices, at: morning) == [today])
    #expect(plan.missingDays(in: prices, at: afternoon) == [today, tomorrow])
    #expect(plan.nextLook(prices: prices, at: morning) == morning.addingTimeInterval(600))
    prices.merge([
      PriceEntry(
        start: today.lowerBound, end: today.upperBound, price: .zero, knownSince: morning)
    ])
    #expect(plan.missingDays(in: prices, at: morning) == [])
    #expect(plan.nextLook(prices: prices, at: morning) == afternoon)
    #expect(plan.missingDays(in: prices, at: afternoon) == [tomorrow])
  }

  @Test("a time-of-use table has its price at every time, known long before")
  func table() throws {
    let calendar = SiteCalendar(timeZone: try #require(TimeZone(identifier: "Europe/London")))
    let table = Tariff.Layer(
      name: "night",
      windows: [
        (DailyWindow(startMinute: 30, endMinute: 270), .init(0.08)), (DailyWindow(), .init(0.3)),
      ])
    let grid = TimeGrid(start: instant("2026-06-10T23:00:00Z"), stepSeconds: 1_800, count: 10)
    let prices = TimeOfUsePrices(table: table, calendar: calendar)
      .spotPrices(publishedBefore: .distantPast, on: grid)
    // British summer time: 23:00 UTC is midnight on the wall.
    #expect(prices.values.map { $0?.rawValue } == [0.3] + Array(repeating: 0.08, count: 8) + [0.3])
  }
}
