// SPDX-License-Identifier: MIT
import Foundation
import Household
public import TimeSeries

extension SimulatedHome {
  /// The true air temperature of each room, in the order of the home.
  public var trueRoomTemperatures: [Celsius] {
    home.rooms.indices.map { building.temperature(ofRoom: $0) }
  }

  /// The true state of charge of the battery; `nil` without one.
  public var trueStateOfCharge: Fraction? { battery?.stateOfCharge }

  /// The true energy stored in each car, by name.
  public var trueVehicleEnergy: [String: KilowattHours] {
    Dictionary(
      vehicles.map { ($0.vehicle.name, KilowattHours($0.stored)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The true outdoor temperature of the minute that passed last.
  public var trueOutdoorTemperature: Celsius { Celsius(conditions.celsius) }

  /// The true prices on a grid: what a kilowatt-hour of import costs and of export earns.
  public func truePrices(
    on grid: TimeGrid
  ) -> (import: Series<PricePerKilowattHour>, export: Series<PricePerKilowattHour>) {
    home.tariff.prices(spot: market.truePrices(on: grid), calendar: home.site.calendar)
  }

  /// What PV would produce without snow and limits on the quarter-hours of a grid of whole
  /// quarter-hours: material for the history of a forecaster.
  public func potentialProduction(on grid: TimeGrid) -> Series<Watts> {
    var days: [Int: [Double]] = [:]
    let quarters = max(1, grid.stepSeconds / SimulatedWeather.stepSeconds)
    let values = grid.indices.map { step -> Double in
      let first = Int(grid.date(at: step).timeIntervalSince1970) / SimulatedWeather.stepSeconds
      let sum = (first..<first + quarters).reduce(0.0) { sum, quarter in
        let number = quarter / SimulatedWeather.stepsADay
        let day =
          days[number]
          ?? plant.offer(of: weather.trueDay(number), dayNumber: number).watts
        days[number] = day
        return sum + day[quarter % SimulatedWeather.stepsADay]
      }
      let limit = home.inverter?.ratedPower.rawValue ?? 0
      return min(limit, sum / Double(quarters))
    }
    return Series(grid: grid, rawValues: values)
  }
}
