// SPDX-License-Identifier: MIT
import Foundation
public import Household
public import TimeSeries

/// Weather that never was: persistent, seasonal and the same for a seed, for any span of time.
///
/// A day is generated from the seed and its number alone, so a year need not be walked through to
/// reach its end. As a `WeatherForecasting` it is an imperfect forecast whose error grows with the
/// lead time; ``truth(on:)`` is what really comes. `docs/models/simulation.md` has the mathematics.
public struct SimulatedWeather: Sendable, Hashable {
  /// Where.
  public let location: Location
  /// What it fluctuates around.
  public let climate: Climate
  /// What makes it differ from other weather of the same place.
  public let seed: UInt64

  /// The weather of a place for a seed.
  public init(location: Location, climate: Climate = .brno, seed: UInt64) {
    self.location = location
    self.climate = climate
    self.seed = seed
  }

  /// What the weather really is on the steps of a grid: means over each step, `issuedAt` the start
  /// of the grid. Steps shorter than 15 minutes repeat the value of the quarter-hour they lie in.
  public func truth(on grid: TimeGrid) -> Weather {
    var days = DayCache()
    return assemble(on: grid, issuedAt: grid.start) { number in
      days.day(number) { trueDay($0) }
    }
  }

  /// The steps of a day, UTC.
  static let stepsADay = 96
  /// The length of a step of the truth.
  static let stepSeconds = 900

  /// The number of the UTC day that holds an instant, counted from 1970-01-01.
  static func dayNumber(of date: Date) -> Int {
    Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
  }

  /// The truth of a UTC day.
  func trueDay(_ number: Int) -> WeatherDay {
    day(number, latent: latentWeather(ofDay: number))
  }

  /// Collects the days that a grid touches into series on it.
  func assemble(
    on grid: TimeGrid, issuedAt: Date, day: (Int) -> WeatherDay
  ) -> Weather {
    var columns = [[Double]](repeating: [], count: 4)
    for index in columns.indices { columns[index].reserveCapacity(grid.count) }
    for step in grid.indices {
      let range = Self.quarterHours(of: grid, step: step)
      var sums = (temperature: 0.0, irradiance: 0.0, wind: 0.0, snow: 0.0)
      for quarter in range {
        let number = Int((Double(quarter) / Double(Self.stepsADay)).rounded(.down))
        let (day, index) = (day(number), quarter - number * Self.stepsADay)
        sums.temperature += day.celsius[index]
        sums.irradiance += day.irradiance[index]
        sums.wind += day.wind[index]
        sums.snow += day.snowfall[index]
      }
      let count = Double(range.count)
      columns[0].append(sums.temperature / count)
      columns[1].append(sums.irradiance / count)
      columns[2].append(sums.wind / count)
      let share = Double(grid.stepSeconds) / (count * Double(Self.stepSeconds))
      columns[3].append(sums.snow * share)
    }
    return Weather(
      issuedAt: issuedAt,
      globalHorizontalIrradiance: Series(grid: grid, rawValues: columns[1]),
      temperature: Series(grid: grid, rawValues: columns[0]),
      windSpeed: Series(grid: grid, rawValues: columns[2]),
      snowfall: Series(grid: grid, rawValues: columns[3]))
  }

  /// The quarter-hours since 1970 that a step lies in; at least one.
  private static func quarterHours(of grid: TimeGrid, step: Int) -> Range<Int> {
    let first = Int(
      (grid.date(at: step).timeIntervalSince1970 / Double(stepSeconds)).rounded(.down))
    return first..<first + max(1, grid.stepSeconds / stepSeconds)
  }
}

/// The weather of one UTC day in steps of 15 minutes.
struct WeatherDay: Sendable, Hashable {
  /// Air temperature, °C.
  var celsius: [Double]
  /// Global horizontal irradiance, W/m².
  var irradiance: [Double]
  /// The same under a cloudless sky, W/m².
  var clearSkyIrradiance: [Double]
  /// Wind speed, m/s.
  var wind: [Double]
  /// Fresh snow in the step, mm.
  var snowfall: [Double]
}

/// Keeps the day that neighbouring steps share.
struct DayCache {
  private var last: (number: Int, day: WeatherDay)?

  mutating func day(_ number: Int, make: (Int) -> WeatherDay) -> WeatherDay {
    if let last, last.number == number { return last.day }
    let made = make(number)
    last = (number, made)
    return made
  }
}
