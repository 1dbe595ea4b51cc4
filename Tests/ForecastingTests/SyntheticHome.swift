// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TestSupport
import TimeSeries

/// A home and a plant with known habits, for tests that need no real data.
enum SyntheticHome {
  static let calendar = SiteCalendar(
    timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt, holidays: .czechRepublic)
  static let brno = Location(
    latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(230))

  static func grid(days: Int, from start: String = "2025-12-31T23:00:00Z") -> TimeGrid {
    TimeGrid(start: instant(start), stepSeconds: 3_600, count: days * 24)
  }

  /// A morning and an evening peak, later on days off, with noise of a factor up to 1.5 either way
  /// and a level that wanders from day to day.
  static func load(_ grid: TimeGrid, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    var level = 1.0
    return grid.indices.map { index in
      let time = calendar.wallTime(at: grid.date(at: index))
      if time.minuteOfDay == 0 {
        level = max(0.6, min(1.6, level * exp(Double.random(in: -0.15...0.15, using: &generator))))
      }
      let morning = time.isDayOff ? 10.0 : 7
      let shape =
        250 + 600 * exp(-pow(time.hour - morning, 2) / 4)
        + 900 * exp(-pow(time.hour - 19, 2) / 6)
      return level * shape * exp(Double.random(in: -0.4...0.4, using: &generator))
    }
  }

  static func loadHistory(_ grid: TimeGrid, _ values: [Double?]) -> LoadHistory {
    LoadHistory(
      load: Series(grid: grid, values: values.map { $0.map { Watts($0) } }), calendar: calendar)
  }

  /// Expected production from the sun's height and a cloudiness that goes by days; the plant itself
  /// gives 0.9 of it, less in the evening behind a tree, with noise.
  static func plant(_ grid: TimeGrid, seed: UInt64) -> (physics: [Double], actual: [Double]) {
    var generator = SplitMix64(seed: seed)
    var clouds = 1.0
    var (physics, actual): ([Double], [Double]) = ([], [])
    for index in grid.indices {
      let time = calendar.wallTime(at: grid.date(at: index))
      if time.minuteOfDay == 0 { clouds = Double.random(in: 0.2...1, using: &generator) }
      let season = 1 - 0.6 * cos(Double(index) / 24 / 365 * 2 * .pi)
      let height = max(0, cos((time.hour + 0.5 - 12) / 12 * .pi) - 0.3)
      let expected = 4_000 * clouds * season * height
      let shade = time.hour >= 15 ? 0.6 : 1
      physics.append(expected)
      actual.append(
        0.9 * shade * expected * Double.random(in: 0.7...1.2, using: &generator))
    }
    return (physics, actual)
  }

  static func plantHistory(
    _ grid: TimeGrid, physics: [Double?], actual: [Double?], isCensored: [Bool]? = nil,
    location: Location? = nil
  ) -> PVHistory {
    PVHistory(
      production: Series(grid: grid, values: actual.map { $0.map { Watts($0) } }),
      physics: Series(grid: grid, values: physics.map { $0.map { Watts($0) } }),
      isCensored: isCensored, capacity: Watts(5_000), location: location, calendar: calendar)
  }
}
