// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

/// Every expected price is arithmetic by hand. Prague is an hour before UTC in winter.
@Suite("Tariff")
struct TariffTests {
  let calendar: SiteCalendar

  /// Spot + 0.35; 0.8 from 10 to 11 on working days, 0.1 from 22 to 6, else 0.2; tax 0.03; VAT 21 %.
  private let tariff = Tariff(
    energy: .spot(factor: 1, fee: PricePerKilowattHour(0.35)),
    layers: [
      Tariff.Layer(
        name: "distribution",
        windows: [
          (
            DailyWindow(days: .workingDays, startMinute: 600, endMinute: 660),
            PricePerKilowattHour(0.8)
          ),
          (DailyWindow(startMinute: 1_320, endMinute: 360), PricePerKilowattHour(0.1)),
          (DailyWindow(), PricePerKilowattHour(0.2)),
        ]),
      Tariff.Layer(name: "tax", windows: [(DailyWindow(), PricePerKilowattHour(0.03))]),
    ], valueAddedTax: .percent(21),
    export: .spot(factor: 0.9, fee: PricePerKilowattHour(0.4), floor: nil))

  init() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Prague"))
    calendar = SiteCalendar(timeZone: zone, holidays: .czechRepublic)
  }

  private func importPrice(_ spot: Double?, _ time: String) -> Double? {
    tariff.importPrice(
      spot: spot.map { PricePerKilowattHour($0) }, at: calendar.wallTime(at: instant(time)))?
      .rawValue
  }

  @Test(
    "import is energy and the first open window of each layer, all with tax",
    arguments: [
      // Monday 10:00: (2 + 0.35 + 0.8 + 0.03) · 1.21; 10:59 the same; 11:00 is 'else'.
      ("2026-03-02T09:00:00Z", 3.8478), ("2026-03-02T09:59:59Z", 3.8478),
      ("2026-03-02T10:00:00Z", 3.1218),
      // Sunday, and Good Friday, 10:00: (2 + 0.35 + 0.2 + 0.03) · 1.21.
      ("2026-03-01T09:00:00Z", 3.1218), ("2026-04-03T08:00:00Z", 3.1218),
      // 22:00, 23:59, 00:00 and 05:59 are night: (2 + 0.35 + 0.1 + 0.03) · 1.21; 06:00 is not.
      ("2026-03-02T21:00:00Z", 3.0008), ("2026-03-02T22:59:00Z", 3.0008),
      ("2026-03-02T23:00:00Z", 3.0008), ("2026-03-03T04:59:00Z", 3.0008),
      ("2026-03-03T05:00:00Z", 3.1218),
    ])
  func importPrices(time: String, expected: Double) throws {
    #expect(abs(try #require(importPrice(2, time)) - expected) < 1e-12)
  }

  @Test("a negative day-ahead price lowers import, tax included")
  func negativeImport() throws {
    // (−3 + 0.35 + 0.2 + 0.03) · 1.21 = −2.9282.
    #expect(abs(try #require(importPrice(-3, "2026-03-02T12:00:00Z")) + 2.9282) < 1e-12)
  }

  @Test("without the day-ahead price there is no price, and no zero in its place")
  func missingSpot() {
    #expect(importPrice(nil, "2026-03-02T12:00:00Z") == nil)
    #expect(tariff.exportPrice(spot: nil) == nil)
  }

  @Test(
    "export is a share of the day-ahead price less a fee, floored only where a floor is",
    arguments: [(2.0, 1.4, 1.4), (0.0, -0.4, -0.1), (-1.0, -1.3, -0.1)])
  func export(spot: Double, free: Double, floored: Double) throws {
    let withFloor = Tariff(
      energy: .fixed(.zero), layers: [], valueAddedTax: .zero,
      export: .spot(
        factor: 0.9, fee: PricePerKilowattHour(0.4), floor: PricePerKilowattHour(-0.1)))
    let price = PricePerKilowattHour(spot)
    #expect(abs(try #require(tariff.exportPrice(spot: price)).rawValue - free) < 1e-12)
    #expect(abs(try #require(withFloor.exportPrice(spot: price)).rawValue - floored) < 1e-12)
  }

  @Test("fixed prices need no day-ahead price")
  func fixed() {
    let fixed = Tariff(
      energy: .fixed(PricePerKilowattHour(3)), layers: [], valueAddedTax: .percent(50),
      export: .fixed(PricePerKilowattHour(1)))
    let now = calendar.wallTime(at: instant("2026-03-02T12:00:00Z"))
    #expect(fixed.importPrice(spot: nil, at: now) == PricePerKilowattHour(4.5))
    #expect(fixed.exportPrice(spot: nil) == PricePerKilowattHour(1))
    #expect(!fixed.needsSpotPrice && tariff.needsSpotPrice)
    let unpaid = Tariff(energy: .fixed(.zero), layers: [], valueAddedTax: .zero, export: .none)
    #expect(unpaid.exportPrice(spot: PricePerKilowattHour(9)) == .zero)
    #expect(!unpaid.needsSpotPrice)
  }

  @Test("where no window of a layer is open it costs nothing")
  func noOpenWindow() {
    let layer = Tariff.Layer(
      name: "evening",
      windows: [(DailyWindow(startMinute: 1_080, endMinute: 1_200), PricePerKilowattHour(1))])
    #expect(layer.price(at: calendar.wallTime(at: instant("2026-03-02T16:59:00Z"))) == .zero)
    #expect(
      layer.price(at: calendar.wallTime(at: instant("2026-03-02T17:00:00Z")))
        == PricePerKilowattHour(1))
  }

  @Test(
    "the night of a change of the clock has its hours by the wall clock",
    arguments: [
      // 22:00 to 06:00 are 7 hours over the night to 29 March, 9 over that to 25 October.
      ("2026-03-28T12:00:00Z", 28), ("2026-03-27T12:00:00Z", 32), ("2026-10-24T12:00:00Z", 36),
    ])
  func nightsOverClockChanges(noon: String, quarters: Int) {
    let start = instant(noon)
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 96)
    let prices = tariff.prices(
      spot: Series(grid: grid, constant: .zero), calendar: calendar
    ).import
    let night = (0.35 + 0.1 + 0.03) * 1.21
    #expect(prices.values.count { abs(($0?.rawValue ?? 0) - night) < 1e-12 } == quarters)
  }

  @Test("a step without a day-ahead price has no prices, the others do")
  func series() {
    let grid = TimeGrid(start: instant("2026-03-02T09:45:00Z"), stepSeconds: 900, count: 2)
    let spot = Series<PricePerKilowattHour>(grid: grid, values: [nil, PricePerKilowattHour(2)])
    let prices = tariff.prices(spot: spot, calendar: calendar)
    #expect(prices.import[0] == nil && prices.export[0] == nil)
    #expect(abs((prices.import[1]?.rawValue ?? 0) - 3.1218) < 1e-12)
    #expect(abs((prices.export[1]?.rawValue ?? 0) - 1.4) < 1e-12)
  }

  @Test("layers are equal when they charge the same")
  func equality() {
    let layer = Tariff.Layer(name: "a", windows: [(DailyWindow(), PricePerKilowattHour(1))])
    let dearer = Tariff.Layer(name: "a", windows: [(DailyWindow(), PricePerKilowattHour(2))])
    #expect(
      layer == Tariff.Layer(name: "a", windows: [(DailyWindow(), PricePerKilowattHour(1))]))
    #expect(layer != dearer)
    #expect(Set([layer, dearer, layer]).count == 2)
  }
}
