// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// Prices of a contract that are known for good: one price, or a table by day and time.
public struct TimeOfUsePrices: DayAheadPricing, Sendable, Hashable {
  private let table: Tariff.Layer
  private let calendar: SiteCalendar

  /// Prices by the clock on the wall; a time outside every window has none.
  public init(table: Tariff.Layer, calendar: SiteCalendar) {
    self.table = table
    self.calendar = calendar
  }

  /// The same price at all times.
  public init(fixed price: PricePerKilowattHour, calendar: SiteCalendar) {
    self.init(
      table: Tariff.Layer(name: "fixed", windows: [(DailyWindow(), price)]), calendar: calendar)
  }

  /// The prices of the table, which are known at every time.
  public func spotPrices(
    publishedBefore time: Date, on grid: TimeGrid
  ) -> Series<PricePerKilowattHour> {
    Series(
      grid: grid,
      values: grid.dates.map { date in
        let wall = calendar.wallTime(at: date)
        return table.windows.first { $0.window.contains(wall) }?.price
      })
  }
}
