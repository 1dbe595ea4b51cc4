// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Household
import Physics
import TimeSeries

/// What an evaluation of PV forecasts is given beside the measurements: the plant, and either an
/// outside forecast or the weather from which physics makes one.
struct PVEvaluationInput {
  static let options: [CommandLineOption] = [
    .value("target", "COLUMN", default: "pv_power_w", "What is forecast, in W."),
    .value("forecast-column", "COLUMN", "A forecast known ahead in place of the physical chain."),
    .value("latitude", "DEGREES", "North is positive."),
    .value("longitude", "DEGREES", "East is positive."),
    .value("altitude", "METRES", default: "0", "Above sea level."),
    .value("tilt", "DEGREES", "Of the modules, 0 is flat."),
    .value("azimuth", "DEGREES", "Where the modules face, 180 is south."),
    .value("capacity-w", "W", "The plant's capacity; by default the most it ever gave."),
  ]

  let history: PVHistory

  init(_ input: CommandLineInput, _ evaluation: EvaluationInput) throws {
    let production: Series<Watts> = try evaluation.hourly(try input.require("target"))
    let location = try Self.location(input)
    let most = production.values.compactMap { $0 }.max() ?? Watts(1)
    let capacity = try input.value("capacity-w", as: Double.self).map { Watts($0) } ?? most
    guard capacity > .zero else {
      throw CommandLineError.usage("--capacity-w: a capacity is above 0")
    }
    if let column = input.string("forecast-column") {
      history = PVHistory(
        production: production, physics: try evaluation.hourly(column), capacity: capacity,
        location: location, calendar: evaluation.calendar)
      return
    }
    guard let location, let tilt = try input.value("tilt", as: Double.self),
      let azimuth = try input.value("azimuth", as: Double.self)
    else {
      throw CommandLineError.usage(
        "give --forecast-column, or --latitude, --longitude, --tilt and --azimuth for the physics")
    }
    let weather = Weather(
      issuedAt: production.grid.start,
      globalHorizontalIrradiance: try evaluation.hourly("ghi_w_m2"),
      temperature: try evaluation.hourly("temperature_outdoor_c"))
    let array = PVArray(
      name: "plant", peakPower: capacity, tilt: Degrees(tilt), azimuth: Degrees(azimuth),
      temperatureCoefficientPerKelvin: -0.004, losses: Fraction(0))
    let plant = PVPlant(
      location: location, arrays: [array],
      inverter: Inverter(ratedPower: capacity, efficiency: Fraction(0.96)))
    var forecast = PVHistory.Weather()
    forecast.globalHorizontal = weather.globalHorizontalIrradiance.values.map { $0?.rawValue }
    forecast.temperature = weather.temperature.values.map { $0?.rawValue }
    history = PVHistory(
      production: production, physics: plant.power(in: weather).total, capacity: capacity,
      location: location, calendar: evaluation.calendar, weather: forecast)
  }

  private static func location(_ input: CommandLineInput) throws -> Location? {
    guard let latitude = try input.value("latitude", as: Double.self),
      let longitude = try input.value("longitude", as: Double.self)
    else { return nil }
    return Location(
      latitude: Degrees(latitude), longitude: Degrees(longitude),
      altitude: Metres(try input.value("altitude", as: Double.self) ?? 0))
  }
}
