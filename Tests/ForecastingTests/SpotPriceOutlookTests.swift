// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Price outlook")
struct SpotPriceOutlookTests {
  private let calendar: SiteCalendar

  init() throws {
    calendar = SiteCalendar(timeZone: try #require(TimeZone(identifier: "Europe/Prague")))
  }

  private func hours(_ start: String, _ values: [Double?]) -> Series<PricePerKilowattHour> {
    Series(
      grid: TimeGrid(start: instant(start), stepSeconds: 3_600, count: values.count),
      values: values.map { $0.map { PricePerKilowattHour($0) } })
  }

  @Test("published prices stay, the rest is the mean of the same hours of past working days")
  func fills() throws {
    let day = (0..<24).map { Double($0) }
    // Monday and Tuesday, local time, at 1 and at 3 times the hour's number.
    let past = hours("2026-01-11T23:00:00Z", day + day.map { 3 * $0 })
    let published = hours("2026-01-13T23:00:00Z", [7, nil, nil])
    let outlook = try #require(
      SpotPriceOutlook(
        published: published, past: past, calendar: calendar,
        issuedAt: instant("2026-01-13T20:00:00Z")))
    #expect(outlook.publishedSteps == 1)
    #expect(outlook.forecast.mean.map(\.rawValue) == [7, 2, 4])
    #expect(outlook.forecast.p10.map(\.rawValue) == [7, 1, 2])
    #expect(outlook.forecast.p90.map(\.rawValue) == [7, 3, 6])
  }

  @Test("without any price there is no outlook")
  func nothingKnown() {
    let empty = hours("2026-01-13T23:00:00Z", [nil, nil])
    #expect(
      SpotPriceOutlook(
        published: empty, past: empty, calendar: calendar,
        issuedAt: instant("2026-01-13T20:00:00Z")) == nil)
  }
}
