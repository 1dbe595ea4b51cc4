// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Household
import Physics
import TimeSeries

/// A plant for its forecasts: measurements, and either an outside forecast or the weather from which
/// physics makes one.
struct PVEvaluationInput {
  static let placeOptions: [CommandLineOption] = [
    .value("forecast-column", "COLUMN", "A forecast known ahead in place of the physical chain."),
    .value(
      "other-forecasts", "COLUMNS",
      "Further forecasts known ahead, as a_w,b_w; the trees weigh them beside the first."),
    .value("latitude", "DEGREES", "North is positive."),
    .value("longitude", "DEGREES", "East is positive."),
    .value("altitude", "METRES", default: "0", "Above sea level."),
    .value("tilt", "DEGREES", "Of the modules, 0 is flat."),
    .value("azimuth", "DEGREES", "Where the modules face, 180 is south."),
    .value("capacity-w", "W", "The plant's capacity; by default the most it ever gave."),
  ]
  static let options: [CommandLineOption] =
    [.value("target", "COLUMN", default: "pv_power_w", "What is forecast, in W.")] + placeOptions

  /// The efficiency of an inverter nobody has described.
  private static let usualEfficiency = Fraction(0.96)
  /// The loss of power of crystalline modules by warmth.
  private static let usualTemperatureCoefficient = -0.004

  let history: PVHistory

  /// - Parameter start: what lies before it may teach how the modules really lie.
  init(
    _ input: CommandLineInput, _ source: SignalSource, target: String, calibratingUntil start: Date
  ) throws {
    let production: Series<Watts> = try source.hourly(target)
    let location = try Self.location(input) ?? source.home?.site.location
    let most = production.values.compactMap { $0 }.max() ?? Watts(1)
    let configured = source.home.map { $0.pvArrays.reduce(.zero) { $0 + $1.peakPower } }
    let capacity =
      try input.value("capacity-w", as: Double.self).map { Watts($0) }
      ?? configured.flatMap { $0 > .zero ? $0 : nil } ?? most
    guard capacity > .zero else {
      throw CommandLineError.usage("--capacity-w: a capacity is above 0")
    }
    let others = try Self.otherForecasts(input, source)
    let ready =
      input.string("forecast-column") ?? (source.has("pv_forecast_w") ? "pv_forecast_w" : nil)
    if let ready {
      history = PVHistory(
        production: production, physics: try source.hourly(ready), others: others,
        capacity: capacity, location: location, calendar: source.calendar)
      return
    }
    guard let location else { throw Self.placeMissing }
    let weather = Weather(
      issuedAt: production.grid.start,
      globalHorizontalIrradiance: try source.hourly("ghi_w_m2"),
      temperature: try source.hourly("temperature_outdoor_c"),
      windSpeed: source.has("wind_speed_m_s") ? try source.hourly("wind_speed_m_s") : nil)
    let described = try Self.plant(input, source.home, location: location, capacity: capacity)
    let known = production.grid.start..<min(max(start, production.grid.start), production.grid.end)
    let plant = PlantCalibration(checksClock: false).calibrated(
      described, with: Self.past(production, weather, known)
    ).plant
    var forecast = PVHistory.Weather()
    forecast.globalHorizontal = weather.globalHorizontalIrradiance.values.map { $0?.rawValue }
    forecast.temperature = weather.temperature.values.map { $0?.rawValue }
    history = PVHistory(
      production: production, physics: plant.power(in: weather).total, others: others,
      capacity: capacity, location: location, calendar: source.calendar, weather: forecast)
  }

  private static func otherForecasts(
    _ input: CommandLineInput, _ source: SignalSource
  ) throws -> [String: Series<Watts>] {
    let names = input.string("other-forecasts")?.split(separator: ",").map(String.init) ?? []
    var series: [String: Series<Watts>] = [:]
    for name in names { series[name] = try source.hourly(name) as Series<Watts> }
    return series
  }

  private static func past(
    _ production: Series<Watts>, _ weather: Weather, _ range: Range<Date>
  ) -> PlantHistory {
    PlantHistory(
      weather: PlantWeather(
        Weather(
          issuedAt: weather.issuedAt,
          globalHorizontalIrradiance: weather.globalHorizontalIrradiance.slice(range),
          temperature: weather.temperature.slice(range),
          windSpeed: weather.windSpeed?.slice(range))),
      power: production.slice(range))
  }

  private static func plant(
    _ input: CommandLineInput, _ home: Home?, location: Location, capacity: Watts
  ) throws -> PVPlant {
    if let home, let inverter = home.inverter, !home.pvArrays.isEmpty {
      return PVPlant(location: location, arrays: home.pvArrays, inverter: inverter)
    }
    let tilt: Double? = try input.number("tilt", in: 0...90, "degrees")
    let azimuth: Double? = try input.number("azimuth", in: 0...360, "degrees")
    guard let tilt, let azimuth else { throw placeMissing }
    let array = PVArray(
      name: "plant", peakPower: capacity, tilt: Degrees(tilt), azimuth: Degrees(azimuth),
      temperatureCoefficientPerKelvin: usualTemperatureCoefficient, losses: Fraction(0))
    return PVPlant(
      location: location, arrays: [array],
      inverter: Inverter(ratedPower: capacity, efficiency: usualEfficiency))
  }

  private static let placeMissing = CommandLineError.usage(
    "how does the plant lie? give --config with a PV array, or --forecast-column, or --latitude, "
      + "--longitude, --tilt and --azimuth")

  private static func location(_ input: CommandLineInput) throws -> Location? {
    let latitude: Double? = try input.number("latitude", in: -90...90, "degrees")
    let longitude: Double? = try input.number("longitude", in: -180...180, "degrees")
    guard let latitude, let longitude else { return nil }
    return Location(
      latitude: Degrees(latitude), longitude: Degrees(longitude),
      altitude: Metres(try input.number("altitude", in: -450...6_000, "metres") ?? 0))
  }
}
