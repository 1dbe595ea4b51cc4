// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// What is known of a home's base load, hour by hour, with the calendar and weather of the hours to
/// be forecast.
public struct LoadHistory: Sendable {
  /// The hours of the past and of the horizon.
  public let hours: SiteHours
  let table: WallClockTable
  let temperature: [Double?]?
  let irradiance: [Double?]?
  private let calendar: SiteCalendar

  /// A history.
  ///
  /// - Parameters:
  ///   - load: base load without controllable loads, hourly; missing on the horizon.
  ///   - calendar: the site's clock and holidays.
  ///   - temperature: forecast outdoor temperature on the same grid, as it was known a day ahead.
  ///   - irradiance: forecast global irradiance on the same grid.
  public init(
    load: Series<Watts>, calendar: SiteCalendar, temperature: Series<Celsius>? = nil,
    irradiance: Series<WattsPerSquareMetre>? = nil
  ) {
    precondition(
      temperature?.grid ?? load.grid == load.grid && irradiance?.grid ?? load.grid == load.grid,
      "weather is on the grid of the load")
    self.calendar = calendar
    hours = SiteHours(grid: load.grid, calendar: calendar)
    table = WallClockTable(load.values.map { $0?.rawValue }, hours: hours)
    self.temperature = temperature?.values.map { $0?.rawValue }
    self.irradiance = irradiance?.values.map { $0?.rawValue }
  }

  /// The same home of which only some hours are known; places in the grid, clamped to it.
  func part(_ range: Range<Int>) -> LoadHistory {
    let range = range.clamped(to: hours.grid.indices)
    let grid = TimeGrid(
      start: hours.grid.date(at: range.lowerBound), stepSeconds: 3_600, count: range.count)
    func series<Value: Quantity>(_ values: [Double?]) -> Series<Value> {
      Series(grid: grid, values: values[range].map { $0.map { Value(rawValue: $0) } })
    }
    return LoadHistory(
      load: series(table.values), calendar: calendar, temperature: temperature.map(series),
      irradiance: irradiance.map(series))
  }

  /// The same home on a grid that reaches to an instant; what is not known there is missing.
  public func reaching(_ end: Date) -> LoadHistory {
    let grid = TimeGrid(
      covering: hours.grid.start..<max(end, hours.grid.end), stepSeconds: 3_600)
    let extra = grid.count - hours.grid.count
    guard extra > 0 else { return self }
    func series<Value: Quantity>(_ values: [Double?]) -> Series<Value> {
      Series(
        grid: grid,
        values: (values + Array(repeating: nil, count: extra)).map {
          $0.map { Value(rawValue: $0) }
        })
    }
    return LoadHistory(
      load: series(table.values), calendar: calendar, temperature: temperature.map(series),
      irradiance: irradiance.map(series))
  }

  /// The measured load of an hour of the grid.
  func actual(_ index: Int) -> Double? { table.values[index] }

  /// The first hour that is not over at an instant, within the grid.
  func issueHour(at instant: Date) -> Int {
    let position = instant.timeIntervalSince(hours.grid.start) / 3_600
    return min(hours.grid.count, max(0, Int(position.rounded(.down))))
  }

  var hasWeather: Bool { temperature != nil }

  func weather(at index: Int) -> LoadWeather? {
    guard let temperature else { return nil }
    let day = hours.hours(ofDay: hours.day[index])
    let before = hours.hours(ofDay: hours.day[index] - 2).lowerBound
    return LoadWeather(
      temperature: temperature[index],
      temperatureDayMean: temperature[day].compactMap { $0 }.mean,
      temperatureThreeDayMean: temperature[min(before, day.upperBound)..<day.upperBound]
        .compactMap { $0 }.mean,
      irradiance: irradiance?[index])
  }
}
