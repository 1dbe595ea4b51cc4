// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// What holds around the home for one quarter-hour, with the days it is read from.
struct SimulatedConditions: Sendable {
  /// Weather and what follows from it for one UTC day.
  struct DayAround: Sendable {
    let number: Int
    let weather: WeatherDay
    /// What the sun offers to the modules.
    let pv: SimulatedPlant.Offer
    /// What comes and goes in each room, standard normal, each room by quarter-hour.
    let disturbances: [[Double]]
    /// How the air about each room's sensor wanders, standard normal, at the ends of the
    /// quarter-hours: one more a room than there are quarter-hours.
    let wander: [[Double]]
    /// The sun in each plane of windows by quarter-hour, W/m².
    let onFacades: [[Double]]
    /// Day-ahead prices, EUR/MWh.
    let prices: [Double]
  }

  var around: DayAround?
  /// The local day the base load is of.
  private(set) var localDay = Date.distantPast..<Date.distantPast
  private(set) var baseLoadWatts: [Double] = []

  // Of the quarter-hour.
  var celsius = 0.0
  var irradiance = 0.0
  var wind = 0.0
  var pvWatts = 0.0
  var importPrice = 0.0
  var exportPrice = 0.0
  var lowerCelsius: [Double] = []
  var upperCelsius: [Double] = []
  var month = CivilDate(year: 1970, month: 1, day: 1)

  /// Takes the base load of a local day.
  mutating func moveLocalDay(to range: Range<Date>, watts: [Double]) {
    localDay = range
    baseLoadWatts = watts
  }

  /// The base load of the minute that begins at an instant of the local day.
  func baseLoad(at time: Date) -> Double {
    let minute = Int(time.timeIntervalSince(localDay.lowerBound) / 60)
    return baseLoadWatts.indices.contains(minute) ? baseLoadWatts[minute] : 0
  }
}

extension SimulatedHome {
  /// Brings the conditions to the quarter-hour that begins now.
  mutating func beginQuarterHour() {
    let number = SimulatedWeather.dayNumber(of: time)
    if conditions.around?.number != number { conditions.around = dayAround(number) }
    if !conditions.localDay.contains(time) {
      let range = home.site.calendar.day(holding: time)
      conditions.moveLocalDay(to: range, watts: baseLoad.minuteWatts(of: range))
    }
    guard let around = conditions.around else { return }
    let quarter = Int(time.timeIntervalSince1970 - Double(number) * 86_400) / 900
    conditions.celsius = around.weather.celsius[quarter]
    conditions.irradiance = around.weather.irradiance[quarter]
    conditions.wind = around.weather.wind[quarter]
    moduleSnow.advance(
      snowfallMillimetres: around.weather.snowfall[quarter],
      planeOfArray: around.pv.planeOfArray[quarter], celsius: conditions.celsius)
    conditions.pvWatts = around.pv.watts[quarter] * moduleSnow.powerShare
    let wall = home.site.calendar.wallTime(at: time)
    setPrices(spot: around.prices[quarter], wall: wall)
    let bands = home.rooms.map { $0.comfort.band(at: wall) }
    conditions.lowerCelsius = bands.map(\.lower.rawValue)
    conditions.upperCelsius = bands.map(\.upper.rawValue)
    let mean = home.preferences.yearlyBaseLoad.rawValue / 8.766
    building.setConditions(
      celsius: conditions.celsius, irradiance: conditions.irradiance,
      onFacades: around.onFacades.map { $0[quarter] }, wind: conditions.wind,
      solarHour: Double(quarter) / 4 + home.site.location.longitude.rawValue / 15,
      liveliness: mean > 0 ? conditions.baseLoad(at: time) / mean : 1,
      disturbances: around.disturbances.map { ($0[quarter] + $0[quarter + 1]) / 2 })
    sensors.begin(
      from: around.wander.map { $0[quarter] }, to: around.wander.map { $0[quarter + 1] },
      minute: time.timeIntervalSince1970.truncatingRemainder(dividingBy: 900) / 60)
    conditions.month = CivilDate(year: wall.date.year, month: wall.date.month, day: 1)
  }

  private mutating func setPrices(spot: Double, wall: SiteCalendar.WallTime) {
    let spot = PricePerKilowattHour(spot * market.currencyPerEuro / 1_000)
    conditions.importPrice = (home.tariff.importPrice(spot: spot, at: wall) ?? spot).rawValue
    conditions.exportPrice = (home.tariff.exportPrice(spot: spot) ?? .zero).rawValue
  }

  private func dayAround(_ number: Int) -> SimulatedConditions.DayAround {
    let day = weather.trueDay(number)
    let disturbances = home.rooms.map {
      roomNoise(.roomDisturbance, room: $0.name, day: number, memory: 1.5)
    }
    let wander = home.rooms.map {
      roomNoise(.roomWander, room: $0.name, day: number, memory: 2)
    }
    return SimulatedConditions.DayAround(
      number: number, weather: day, pv: plant.offer(of: day, dayNumber: number),
      disturbances: disturbances, wander: wander, onFacades: sunOnFacades(day, number),
      prices: market.eurosPerMegawattHour(ofDay: number))
  }

  /// The sun in each plane of windows; nothing to do where none is configured.
  private func sunOnFacades(_ day: WeatherDay, _ number: Int) -> [[Double]] {
    let facades = home.rooms.facades
    guard !facades.isEmpty else { return [] }
    let grid = TimeGrid(
      start: Date(timeIntervalSince1970: Double(number) * 86_400), stepSeconds: 900,
      count: SimulatedWeather.stepsADay)
    let level = Series(
      grid: grid,
      values: grid.indices.map { WattsPerSquareMetre(day.irradiance[$0]) as WattsPerSquareMetre? })
    return FacadeIrradiance.series(
      globalHorizontal: level, location: home.site.location, facades: facades
    ).map { series in series.values.map { $0?.rawValue ?? 0 } }
  }

  /// A sequence of a room at the ends of the quarter-hours of a UTC day, on straight lines between
  /// the hours.
  private func roomNoise(
    _ stream: SeededNoise.Stream, room: String, day: Int, memory: Double
  ) -> [Double] {
    let noise = SeededNoise(seed: seed, stream: stream, member: SeededNoise.number(of: room))
    let hours = noise.persistent(from: day * 24, count: 25, memory: memory)
    return (0...SimulatedWeather.stepsADay).map { step in
      let share = Double(step % 4) / 4
      return share == 0
        ? hours[step / 4] : hours[step / 4] * (1 - share) + hours[step / 4 + 1] * share
    }
  }
}
