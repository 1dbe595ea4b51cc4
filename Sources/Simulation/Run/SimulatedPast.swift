// SPDX-License-Identifier: MIT
public import Foundation
import Household
import Physics
public import TimeSeries

/// What a simulated home would have measured before a run, and what physics had expected of the sun:
/// the history that models learn from.
public struct SimulatedPast: Sendable, Hashable {
  /// Base load.
  public let load: Series<Watts>
  /// Production without snow on the modules; `nil` for a home without PV.
  public let pv: Series<Watts>?
  /// What the physical chain expected of each day with the weather forecast of the noon before.
  public let pvExpected: Series<Watts>?
  /// Day-ahead prices.
  public let spotPrices: Series<PricePerKilowattHour>

  /// The past of a home over a period, in quarter-hours. Cost a few milliseconds a day.
  public init(home: SimulatedHome, period: Range<Date>) {
    let step = SimulatedWeather.stepSeconds
    let grid = TimeGrid(covering: period, stepSeconds: step)
    load = home.baseLoad.power(on: grid)
    spotPrices = home.market.truePrices(on: grid)
    guard let inverter = home.home.inverter, !home.home.pvArrays.isEmpty else {
      pv = nil
      pvExpected = nil
      return
    }
    let plant = PVPlant(
      location: home.home.site.location, arrays: home.home.pvArrays, inverter: inverter)
    var (measured, expected): ([Watts?], [Watts?]) = ([], [])
    let days = Dictionary(grouping: grid.indices) {
      SimulatedWeather.dayNumber(of: grid.date(at: $0))
    }
    for (number, steps) in days.sorted(by: { $0.key < $1.key }) {
      let midnight = Date(timeIntervalSince1970: Double(number) * 86_400)
      let offer = home.offeredWatts(onDay: number)
      measured += steps.map { index in
        let place = Int(grid.date(at: index).timeIntervalSince(midnight)) / step
        return Watts(min(inverter.ratedPower.rawValue, offer[place]))
      }
      let part = TimeGrid(
        start: grid.date(at: steps.first ?? 0), stepSeconds: step, count: steps.count)
      let weather = home.weather.weather(
        issuedBefore: midnight.addingTimeInterval(-43_200), on: part)
      expected += weather.map { plant.power(in: $0).total.values } ?? steps.map { _ in nil }
    }
    pv = Series(grid: grid, values: measured)
    pvExpected = Series(grid: grid, values: expected)
  }
}

extension SimulatedHome {
  /// What the sun offers on a UTC day in quarter-hours, W, without snow and without the inverter's
  /// limit.
  func offeredWatts(onDay number: Int) -> [Double] {
    plant.offer(of: weather.trueDay(number), dayNumber: number).watts
  }
}
