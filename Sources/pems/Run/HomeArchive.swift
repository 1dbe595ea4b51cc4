// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import History
import Household
import Physics
import Quality
import TimeSeries

extension SignalName {
  /// What physics expected of a day at noon of the day before.
  static let pvForecast = SignalName("pv_forecast_w")
  /// What the plant was held back to; measured only while it is.
  static let pvLimit = SignalName("pv_limit_w")
}

extension Home {
  /// What is planned and therefore no base load.
  var controllableSignals: [SignalName] {
    rooms.map { SignalName.roomHeat($0.name) }
      + chargePoints.map { SignalName.chargePointPower($0.name) }
      + appliances.map { SignalName.appliancePower($0.name) }
  }
}

/// What a running home has to learn from, hour by hour.
struct HomeArchive: Sendable {
  private let home: Home
  private let plant: PVPlant?
  private var archive: HourlyArchive
  private var measuredPhysics: MeasuredPhysics?

  /// - Parameter days: how far back it reaches.
  init(home: Home, store path: String, days: Int) {
    self.home = home
    plant = home.inverter.flatMap { inverter in
      home.pvArrays.isEmpty
        ? nil
        : PVPlant(location: home.site.location, arrays: home.pvArrays, inverter: inverter)
    }
    measuredPhysics = plant.map(MeasuredPhysics.init)
    archive = HourlyArchive(
      path: path,
      signals: [
        .pvPower, .baseLoadPower, .loadPower, .globalHorizontalIrradiance, .outdoorTemperature,
        .spotPrice(currency: home.site.currency),
      ] + [SignalName.pvForecast, .pvLimit].compactMap { $0 } + home.controllableSignals
        + home.chargePoints.map { SignalName.chargePointPlugged($0.name) }, days: days)
  }

  /// Whether anything was read.
  var isRead: Bool { archive.isRead }

  /// Reads the hours that are over.
  mutating func read(until now: Date) throws {
    let known = archive.grid.end
    try archive.read(until: now)
    guard let sun: Series<WattsPerSquareMetre> = archive.series(.globalHorizontalIrradiance) else {
      return
    }
    measuredPhysics?.follow(sun, archive.series(.outdoorTemperature), known: known)
  }

  /// What there is to learn from.
  func past(at now: Date) -> LearningPast {
    let calendar = home.site.calendar
    let load = baseLoad.map { LoadHistory(load: $0, calendar: calendar) }
    guard let plant, let production, let expected = expectedProduction() else {
      return adding(to: LearningPast(end: now, plant: nil, load: load))
    }
    func history(_ physics: Series<Watts>) -> PVHistory {
      PVHistory(
        production: production, physics: physics, isCensored: heldBack, capacity: plant.peakPower,
        limit: min(plant.peakPower, plant.ratedPower), location: home.site.location,
        calendar: calendar)
    }
    return adding(
      to: LearningPast(
        end: now, plant: history(expected), load: load,
        plantInWeatherThatWas: productionInMeasuredWeather().map(history)))
  }

  /// What is known of prices, cars and appliances.
  private func adding(to past: LearningPast) -> LearningPast {
    var past = past
    past.price = prices.map { PriceHistory(prices: $0, calendar: home.site.calendar) }
    past.vehicles = vehicles
    past.appliances = appliances
    return past
  }

  private var appliances: AppliancePast? {
    let power = home.appliances.reduce(into: [String: Series<Watts>]()) { power, appliance in
      power[appliance.name] = archive.series(.appliancePower(appliance.name))
    }
    return power.isEmpty ? nil : AppliancePast(power, calendar: home.site.calendar)
  }

  /// Published day-ahead prices of the hours that are over, where the tariff follows them.
  private var prices: Series<PricePerKilowattHour>? {
    home.tariff.needsSpotPrice
      ? archive.series(.spotPrice(currency: home.site.currency)) : nil
  }

