// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Day-ahead prices for the whole horizon: the published ones, and an outlook where none is out yet.
public struct SpotPriceOutlook: Sendable, Hashable {
  /// One price a step. Quantiles are equal where the price is published.
  public let forecast: QuantileForecast<PricePerKilowattHour>
  /// How many steps from the start have a published price.
  public let publishedSteps: Int

  /// Fills the steps that are not published with what the same clock time cost lately.
  ///
  /// The outlook of a slot is the mean over the past days of the same class (working day, day off),
  /// or of all days where the class was not seen; its quantiles are those days' lowest and highest.
  ///
  /// - Parameters:
  ///   - published: prices on the horizon; missing where they are not out.
  ///   - past: published prices before the horizon, at best the last two weeks.
  /// - Returns: `nil` when neither a published nor a past price is known.
  public init?(
    published: Series<PricePerKilowattHour>, past: Series<PricePerKilowattHour>,
    calendar: SiteCalendar, issuedAt: Date
  ) {
    let memory = PriceMemory(past: past, calendar: calendar)
    let known = published.values.compactMap { $0?.rawValue }
    let anyPrices = known.isEmpty ? memory.all : known
    guard !anyPrices.isEmpty else { return nil }
    let usual = anyPrices.reduce(0, +) / Double(anyPrices.count)
    var (low, middle, high): ([Double], [Double], [Double]) = ([], [], [])
    let times = calendar.wallTimes(on: published.grid)
    for index in published.grid.indices {
      if let price = published[index]?.rawValue {
        low.append(price)
        middle.append(price)
        high.append(price)
        continue
      }
      let seen = memory.prices(at: times[index])
      let mean = seen.isEmpty ? usual : seen.reduce(0, +) / Double(seen.count)
      low.append(seen.min() ?? mean)
      middle.append(mean)
      high.append(seen.max() ?? mean)
    }
    publishedSteps = published.values.prefix { $0 != nil }.count
    forecast = QuantileForecast(
      issuedAt: issuedAt, grid: published.grid, p10: low.map { PricePerKilowattHour($0) },
      p50: middle.map { PricePerKilowattHour($0) }, p90: high.map { PricePerKilowattHour($0) },
      mean: middle.map { PricePerKilowattHour($0) })
  }
}

/// Past prices by class of day and quarter-hour of the clock.
private struct PriceMemory {
  private var working: [[Double]] = Array(repeating: [], count: 96)
  private var off: [[Double]] = Array(repeating: [], count: 96)
  private(set) var all: [Double] = []

  init(past: Series<PricePerKilowattHour>, calendar: SiteCalendar) {
    let times = calendar.wallTimes(on: past.grid)
    for index in past.grid.indices {
      guard let price = past[index] else { continue }
      let time = times[index]
      let first = time.minuteOfDay / 15
      let last = max(first, (time.minuteOfDay + past.grid.stepSeconds / 60 - 1) / 15)
      for slot in first...min(95, last) {
        if time.isDayOff {
          off[slot].append(price.rawValue)
        } else {
          working[slot].append(price.rawValue)
        }
      }
      all.append(price.rawValue)
    }
  }

  func prices(at time: SiteCalendar.WallTime) -> [Double] {
    let slot = min(95, time.minuteOfDay / 15)
    let (own, other) = time.isDayOff ? (off, working) : (working, off)
    return own[slot].isEmpty ? other[slot] : own[slot]
  }
}
