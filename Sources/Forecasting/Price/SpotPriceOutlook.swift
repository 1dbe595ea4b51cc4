// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Day-ahead prices for the whole horizon: the published ones, and an outlook where none is out yet.
public struct SpotPriceOutlook: Sendable, Hashable {
  /// What stands in for prices that are not published, from the best to the last.
  public enum Source: String, Sendable, Hashable {
    /// The usual course at the level of now.
    case course = "the usual course of the last weeks"
    /// The same clock time on the same class of days.
    case sameTimes = "the same times of past days"
    /// One number.
    case mean = "the mean of what is known"
  }

  /// One price a step. Quantiles are equal where the price is published.
  public let forecast: QuantileForecast<PricePerKilowattHour>
  /// What stands in where nothing is published.
  public let source: Source
  /// How many steps from the start have a published price.
  public let publishedSteps: Int

  /// Fills the steps that are not published with the usual course of the day at the level that prices
  /// have now.
  ///
  /// The course is what the clock time costs beside its day's mean, newer days counting more; the
  /// level is that of the last week, moved half of the way to the newest day, less with each day
  /// ahead. Quantiles are those of the course of past days, widened by how far the level went from
  /// day to day. While fewer than a week of days is known, the mean, lowest and highest price of the
  /// same clock time on the same class of days stand in.
  ///
  /// - Parameters:
  ///   - published: prices on the horizon; missing where they are not out.
  ///   - past: published prices before the horizon, at best the last four weeks.
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
    let course = PriceCourse([past, published], calendar: calendar)
    var (low, middle, high): ([Double], [Double], [Double]) = ([], [], [])
    let times = calendar.wallTimes(on: published.grid)
    for index in published.grid.indices {
      let expected: (low: Double, middle: Double, high: Double)
      if let price = published[index]?.rawValue {
        expected = (price, price, price)
      } else if let price = course?.price(at: times[index]) {
        expected = price
      } else {
        let seen = memory.prices(at: times[index])
        let mean = seen.isEmpty ? usual : seen.reduce(0, +) / Double(seen.count)
        expected = (seen.min() ?? mean, mean, seen.max() ?? mean)
      }
      low.append(expected.low)
      middle.append(expected.middle)
      high.append(expected.high)
    }
    source = course != nil ? .course : memory.all.isEmpty ? .mean : .sameTimes
    publishedSteps = published.values.prefix { $0 != nil }.count
    forecast = QuantileForecast(
      issuedAt: issuedAt, grid: published.grid, p10: low.map { PricePerKilowattHour($0) },
      p50: middle.map { PricePerKilowattHour($0) }, p90: high.map { PricePerKilowattHour($0) },
      mean: middle.map { PricePerKilowattHour($0) })
  }
}

extension QuantileForecast<PricePerKilowattHour> {
  /// The same outlook, in which what is published meanwhile is certain.
  func publishing(_ published: Series<PricePerKilowattHour>) -> QuantileForecast {
    func price(_ own: [PricePerKilowattHour]) -> [PricePerKilowattHour] {
      grid.indices.map { step in
        published.grid.index(of: grid.date(at: step)).flatMap { published[$0] } ?? own[step]
      }
    }
    return QuantileForecast(
      issuedAt: issuedAt, grid: grid, p10: price(p10), p50: price(p50), p90: price(p90),
      mean: price(mean))
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
