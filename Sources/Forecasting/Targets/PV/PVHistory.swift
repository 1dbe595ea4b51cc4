// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Physics
public import TimeSeries

/// What is known of a plant, hour by hour: its production, what physics expects of it, the sun.
public struct PVHistory: Sendable {
  /// Weather as it was forecast, one value an hour; what a source does not have is absent.
  public struct Weather: Sendable {
    /// Global irradiance on the level, W/m².
    public var globalHorizontal: [Double?]?
    /// Air temperature, °C.
    public var temperature: [Double?]?
    /// Wind at ten metres, m/s.
    public var windSpeed: [Double?]?
    /// Cloud cover, 0…100 %.
    public var cloudCover: [Double?]?
    /// Fresh snow, mm in the hour.
    public var snowfall: [Double?]?
    /// Rain and snow as water, mm in the hour.
    public var precipitation: [Double?]?
    /// Relative humidity, 0…100 %.
    public var humidity: [Double?]?

    /// Nothing is known.
    public init() {}

    static var parts: [WritableKeyPath<Weather, [Double?]?>] {
      [
        \.globalHorizontal, \.temperature, \.windSpeed, \.cloudCover, \.snowfall, \.precipitation,
        \.humidity,
      ]
    }
  }

  /// The hours of the past and of the horizon.
  public let hours: SiteHours
  /// The plant's capacity, W: what errors are measured against.
  public let capacity: Double
  /// The most the plant gives, W.
  public let limit: Double
  /// Production of each hour, W; missing on the horizon.
  let production: WallClockTable
  /// What is expected of each hour by the physical chain or an outside forecast, W, before learning.
  let physics: [Double?]
  /// Further outside forecasts by name, W.
  let others: [(name: String, values: [Double?])]
  /// Whether production was held down, so that it is only a lower bound.
  let isCensored: [Bool]
  let weather: Weather
  let sun: PVSun
  private let calendar: SiteCalendar
  private let location: Location?

  /// A plant's history.
  ///
  /// - Parameters:
  ///   - production: hourly means; missing on the horizon.
  ///   - physics: expected production on the same grid, as it was known when it was forecast.
  ///   - others: further outside forecasts on the same grid.
  ///   - isCensored: hours in which production was held down; none by default.
  ///   - capacity: the plant's nominal power.
  ///   - limit: the most it gives; the capacity by default.
  ///   - location: for the sun; without it the day is where the plant has ever produced.
  public init(
    production: Series<Watts>, physics: Series<Watts>, others: [String: Series<Watts>] = [:],
    isCensored: [Bool]? = nil, capacity: Watts, limit: Watts? = nil, location: Location?,
    calendar: SiteCalendar, weather: Weather = Weather()
  ) {
    precondition(
      physics.grid == production.grid && others.values.allSatisfy { $0.grid == production.grid }
        && isCensored?.count ?? production.grid.count == production.grid.count,
      "all of a plant is on one grid")
    hours = SiteHours(grid: production.grid, calendar: calendar)
    self.production = WallClockTable(production.values.map { $0?.rawValue }, hours: hours)
    self.physics = physics.values.map { $0?.rawValue }
    self.others = others.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.values.map { $0?.rawValue }) }
    self.isCensored = isCensored ?? Array(repeating: false, count: production.grid.count)
    self.capacity = capacity.rawValue
    self.limit = limit?.rawValue ?? capacity.rawValue
    self.weather = weather
    self.calendar = calendar
    self.location = location
    sun = PVSun(grid: production.grid, location: location, physics: self.physics)
  }

  /// The measured production of an hour of the grid.
  func actual(_ index: Int) -> Double? { production.values[index] }

  /// The measured production of an hour where it is not held down.
  func freeActual(_ index: Int) -> Double? { isCensored[index] ? nil : actual(index) }

  /// The same plant of which only some hours are known, with other production where given.
  ///
  /// - Parameters:
  ///   - range: places in the grid, clamped to it.
  ///   - production: what is taken as measured, on the whole grid; the measured one by default.
  ///   - isCensored: what is taken as held down, on the whole grid.
  func part(
    _ range: Range<Int>, production: [Double?]? = nil, isCensored: [Bool]? = nil
  ) -> PVHistory {
    let range = range.clamped(to: hours.grid.indices)
    let grid = TimeGrid(
      start: hours.grid.date(at: range.lowerBound), stepSeconds: 3_600, count: range.count)
    func series(_ values: [Double?]) -> Series<Watts> {
      Series(grid: grid, values: values[range].map { $0.map { Watts($0) } })
    }
    var weather = Weather()
    for part in Weather.parts {
      weather[keyPath: part] = self.weather[keyPath: part].map { Array($0[range]) }
    }
    return PVHistory(
      production: series(production ?? self.production.values), physics: series(physics),
      others: Dictionary(uniqueKeysWithValues: others.map { ($0.name, series($0.values)) }),
      isCensored: Array((isCensored ?? self.isCensored)[range]), capacity: Watts(capacity),
      limit: Watts(limit), location: location, calendar: calendar, weather: weather)
  }

  /// The same plant on a grid that reaches to an instant; what is not known there is missing.
  public func reaching(_ end: Date) -> PVHistory {
    let grid = TimeGrid(
      covering: hours.grid.start..<max(end, hours.grid.end), stepSeconds: 3_600)
    let extra = grid.count - hours.grid.count
    guard extra > 0 else { return self }
    func padded(_ values: [Double?]) -> [Double?] {
      values + Array(repeating: nil, count: extra)
    }
    func series(_ values: [Double?]) -> Series<Watts> {
      Series(grid: grid, values: padded(values).map { $0.map { Watts($0) } })
    }
    var weather = Weather()
    for part in Weather.parts {
      weather[keyPath: part] = self.weather[keyPath: part].map(padded)
    }
    return PVHistory(
      production: series(production.values), physics: series(physics),
      others: Dictionary(uniqueKeysWithValues: others.map { ($0.name, series($0.values)) }),
      isCensored: isCensored + Array(repeating: false, count: extra), capacity: Watts(capacity),
      limit: Watts(limit), location: location, calendar: calendar, weather: weather)
  }

  /// The first hour that is not over at an instant, within the grid.
  func issueHour(at instant: Date) -> Int {
    let position = instant.timeIntervalSince(hours.grid.start) / 3_600
    return min(hours.grid.count, max(0, Int(position.rounded(.down))))
  }
}

/// The sun over the hours of a grid.
struct PVSun: Sendable {
  /// Degrees above the horizon at the middle of each hour; absent without a location.
  let elevation: [Double]?
  /// Where the sun is seen at the middle of each hour; absent without a location.
  private let directions: [SkyDirection]?
  /// Whether production is possible.
  let isDay: [Bool]

  /// Below this the sky gives nothing that an inverter would start for. Source: half the sun's disc
  /// and refraction, 0.83°.
  static let nightElevation = -0.8

  init(grid: TimeGrid, location: Location?, physics: [Double?]) {
    guard let location else {
      elevation = nil
      directions = nil
      isDay = physics.map { ($0 ?? 1) > 0 }
      return
    }
    let track = SunTrack(grid: grid, location: location)
    let elevation = track.apparentZenithDegrees.map { 90 - $0 }
    self.elevation = elevation
    directions = track.direction
    isDay = elevation.map { $0 > Self.nightElevation }
  }

  /// Degrees clockwise from north; few hours of a year of history are ever asked.
  func azimuth(_ index: Int) -> Double? {
    directions.map {
      (atan2($0[index].east, $0[index].north) * 180 / .pi + 360)
        .truncatingRemainder(dividingBy: 360)
    }
  }
}
