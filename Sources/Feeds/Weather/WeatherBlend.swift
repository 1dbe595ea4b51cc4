// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// Several forecasts as one: at each step and for each variable the weighted mean of those that
/// have it. A source that stops halfway, or has no irradiance, only takes part where it can.
public struct WeatherBlend: Sendable, Hashable, WeatherForecasting {
  /// One source and how much it counts.
  public struct Part: Sendable, Hashable {
    /// The forecast.
    public let weather: IssuedWeather
    /// Above zero; shares are made of all present.
    public let weight: Double

    /// A source with its weight.
    public init(_ weather: IssuedWeather, weight: Double) {
      self.weather = weather
      self.weight = weight
    }
  }

  private let parts: [Part]

  /// A blend of sources with a positive weight.
  public init(_ parts: [Part]) { self.parts = parts.filter { $0.weight > 0 } }

  /// The blend of what was issued by `time`; `nil` without irradiance or temperature at any step.
  public func weather(issuedBefore time: Date, on grid: TimeGrid) -> Weather? {
    let known = parts.filter { $0.weather.issuedAt <= time }
    guard let newest = known.map(\.weather.issuedAt).max() else { return nil }
    func mix(
      _ column: KeyPath<IssuedWeather, [Double?]?>, isSmooth: Bool, isSum: Bool = false
    ) -> [Double?]? {
      var sums = [Double](repeating: 0, count: grid.count)
      var weights = sums
      for part in known {
        guard let values = part.weather[keyPath: column] else { continue }
        let onGrid =
          isSmooth
          ? part.weather.ramps(of: values, on: grid) : part.weather.means(of: values, on: grid)
        let scale = Double(grid.stepSeconds) / Double(part.weather.grid.stepSeconds)
        for (index, value) in onGrid.enumerated() {
          guard let value else { continue }
          sums[index] += part.weight * value * (isSum ? scale : 1)
          weights[index] += part.weight
        }
      }
      guard weights.contains(where: { $0 > 0 }) else { return nil }
      return grid.indices.map { weights[$0] > 0 ? sums[$0] / weights[$0] : nil }
    }
    guard let irradiance = mix(\.irradiance, isSmooth: false),
      let temperature = mix(\.temperature, isSmooth: true)
    else { return nil }
    return Weather(
      issuedAt: newest,
      globalHorizontalIrradiance: Series(
        grid: grid, values: irradiance.map { $0.map { .init($0) } }),
      temperature: Series(grid: grid, values: temperature.map { $0.map { .init($0) } }),
      windSpeed: mix(\.windSpeed, isSmooth: true).map {
        Series(grid: grid, values: $0.map { $0.map { .init($0) } })
      },
      snowfall: mix(\.snowfall, isSmooth: false, isSum: true).map {
        Series(grid: grid, values: $0.map { $0.map { .init($0) } })
      })
  }
}
