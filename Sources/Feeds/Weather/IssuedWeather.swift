// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// One weather forecast as a service issued it, on the service's own steps.
///
/// Every value is the mean over its step (snow: the sum), whatever the service's own labels mean;
/// what the service does not have is absent, and a step that it leaves out is `nil`.
public struct IssuedWeather: Sendable, Hashable, Codable, WeatherForecasting {
  /// Which service.
  public let source: String
  /// When it was issued, or fetched where the service does not say.
  public let issuedAt: Date
  /// The steps.
  public let grid: TimeGrid
  /// Global horizontal irradiance, W/m².
  public var irradiance: [Double?]?
  /// Air temperature at two metres, °C.
  public var temperature: [Double?]?
  /// Wind speed at ten metres, m/s.
  public var windSpeed: [Double?]?
  /// Height of fresh snow inside the step, mm.
  public var snowfall: [Double?]?
  /// Share of the sky under clouds, 0…1.
  public var cloudCover: [Double?]?

  /// A forecast without any variable yet.
  public init(source: String, issuedAt: Date, grid: TimeGrid) {
    self.source = source
    self.issuedAt = issuedAt
    self.grid = grid
  }

  /// The forecast on other steps, if it was issued by `time`; `nil` without irradiance or
  /// temperature for any step.
  public func weather(issuedBefore time: Date, on target: TimeGrid) -> Weather? {
    guard issuedAt <= time, let irradiance, let temperature else { return nil }
    let weather = Weather(
      issuedAt: issuedAt,
      globalHorizontalIrradiance: Series(
        grid: target, values: means(of: irradiance, on: target).map { $0.map { .init($0) } }),
      temperature: Series(
        grid: target, values: ramps(of: temperature, on: target).map { $0.map { .init($0) } }),
      windSpeed: windSpeed.map { wind in
        Series(grid: target, values: ramps(of: wind, on: target).map { $0.map { .init($0) } })
      },
      snowfall: snowfall.map { snow in
        let scale = Double(target.stepSeconds) / Double(grid.stepSeconds)
        return Series(
          grid: target, values: means(of: snow, on: target).map { $0.map { .init($0 * scale) } })
      })
    let isEmpty =
      weather.globalHorizontalIrradiance.missingCount == target.count
      || weather.temperature.missingCount == target.count
    return isEmpty ? nil : weather
  }

  /// The mean over each new step of values that hold over their steps: sums are kept.
  func means(of values: [Double?], on target: TimeGrid) -> [Double?] {
    let step = Double(grid.stepSeconds)
    return target.indices.map { index in
      let first = target.date(at: index).timeIntervalSince(grid.start) / step
      let last = target.date(at: index + 1).timeIntervalSince(grid.start) / step
      guard first >= 0, last <= Double(values.count) else { return nil }
      var (sum, cursor) = (0.0, first)
      while cursor < last - 1e-9 {
        let position = min(Int(cursor + 1e-9), values.count - 1)
        guard let value = values[position] else { return nil }
        let end = min(Double(position + 1), last)
        sum += value * (end - cursor)
        cursor = end
      }
      return sum / (last - first)
    }
  }

  /// Values that change smoothly: a line through the middles of the steps; means on longer steps.
  func ramps(of values: [Double?], on target: TimeGrid) -> [Double?] {
    guard target.stepSeconds < grid.stepSeconds else { return means(of: values, on: target) }
    return target.indices.map { index in
      let place =
        target.middle(at: index).timeIntervalSince(grid.start) / Double(grid.stepSeconds) - 0.5
      guard place >= -0.5, place < Double(values.count) - 0.5 else { return nil }
      let lower = Int(max(0, place.rounded(.down)))
      let upper = min(lower + 1, values.count - 1)
      guard let before = values[lower], let after = values[upper] else {
        return values[Int(max(0, place.rounded()))]
      }
      return before + (after - before) * min(max(place - Double(lower), 0), 1)
    }
  }
}
