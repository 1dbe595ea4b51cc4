// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// A day-ahead electricity market that never was, in the shape of the Czech one: two peaks a day,
/// cheap noons in summer with hours below zero, cheap weekends, dear calm cold evenings.
///
/// Prices follow the sun, wind and temperature of a simulated weather, which stands for the
/// region's. They are published at 12:45 local time for the whole next local day.
public struct SimulatedDayAheadMarket: Sendable, Hashable {
  /// What one euro is worth in the site's currency: the rate the simulation is stated in.
  public static let korunaPerEuro = 25.0

  /// What drives supply.
  public let weather: SimulatedWeather
  /// Civil time of the bidding zone.
  public let calendar: SiteCalendar
  /// What makes it differ from other markets under the same weather.
  public let seed: UInt64
  /// Money of the site for one euro.
  public let currencyPerEuro: Double

  /// A market under a weather.
  public init(
    weather: SimulatedWeather, calendar: SiteCalendar, seed: UInt64,
    currencyPerEuro: Double = SimulatedDayAheadMarket.korunaPerEuro
  ) {
    self.weather = weather
    self.calendar = calendar
    self.seed = seed
    self.currencyPerEuro = currencyPerEuro
  }

  /// The market a site trades at, in its currency.
  public init(weather: SimulatedWeather, site: Site, seed: UInt64) {
    self.init(
      weather: weather, calendar: site.calendar, seed: seed,
      currencyPerEuro: Self.moneyPerEuro(in: site.currency))
  }

  /// What one euro is worth in a currency: the size of it, for simulations; 1 where it is not known.
  ///
  /// Source: European Central Bank, euro foreign exchange reference rates, rounded means of 2025.
  public static func moneyPerEuro(in currency: String) -> Double {
    switch currency {
    case "CZK": korunaPerEuro
    case "AUD": 1.75
    case "BGN": 1.96
    case "CAD": 1.6
    case "CHF": 0.94
    case "DKK": 7.46
    case "GBP": 0.86
    case "HUF": 400
    case "JPY": 170
    case "NOK": 11.7
    case "NZD": 1.95
    case "PLN": 4.25
    case "RON": 5
    case "SEK": 11
    case "USD": 1.13
    default: 1
    }
  }

  /// The true price of every step, published or not: the mean of its quarter-hours.
  public func truePrices(on grid: TimeGrid) -> Series<PricePerKilowattHour> {
    var days: [Int: [Double]] = [:]
    let values = grid.indices.map { step -> Double in
      let first = Self.quarter(of: grid.date(at: step))
      let count = max(1, grid.stepSeconds / SimulatedWeather.stepSeconds)
      let sum = (first..<first + count).reduce(0.0) { sum, quarter in
        let day = Int((Double(quarter) / Double(SimulatedWeather.stepsADay)).rounded(.down))
        let prices = days[day] ?? eurosPerMegawattHour(ofDay: day)
        days[day] = prices
        return sum + prices[quarter - day * SimulatedWeather.stepsADay]
      }
      return sum / Double(count) * currencyPerEuro / 1_000
    }
    return Series(grid: grid, rawValues: values)
  }

  /// When the price of an instant is published: 12:45 local on the day before.
  public func publication(of date: Date) -> Date {
    let dayBefore = calendar.day(holding: date, offset: -1)
    let noon = calendar.wallTime(at: dayBefore.lowerBound).date
    return calendar.instant(on: noon, minuteOfDay: Self.publicationMinute) ?? dayBefore.upperBound
  }

  /// Minutes after local midnight at which the results of the auction come out.
  static let publicationMinute = 12 * 60 + 45

  private static func quarter(of date: Date) -> Int {
    Int((date.timeIntervalSince1970 / Double(SimulatedWeather.stepSeconds)).rounded(.down))
  }
}

extension SimulatedDayAheadMarket: DayAheadPricing {
  /// The prices that were published by `time`; a step of a day not auctioned yet is missing.
  public func spotPrices(
    publishedBefore time: Date, on grid: TimeGrid
  ) -> Series<PricePerKilowattHour> {
    let today = calendar.day(holding: time)
    let isOut = publication(of: today.upperBound) <= time
    let known = isOut ? calendar.day(holding: time, offset: 1).upperBound : today.upperBound
    let knownCount = grid.indices.count { grid.date(at: $0) < known }
    let prices = truePrices(on: grid[0..<knownCount])
    let missing = [PricePerKilowattHour?](repeating: nil, count: grid.count - knownCount)
    return Series(grid: grid, values: prices.values + missing)
  }
}
