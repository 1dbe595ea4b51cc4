// SPDX-License-Identifier: MIT
public import Forecasting
public import Foundation
public import Household
public import TimeSeries

/// Somebody who knows what could be known of the time to come, and no more.
public protocol Outlook: Sendable {
  /// What is known at an instant for the steps of a grid.
  func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs
}

/// The outlook of a simulated home: its weather's forecasts, its market's publications, its past.
public struct SimulatedOutlook: Outlook {
  private let weather: SimulatedWeather
  private let market: SimulatedDayAheadMarket
  private let baseLoad: Series<Watts>
  private let spotPrices: Series<PricePerKilowattHour>

  /// The outlook of a home over a period: the past eight weeks are made once.
  public init(home: SimulatedHome, period: Range<Date>) {
    weather = home.weather
    market = home.market
    let step = SimulatedWeather.stepSeconds
    func grid(daysBefore days: Double) -> TimeGrid {
      TimeGrid(
        covering: period.lowerBound.addingTimeInterval(-days * 86_400)..<period.upperBound,
        stepSeconds: step)
    }
    baseLoad = home.baseLoad.power(on: grid(daysBefore: 56))
    spotPrices = home.market.truePrices(on: grid(daysBefore: 14))
  }

  /// What is known at an instant.
  public func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    ForecastInputs(
      issuedAt: time, grid: grid, weather: weather.weather(issuedBefore: time, on: grid),
      outdoorTemperature: snapshot.outdoorTemperature?.value,
      publishedSpotPrice: market.spotPrices(publishedBefore: time, on: grid),
      pastSpotPrice: spotPrices.slice(time.addingTimeInterval(-14 * 86_400)..<grid.start),
      baseLoadHistory: baseLoad.slice(
        time.addingTimeInterval(-LoadClimatology.window.seconds)..<time),
      pvHistory: nil, vehicles: snapshot.vehicles.mapValues(\.value))
  }
}
