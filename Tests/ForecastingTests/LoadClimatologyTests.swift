// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Load climatology")
struct LoadClimatologyTests {
  private let calendar: SiteCalendar
  private let yearly = KilowattHours(4_383)  // 0.5 kW on average

  init() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Prague"))
    calendar = SiteCalendar(timeZone: zone, holidays: .czechRepublic)
  }

  private func day(_ text: String, count: Int = 96) -> TimeGrid {
    TimeGrid(start: instant(text), stepSeconds: 900, count: count)
  }

  @Test("without history the forecast is the generic profile of the yearly energy")
  func coldStart() {
    let empty = Series<Watts>(grid: day("2026-01-12T00:00:00Z", count: 0), values: [])
    let issue = instant("2026-01-12T23:00:00Z")
    let climatology = LoadClimatology(
      history: empty, issuedAt: issue, calendar: calendar, yearly: yearly)
    let forecast = climatology.forecast(issuedAt: issue, grid: day("2026-01-12T23:00:00Z"))
    // A Tuesday from local midnight: 4383 kWh / 8766 h = 500 W; the first hour's share is 1.04.
    #expect(abs(forecast.mean[0].rawValue - 520) < 1e-9)
    #expect(abs(forecast.p10[0].rawValue - 520 * 0.46) < 1e-9)
    #expect(abs(forecast.p90[0].rawValue - 520 * 1.77) < 1e-9)
  }

  @Test("eight weeks of one constant load are forecast as that load, drawn to 95 per cent by it")
  func constantHistory() {
    let grid = day("2026-01-01T23:00:00Z", count: 96 * 56)
    let history = Series<Watts>(grid: grid, constant: Watts(800))
    let climatology = LoadClimatology(
      history: history, issuedAt: grid.end, calendar: calendar, yearly: yearly)
    let forecast = climatology.forecast(
      issuedAt: grid.end, grid: day("2026-02-26T23:00:00Z"))
    for value in forecast.p50 { #expect(abs(value.rawValue - 800) < 60) }
  }

  @Test("nothing measured after the issue changes the forecast by one bit")
  func noLeakage() {
    let grid = day("2026-01-01T23:00:00Z", count: 96 * 20)
    let issue = grid.date(at: 96 * 14)
    var random = SplitMix64(seed: 7)
    let known = grid.indices.map { _ in Watts(Double.random(in: 100...2_000, using: &random)) }
    var changed = known
    for index in 96 * 14..<changed.count { changed[index] = Watts(99_999) }
    let forecasts = [known, changed].map { values in
      LoadClimatology(
        history: Series(grid: grid, values: values), issuedAt: issue, calendar: calendar,
        yearly: yearly
      ).forecast(issuedAt: issue, grid: TimeGrid(start: issue, stepSeconds: 900, count: 192))
    }
    #expect(forecasts[0] == forecasts[1])
  }

  @Test("days off are learned apart from working days")
  func dayClasses() {
    let grid = day("2026-01-01T23:00:00Z", count: 96 * 42)
    let values: [Watts?] = grid.dates.map {
      calendar.wallTime(at: $0).isDayOff ? Watts(1_500) : Watts(300)
    }
    let climatology = LoadClimatology(
      history: Series(grid: grid, values: values), issuedAt: grid.end, calendar: calendar,
      yearly: yearly)
    let friday = climatology.forecast(issuedAt: grid.end, grid: day("2026-02-12T23:00:00Z"))
    let saturday = climatology.forecast(issuedAt: grid.end, grid: day("2026-02-13T23:00:00Z"))
    #expect(friday.p50[40] < Watts(500))
    #expect(saturday.p50[40] > Watts(1_100))
  }
}
