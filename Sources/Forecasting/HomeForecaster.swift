// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Physics
public import TimeSeries

/// Everything that was known when a forecast of a home is issued.
public struct ForecastInputs: Sendable, Hashable, Codable {
  /// Now: nothing later enters.
  public let issuedAt: Date
  /// The steps to forecast.
  public let grid: TimeGrid
  /// The newest weather forecast on the grid; `nil` while none could be had.
  public let weather: Weather?
  /// Outdoor temperature now.
  public let outdoorTemperature: Celsius?
  /// Day-ahead prices on the grid; missing where they are not published.
  public let publishedSpotPrice: Series<PricePerKilowattHour>
  /// Day-ahead prices of the last two weeks.
  public let pastSpotPrice: Series<PricePerKilowattHour>
  /// Measured base load of the last eight weeks.
  public let baseLoadHistory: Series<Watts>
  /// Measured production of the last weeks, for the case that there is no weather.
  public let pvHistory: Series<Watts>?
  /// What physics expected of the same weeks when they were forecast; without it a trained PV model
  /// cannot tell the plant's bias and is not used.
  public let pvExpectedHistory: Series<Watts>?
  /// What the cars do now.
  public let vehicles: [String: VehicleState]
  /// A fresh weather ensemble whose members are whole on the grid, for plans over scenarios; `nil`
  /// without one.
  public var ensemble: WeatherEnsemble?
  /// What services say the plant will give; `nil` or empty without any.
  public var servicePV: [ServicePV]?
  /// What trained models say; `nil` where the forecaster's own models are asked, if it has any.
  public var modelled: ModelledForecasts?

  /// What is known now.
  public init(
    issuedAt: Date, grid: TimeGrid, weather: Weather?, outdoorTemperature: Celsius?,
    publishedSpotPrice: Series<PricePerKilowattHour>,
    pastSpotPrice: Series<PricePerKilowattHour>, baseLoadHistory: Series<Watts>,
    pvHistory: Series<Watts>?, pvExpectedHistory: Series<Watts>? = nil,
    vehicles: [String: VehicleState]
  ) {
    self.issuedAt = issuedAt
    self.grid = grid
    self.weather = weather
    self.outdoorTemperature = outdoorTemperature
    self.publishedSpotPrice = publishedSpotPrice
    self.pastSpotPrice = pastSpotPrice
    self.baseLoadHistory = baseLoadHistory
    self.pvHistory = pvHistory
    self.pvExpectedHistory = pvExpectedHistory
    self.vehicles = vehicles
  }
}

/// Why a home cannot be forecast.
public enum ForecastingError: Error, Equatable, CustomStringConvertible {
  /// The tariff follows the day-ahead price, and none is known.
  case noPrice
  /// Neither a weather forecast nor an outdoor temperature is known.
  case noWeather

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .noPrice:
      "no day-ahead price is known, neither published nor past; check the price source"
    case .noWeather:
      "no weather forecast and no outdoor temperature; check the weather source and the sensor"
    }
  }
}

/// Forecasts of a whole home from what is known now. Pure: the same inputs give the same forecast.
public struct HomeForecaster: Sendable {
  let home: Home
  let plant: PVPlant?
  let models: TrainedModels

  /// A forecaster for a home with what it has learned; by default nothing.
  public init(home: Home, models: TrainedModels = TrainedModels()) {
    self.home = home
    self.models = models
    plant = home.inverter.flatMap { inverter in
      home.pvArrays.isEmpty
        ? nil
        : PVPlant(location: home.site.location, arrays: home.pvArrays, inverter: inverter)
    }
  }

  /// The forecast of everything that comes from outside the plan.
  public func forecast(_ inputs: ForecastInputs) throws(ForecastingError) -> HomeForecast {
    var diagnostics: [Diagnostic] = []
    let weather = try self.weather(inputs, &diagnostics)
    let calendar = home.site.calendar
    let spot = try self.spotPrice(inputs, calendar: calendar, &diagnostics)
    let prices = home.tariff.prices(spot: spot.expected, calendar: calendar)
    guard let importPrice = prices.import.completeRawValues,
      let exportPrice = prices.export.completeRawValues
    else { throw .noPrice }
    diagnostics += inputs.modelled?.notes ?? []
    let load =
      inputs.modelled?.load ?? modelledLoad(inputs, calendar: calendar, &diagnostics)
      ?? LoadClimatology(
        history: inputs.baseLoadHistory, issuedAt: inputs.issuedAt, calendar: calendar,
        yearly: home.preferences.yearlyBaseLoad
      ).forecast(issuedAt: inputs.issuedAt, grid: inputs.grid)
    var (pv, courses) = pvPower(weather, inputs, &diagnostics)
    if let services = inputs.servicePV, !services.isEmpty {
      pv = pv.blended(with: services, limit: home.inverter?.ratedPower)
      // Courses are those of pems' own forecast; another service's word moves the quantiles only.
      courses = []
    }
    courses = self.courses(courses, of: pv, inputs, &diagnostics)
    return HomeForecast(
      issuedAt: inputs.issuedAt, grid: inputs.grid,
      pvPower: pv, pvCourses: courses, baseLoadPower: load,
      outdoorTemperature: weather.temperature, irradiance: weather.globalHorizontalIrradiance,
      spotPrice: spot, pricesPublishedUntil: Self.end(of: inputs.publishedSpotPrice),
      importPrice: importPrice.map { PricePerKilowattHour($0) },
      exportPrice: exportPrice.map { PricePerKilowattHour($0) },
      vehicleSessions: home.vehicles.flatMap { sessions(of: $0, inputs, calendar, &diagnostics) },
      applianceNeeds: inputs.modelled?.appliances ?? [:],
      diagnostics: diagnostics)
  }

