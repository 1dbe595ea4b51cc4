// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Weather for the steps of one grid, one series a variable; what a source does not have is absent.
public struct Weather: Sendable, Hashable, Codable {
  /// When the source issued it.
  public let issuedAt: Date
  /// Global horizontal irradiance.
  public let globalHorizontalIrradiance: Series<WattsPerSquareMetre>
  /// Air temperature at two metres.
  public let temperature: Series<Celsius>
  /// Wind speed at ten metres.
  public let windSpeed: Series<MetresPerSecond>?
  /// Fresh snow inside the step.
  public let snowfall: Series<Millimetres>?

  /// Weather of one issue; all series on one grid.
  public init(
    issuedAt: Date, globalHorizontalIrradiance: Series<WattsPerSquareMetre>,
    temperature: Series<Celsius>, windSpeed: Series<MetresPerSecond>? = nil,
    snowfall: Series<Millimetres>? = nil
  ) {
    self.issuedAt = issuedAt
    self.globalHorizontalIrradiance = globalHorizontalIrradiance
    self.temperature = temperature
    self.windSpeed = windSpeed
    self.snowfall = snowfall
  }
}

/// Somebody who knows the weather to come: a service, a history played back, or the simulated one.
public protocol WeatherForecasting {
  /// The newest forecast issued not after `time`, for the steps of `grid`; `nil` when there is none.
  func weather(issuedBefore time: Date, on grid: TimeGrid) -> Weather?
}
