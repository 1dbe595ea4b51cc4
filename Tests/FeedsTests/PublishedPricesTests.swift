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
}