  /// What prices, cars and appliances did up to a plan; of prices what is published ahead too.
  func pastOfHabits(_ known: ForecastInputs) -> LearningPast {
    var past = LearningPast(end: known.issuedAt, plant: nil, load: nil)
    past.vehicles = vehicles
    past.appliances = appliances
    let prices = prices
    let hours = TimeGrid(
      covering: max(
        known.issuedAt.addingTimeInterval(-PriceForecaster.lookBack),
        min(prices?.grid.start ?? known.pastSpotPrice.grid.start, known.grid.start)
      )..<known.grid.end, stepSeconds: 3_600)
    let ahead = known.publishedSpotPrice.hourlyMeans(on: hours)
    let recent = known.pastSpotPrice.hourlyMeans(on: hours)
    let stored = prices?.hourlyMeans(on: hours)
    let all = Series<PricePerKilowattHour>(
      grid: hours,
      values: hours.indices.map { ahead[$0] ?? recent[$0] ?? stored?[$0] })
    past.price = PriceHistory(prices: all, calendar: home.site.calendar)
    return past
  }

  /// The stays at charge points that have one car only: at others nobody knows whose they are.
  private var vehicles: VehiclePast? {
    let cars = home.vehicles.reduce(
      into: [String: (over: [ChargingSession], underWay: ChargingSession?)]()
    ) { cars, vehicle in
      let point = vehicle.chargePoint
      guard home.vehicles.count(where: { $0.chargePoint == point }) == 1,
        let plugged: Series<Fraction> = archive.series(.chargePointPlugged(point)),
        let power: Series<Watts> = archive.series(.chargePointPower(point))
      else { return }
      cars[vehicle.name] = ChargingSession.stays(plugged: plugged, power: power)
    }
    return cars.isEmpty ? nil : VehiclePast(cars, calendar: home.site.calendar)
  }

  /// The hours in which the plant was held back, so that it could have given more; `nil` when it never was.
  private var heldBack: [Bool]? {
    let limits: Series<Watts>? = SignalName.pvLimit.flatMap { archive.series($0) }
    return limits?.values.map { $0 != nil }
  }

  /// The measured production.
  var production: Series<Watts>? { archive.series(.pvPower) }

  /// The measured base load; of a home that measures the whole only, what is left without what is
  /// switched.
  var baseLoad: Series<Watts>? {
    if let base: Series<Watts> = archive.series(.baseLoadPower) { return base }
    guard let whole: Series<Watts> = archive.series(.loadPower) else { return nil }
    return whole.subtracting(
      controllable: home.controllableSignals.compactMap { archive.series($0) })
  }

  /// What physics expected a day ahead; for hours before pems ran, of the weather that was measured.
  ///
  /// - Parameter first: nothing before is looked at.
  func expectedProduction(from first: Date = .distantPast) -> Series<Watts>? {
    let noted: Series<Watts>? = SignalName.pvForecast.flatMap { signal in
      archive.series(signal)?.slice(hours(from: first).range)
    }
    let measured = productionInMeasuredWeather(from: first)
    guard let noted, let measured else { return noted ?? measured }
    return Series(
      grid: noted.grid, values: noted.grid.indices.map { noted[$0] ?? measured[$0] })
  }

  /// What physics makes of the measured irradiance; `nil` where none is measured.
  private func productionInMeasuredWeather(from first: Date = .distantPast) -> Series<Watts>? {
    guard archive.isMeasured(.globalHorizontalIrradiance) else { return nil }
    return measuredPhysics?.power(on: hours(from: first))
  }

  /// The known hours that begin at an instant or after it.
  private func hours(from first: Date) -> TimeGrid {
    let grid = archive.grid
    let before = (first.timeIntervalSince(grid.start) / Double(grid.stepSeconds)).rounded(.up)
    return grid[min(grid.count, Int(max(0, before)))..<grid.count]
  }

  /// What physics expects of the next local day in a weather forecast, for the store.
  func expectation(
    of weather: Weather, at now: Date
  ) -> (signal: SignalName, samples: [Sample])? {
    guard let plant, let signal = SignalName.pvForecast else { return nil }
    let tomorrow = home.site.calendar.day(holding: now, offset: 1)
    let power = plant.power(in: weather).total.slice(tomorrow)
    let samples = power.grid.indices.compactMap { index in
      power[index].map { Sample(time: power.grid.date(at: index), value: $0.rawValue) }
    }
    // Steps whose weather was refused are missing; half a day says nothing of the whole.
    return 2 * samples.count > power.grid.count ? (signal, samples) : nil
  }
}