  /// When a car is there: by what it was seen to do, else by its routines.
  private func sessions(
    of vehicle: Vehicle, _ inputs: ForecastInputs, _ calendar: SiteCalendar,
    _ diagnostics: inout [Diagnostic]
  ) -> [VehicleSession] {
    let state = inputs.vehicles[vehicle.name]
    guard let outlook = inputs.modelled?.vehicles[vehicle.name] else {
      return VehicleForecast.sessions(
        of: vehicle, state: state, calendar: calendar, grid: inputs.grid)
    }
    diagnostics.append(
      Diagnostic(
        .note, subject: vehicle.name,
        message: "expected as \(outlook.learnedFrom) stays were; its routines are not asked"))
    return VehicleForecast.sessions(
      of: vehicle, state: state, outlook: outlook, grid: inputs.grid)
  }

  /// The end of the last step that has a price.
  public static func end(of published: Series<PricePerKilowattHour>) -> Date? {
    published.grid.indices.last { published[$0] != nil }.map { published.grid.date(at: $0 + 1) }
  }

  /// The weather on the grid; without a forecast the temperature stays as it is and the sun counts
  /// for nothing, which heats and buys rather too much than too little.
  private func weather(
    _ inputs: ForecastInputs, _ diagnostics: inout [Diagnostic]
  ) throws(ForecastingError) -> Weather {
    if let weather = inputs.weather { return weather }
    let dark = Series<WattsPerSquareMetre>(grid: inputs.grid, constant: .zero)
    guard let temperature = inputs.outdoorTemperature else {
      // A home without rooms does not ask how cold it is.
      guard home.rooms.isEmpty else { throw .noWeather }
      return Weather(
        issuedAt: inputs.issuedAt, globalHorizontalIrradiance: dark,
        temperature: Series(grid: inputs.grid, constant: nil))
    }
    diagnostics.append(
      Diagnostic(
        .warning, subject: "weather",
        message: "no forecast; \(temperature) is held and no sun is expected"))
    return Weather(
      issuedAt: inputs.issuedAt, globalHorizontalIrradiance: dark,
      temperature: Series(grid: inputs.grid, constant: temperature))
  }

  private func spotPrice(
    _ inputs: ForecastInputs, calendar: SiteCalendar, _ diagnostics: inout [Diagnostic]
  ) throws(ForecastingError) -> QuantileForecast<PricePerKilowattHour> {
    guard home.tariff.needsSpotPrice else {
      return QuantileForecast(
        issuedAt: inputs.issuedAt, grid: inputs.grid,
        certain: Array(repeating: .zero, count: inputs.grid.count))
    }
    if let modelled = inputs.modelled?.spotPrice {
      let price = modelled.publishing(inputs.publishedSpotPrice)
      diagnostics += Self.remarks(inputs, after: "the trained model")
      return price
    }
    guard
      let outlook = SpotPriceOutlook(
        published: inputs.publishedSpotPrice, past: inputs.pastSpotPrice, calendar: calendar,
        issuedAt: inputs.issuedAt)
    else { throw .noPrice }
    diagnostics += Self.remarks(inputs, after: outlook.source.rawValue)
    return outlook.forecast
  }

  /// Where prices that are not published come from: everybody sees which rung of the ladder it is.
  private static func remarks(_ inputs: ForecastInputs, after source: String) -> [Diagnostic] {
    let end = end(of: inputs.publishedSpotPrice)
    guard inputs.publishedSpotPrice.values.contains(where: { $0 == nil }) else { return [] }
    guard let end else {
      return [
        Diagnostic(
          .warning, subject: "price",
          message: "no published price; \(source) stands in its place")
      ]
    }
    let known = end.timeIntervalSince(inputs.grid.start) / 3_600
    return [
      Diagnostic(
        .note, subject: "price",
        message: String(format: "published for %.0f h; after that \(source)", known))
    ]
  }

  /// PV by the trained model or from the physics of the plant; without weather from what it gave lately.
  private func pvPower(
    _ weather: Weather, _ inputs: ForecastInputs, _ diagnostics: inout [Diagnostic]
  ) -> (QuantileForecast<Watts>, [PVCourse]) {
    if inputs.weather == nil, let history = inputs.pvHistory {
      diagnostics.append(
        Diagnostic(
          .note, subject: "pv", message: "no weather forecast; the last fifteen days stand in"))
      let forecast = PVClimatology(history: history, issuedAt: inputs.issuedAt).forecast(
        issuedAt: inputs.issuedAt, grid: inputs.grid)
      return (forecast, [])
    }
    guard let plant else {
      let none = QuantileForecast(
        issuedAt: inputs.issuedAt, grid: inputs.grid,
        certain: Array(repeating: Watts.zero, count: inputs.grid.count))
      return (none, [])
    }
    if let ready = inputs.modelled?.pv { return (ready, inputs.modelled?.pvCourses ?? []) }
    if inputs.weather != nil,
      let modelled = modelledPV(
        weather, inputs, calendar: home.site.calendar, &diagnostics)
    {
      return modelled
    }
    let (forecast, remarks) = PhysicalPVForecast(plant: plant).forecast(
      weather: weather, issuedAt: inputs.issuedAt)
    diagnostics += remarks
    return (forecast, [])
  }
}
