// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Published day-ahead prices, hour by hour, with the hours that are still to be published.
public struct PriceHistory: Sendable {
  /// The hours of the past and of the horizon.
  public let hours: SiteHours
  let table: WallClockTable
  let times: [SiteCalendar.WallTime]
  let calendar: SiteCalendar

  /// The fewest hours of a day that is published.
  private static let fewestHours = 22

  /// A history.
  ///
  /// - Parameter prices: hourly means; missing where nothing is published.
  public init(prices: Series<PricePerKilowattHour>, calendar: SiteCalendar) {
    self.calendar = calendar
    hours = SiteHours(grid: prices.grid, calendar: calendar)
    table = WallClockTable(prices.values.map { $0?.rawValue }, hours: hours)
    times = calendar.wallTimes(on: prices.grid)
  }

  /// The price of an hour of the grid.
  func actual(_ index: Int) -> Double? { table.values[index] }

  /// The first hour that is not over at an instant, within the grid.
  func issueHour(at instant: Date) -> Int {
    let position = instant.timeIntervalSince(hours.grid.start) / 3_600
    return min(hours.grid.count, max(0, Int(position.rounded(.down))))
  }

  /// The newest local day that is published before an hour of the grid; `nil` without any.
  func newestDay(before limit: Int) -> Int? {
    guard limit > 0, let first = hours.day.first else { return nil }
    return stride(from: hours.day[limit - 1], through: first, by: -1).first { day in
      hours.hours(ofDay: day).count { $0 < limit && table.values[$0] != nil } >= Self.fewestHours
    }
  }

  /// The prices of some local days.
  func series(days: ClosedRange<Int>) -> Series<PricePerKilowattHour> {
    let first = hours.hours(ofDay: max(days.lowerBound, hours.day.first ?? 0)).lowerBound
    let last = hours.hours(ofDay: days.upperBound).upperBound
    let grid = TimeGrid(
      start: hours.grid.date(at: first), stepSeconds: 3_600, count: max(0, last - first))
    return Series(
      grid: grid,
      values: table.values[first..<max(first, last)].map { $0.map { PricePerKilowattHour($0) } })
  }

  /// What was published at an instant, by the custom of the European markets: the next local day's prices
  /// are out at 13:00 by the wall.
  public func known(before instant: Date) -> PriceHistory {
    let today = calendar.day(holding: instant)
    let tomorrow = calendar.day(holding: instant, offset: 1)
    let isOut = calendar.wallTime(at: instant).minuteOfDay >= 13 * 60
    let end = isOut ? tomorrow.upperBound : today.upperBound
    return part(0..<max(0, min(hours.grid.count, issueHour(at: end))))
  }

  /// The same market of which only some hours are known; places in the grid, clamped to it.
  func part(_ range: Range<Int>) -> PriceHistory {
    let range = range.clamped(to: hours.grid.indices)
    let grid = TimeGrid(
      start: hours.grid.date(at: range.lowerBound), stepSeconds: 3_600, count: range.count)
    return PriceHistory(
      prices: Series(
        grid: grid, values: table.values[range].map { $0.map { PricePerKilowattHour($0) } }),
      calendar: calendar)
  }

  /// The same market on a grid that reaches to an instant; what is not known there is missing.
  public func reaching(_ end: Date) -> PriceHistory {
    let grid = TimeGrid(
      covering: hours.grid.start..<max(end, hours.grid.end), stepSeconds: 3_600)
    let extra = grid.count - hours.grid.count
    guard extra > 0 else { return self }
    let values = table.values + Array(repeating: nil, count: extra)
    return PriceHistory(
      prices: Series(grid: grid, values: values.map { $0.map { PricePerKilowattHour($0) } }),
      calendar: calendar)
  }
}
