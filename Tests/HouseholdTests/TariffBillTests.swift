// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Tariff bills")
struct TariffBillTests {
  private let prague = SiteCalendar(
    timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt, holidays: .czechRepublic)
  private let d57d = TariffExample.czechD57d.tariff

  private func quarters(_ start: String, _ count: Int, step: Int = 900) -> TimeGrid {
    TimeGrid(start: instant(start), stepSeconds: step, count: count)
  }

  @Test("D57d: high and low hour by hand")
  func czechByHand() {
    let high = prague.wallTime(at: instant("2026-01-14T09:30:00Z"))  // 10:30 on the wall
    let low = prague.wallTime(at: instant("2026-01-14T10:30:00Z"))
    // (2 + 0.35 + 0.836 + 0.16424 + 0.0283) × 1.21
    #expect(abs((d57d.importPrice(spot: .init(2), at: high)?.rawValue ?? 0) - 4.0880334) < 1e-9)
    // (2 + 0.35 + 0.151 + 0.16424 + 0.0283) × 1.21
    #expect(abs((d57d.importPrice(spot: .init(2), at: low)?.rawValue ?? 0) - 3.2591834) < 1e-9)
    // A price below zero: (−1 + 0.35 + 0.151 + 0.16424 + 0.0283) × 1.21; export −1 − 0.4.
    #expect(
      abs((d57d.importPrice(spot: .init(-1), at: low)?.rawValue ?? 0) + 0.3708166) < 1e-9)
    #expect(d57d.exportPrice(spot: .init(-1)) == .init(-1.4))
    #expect(d57d.importPrice(spot: nil, at: low) == nil)
  }

  @Test(
    "2.0TD: peak, flat and valley hours of a working day, and a Saturday by hand",
    arguments: [
      ("2026-01-14T10:30:00Z", 0.2576019868394734), ("2026-01-14T08:30:00Z", 0.17577282490385585),
      ("2026-01-14T03:30:00Z", 0.14371295849658317), ("2026-01-17T10:30:00Z", 0.14371295849658317),
    ])
  func spanishByHand(time: String, expected: Double) {
    let madrid = SiteCalendar(timeZone: TimeZone(identifier: "Europe/Madrid") ?? .gmt)
    let price = TariffExample.spanish20TD.tariff.importPrice(
      spot: .init(0.1), at: madrid.wallTime(at: instant(time)))
    // (0.1 + 0.01 + access) × 1.0511269632 × 1.21
    #expect(abs((price?.rawValue ?? 0) - expected) < 1e-12)
  }

  @Test("2.0TD: noon of a Friday that is Assumption Day is a valley, the Friday before a peak")
  func spanishHoliday() {
    let example = TariffExample.spanish20TD
    let madrid = SiteCalendar(
      timeZone: TimeZone(identifier: example.timeZone) ?? .gmt, holidays: example.holidays)
    let prices = ["2025-08-15T10:00:00Z", "2025-08-08T10:00:00Z"].map {
      example.tariff.importPrice(spot: .init(0.1), at: madrid.wallTime(at: instant($0)))?.rawValue
    }
    // (0.1 + 0.01 + 0.002994 or 0.092539) × 1.0511269632 × 1.21
    #expect(abs((prices[0] ?? 0) - 0.14371295849658317) < 1e-12)
    #expect(abs((prices[1] ?? 0) - 0.2576019868394734) < 1e-12)
  }

  @Test("export is not paid below its floor")
  func floor() {
    let tariff = TariffExample.spanish20TD.tariff
    #expect(tariff.exportPrice(spot: .init(-0.05)) == .zero)
    #expect(abs((tariff.exportPrice(spot: .init(0.05))?.rawValue ?? 0) - 0.045) < 1e-12)
  }

  @Test(
    "the parts add up to the price and have the names of the bill",
    arguments: 0..<200 as Range<UInt64>)
  func partsAddUp(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for example in TariffExample.all {
      let calendar = SiteCalendar(
        timeZone: try #require(TimeZone(identifier: example.timeZone)), holidays: example.holidays)
      let time = calendar.wallTime(
        at: Date(timeIntervalSince1970: .random(in: 1.6e9...1.9e9, using: &random)))
      let spot = PricePerKilowattHour(.random(in: -0.5...5, using: &random))
      let parts = try #require(example.tariff.importParts(spot: spot, at: time))
      let price = try #require(example.tariff.importPrice(spot: spot, at: time))
      #expect(abs(parts.reduce(0) { $0 + $1.price.rawValue } - price.rawValue) < 1e-12)
      #expect(parts.map(\.name) == example.tariff.importPartNames)
    }
  }

  @Test(
    "a day of constant import costs its hours of each rate, also with 92 and 100 quarter-hours",
    arguments: [
      ("2026-03-28T23:00:00Z", 92), ("2026-06-09T22:00:00Z", 96), ("2026-10-24T22:00:00Z", 100),
    ])
  func daylightSaving(start: String, count: Int) {
    let grid = quarters(start, count)
    let bill = d57d.bill(
      for: Series(grid: grid, constant: Watts(1_000)),
      spot: Series(grid: grid, constant: .init(2)), calendar: prague)
    // Four hours are high on every day; the clock changes at night, in the low rate.
    let hours = Double(count) / 4
    let expected = 4 * 4.0880334 + (hours - 4) * 3.2591834
    #expect(abs(bill.total.rawValue - expected) < 1e-9)
    #expect(bill.months.count == 1)
    #expect(abs(bill.months[0].imported.rawValue - hours) < 1e-9)
    #expect(bill.missingSteps == 0)
  }

  @Test("a month ends at local midnight and has its own peak")
  func monthBorder() {
    let grid = quarters("2026-01-31T22:30:00Z", 4)  // 23:30, 23:45 | 00:00, 00:15 in Brussels
    let power = [4_000.0, 2_000, 1_000, 6_000]
    let bill = TariffExample.flemishCapacity.tariff.bill(
      for: Series(grid: grid, rawValues: power), spot: Series(grid: grid, constant: nil),
      calendar: SiteCalendar(timeZone: TimeZone(identifier: "Europe/Brussels") ?? .gmt))
    #expect(bill.months.map(\.month) == [1, 2])
    #expect(bill.months.map(\.peak) == [Watts(4_000), Watts(6_000)])
    // 1.5 kWh × 0.223 × 1.06 + 4 kW × 4; 1.75 kWh × 0.223 × 1.06 + 6 kW × 4
    #expect(abs(bill.months[0].total.rawValue - 16.35457) < 1e-9)
    #expect(abs(bill.months[1].total.rawValue - 24.413665) < 1e-9)
  }

  @Test("a peak is the mean of a quarter-hour, not of a shorter step, and export does not lower it")
  func peakOfShortSteps() {
    let grid = quarters("2026-01-15T10:00:00Z", 3, step: 300)
    let bill = TariffExample.flemishCapacity.tariff.bill(
      for: Series(grid: grid, rawValues: [9_000, 0, -9_000]),
      spot: Series(grid: grid, constant: nil), calendar: prague)
    #expect(bill.months[0].peak == Watts(3_000))
    #expect(abs(bill.months[0].revenue.rawValue - 0.0225) < 1e-12)  // 0.75 kWh × 0.03
  }

  @Test("missing steps are counted and cost nothing")
  func missing() {
    let grid = quarters("2026-01-15T10:00:00Z", 3)
    let spot = Series<PricePerKilowattHour>(grid: grid, values: [.init(1), .init(1), nil])
    let bill = d57d.bill(
      for: Series(grid: grid, values: [nil, Watts(1_000), Watts(1_000)]), spot: spot,
      calendar: prague)
    #expect(bill.missingSteps == 2)
    #expect(abs(bill.total.rawValue - 0.25 * (3.2591834 - 1.21)) < 1e-9)
  }

  @Test("splitting a step in parts leaves the bill as it is", arguments: 0..<50 as Range<UInt64>)
  func splitting(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let grid = quarters("2026-03-28T20:00:00Z", 64)
    let power = Series<Watts>(
      grid: grid, rawValues: grid.indices.map { _ in .random(in: -5_000...9_000, using: &random) })
    let spot = Series<PricePerKilowattHour>(
      grid: grid, rawValues: grid.indices.map { _ in .random(in: -1...6, using: &random) })
    for example in TariffExample.all {
      let whole = example.tariff.bill(for: power, spot: spot, calendar: prague)
      guard let finePower = power.refined(toStepSeconds: 300),
        let fineSpot = spot.refined(toStepSeconds: 300)
      else {
        Issue.record("cannot refine")
        return
      }
      let fine = example.tariff.bill(for: finePower, spot: fineSpot, calendar: prague)
      #expect(abs(whole.total.rawValue - fine.total.rawValue) < 1e-9)
    }
  }
}
