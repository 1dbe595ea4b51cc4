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
  private let past: SimulatedPast?
  /// Days of production that a trained PV model looks back.
  private static let pvDays = 40.0

  /// The outlook of a home over a period: the past eight weeks are made once.
  ///
  /// - Parameter knowsProduction: whether the past of PV is known too, which a trained PV model needs.
  public init(home: SimulatedHome, period: Range<Date>, knowsProduction: Bool = false) {
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
    past =
      knowsProduction
      ? SimulatedPast(home: home, period: grid(daysBefore: Self.pvDays).range) : nil
  }

  /// What is known at an instant.
  public func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    let pvDays = time.addingTimeInterval(-Self.pvDays * 86_400)..<time
    return ForecastInputs(
      issuedAt: time, grid: grid, weather: weather.weather(issuedBefore: time, on: grid),
      outdoorTemperature: snapshot.outdoorTemperature?.value,
      publishedSpotPrice: market.spotPrices(publishedBefore: time, on: grid),
      pastSpotPrice: spotPrices.slice(time.addingTimeInterval(-14 * 86_400)..<grid.start),
      baseLoadHistory: baseLoad.slice(
        time.addingTimeInterval(-LoadClimatology.window.seconds)..<time),
      pvHistory: past?.pv?.slice(pvDays), pvExpectedHistory: past?.pvExpected?.slice(pvDays),
      vehicles: snapshot.vehicles.mapValues(\.value))
  }
}
