// SPDX-License-Identifier: MIT
import Configuration
import Forecasting
import Foundation
import Household
import Learning
import Simulation
import TimeSeries

/// Two simulated years of the reference house with a car and a water heater: how long training of all
/// models takes, a forecast of everything for 48 hours, and how much memory both need.
enum LearningBenchmark {
  private static let seed: UInt64 = 1
  private static let days = 730.0

  static func run() throws {
    let home = try exampleWithBoiler()
    let end = Date(timeIntervalSince1970: 1_768_176_000)
    let start = end.addingTimeInterval(-days * 86_400)
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    let twin = try SimulatedHome(
      home: home, weather: weather,
      market: SimulatedDayAheadMarket(weather: weather, calendar: home.site.calendar, seed: seed),
      seed: seed, start: start)
    let past = hourly(twin, start..<end.addingTimeInterval(3 * 86_400))
    guard let production = past.production, let expected = past.expected, let limit = home.inverter
    else { return }
    let capacity = home.pvArrays.reduce(.zero) { $0 + $1.peakPower }
    var learning = LearningPast(
      end: end,
      plant: PVHistory(
        production: production, physics: expected, capacity: capacity,
        limit: min(capacity, limit.ratedPower), location: home.site.location,
        calendar: home.site.calendar),
      load: LoadHistory(load: past.load, calendar: home.site.calendar))
    let prices =
      twin.market.truePrices(
        on: TimeGrid(covering: start..<end.addingTimeInterval(86_400), stepSeconds: 900)
      ).coarsened(toStepSeconds: 3_600) ?? Series(grid: past.load.grid, constant: nil)
    learning.price = PriceHistory(prices: prices, calendar: home.site.calendar)
    learning.vehicles = stays(of: home, start..<end)
    learning.appliances = boiler(home, TimeGrid(covering: start..<end, stepSeconds: 3_600))
    Stopwatch.forgetPeakMemory()
    let begin = Stopwatch.wall()
    let models = try train(learning)
    print(String(format: "training of all: %.1f s", Stopwatch.wall() - begin))
    let simulated = SimulatedOutlook(home: twin, period: end..<end.addingTimeInterval(3 * 86_400))
    let grid = TimeGrid(start: end, stepSeconds: 900, count: 192)
    let known = simulated.known(at: end, on: grid, snapshot: Snapshot(time: end))
    // As a running home does: no more of the past than a forecast looks at.
    func recent(_ series: Series<Watts>, _ lookBack: TimeInterval) -> Series<Watts> {
      series.slice(end.addingTimeInterval(-lookBack)..<series.grid.end)
    }
    let inputs = ForecastInputs(
      issuedAt: end, grid: grid, weather: known.weather, outdoorTemperature: nil,
      publishedSpotPrice: known.publishedSpotPrice, pastSpotPrice: known.pastSpotPrice,
      baseLoadHistory: recent(past.load, LoadForecaster.lookBack),
      pvHistory: recent(production, PVForecaster.lookBack),
      pvExpectedHistory: recent(expected, PVForecaster.lookBack),
      vehicles: [:])
    let forecaster = HomeForecaster(home: home, models: models)
    var noon = 0.0
    let timing = Timing(runs: 20) {
      var (known, habits) = (inputs, learning)
      habits.price = PriceHistory(
        prices: prices.slice(end.addingTimeInterval(-PriceForecaster.lookBack)..<prices.grid.end),
        calendar: home.site.calendar)
      known.modelled = forecaster.modelled(inputs, past: habits)
      noon = (try? forecaster.forecast(known))?.pvPower.p50[48].rawValue ?? .nan
    }
    print(
      String(
        format:
          "48 h of PV, load, price, cars and appliances: median %.1f ms, fastest %.1f ms (noon %.0f W)",
        timing.median, timing.fastest, noon))
    print(String(format: "most memory: %.0f MB", Stopwatch.peakMegabytes))
  }

  /// The reference house with a water heater beside all it has.
  private static func exampleWithBoiler() throws -> Home {
    let home = try HomeConfiguration(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Examples/reference-house/pems.yaml").standardized.path,
      environment: ["INFLUX_TOKEN": "none"]
    ).home
    return Home(
      site: home.site, tariff: home.tariff, grid: home.grid, pvArrays: home.pvArrays,
      inverter: home.inverter, battery: home.battery, rooms: home.rooms,
      chargePoints: home.chargePoints, vehicles: home.vehicles,
      appliances: [
        Appliance(name: boilerName, power: Watts(2_000), readyByMinute: 360, running: .inParts)
      ], preferences: home.preferences, safety: home.safety)
  }

  private static let boilerName = "boiler"

  private static func train(_ past: LearningPast) throws -> TrainedModels {
    var models = TrainedModels()
    for target in past.targets {
      let (wall, processor) = (Stopwatch.wall(), Stopwatch.processor())
      let model = try ModelTraining().train(target, on: past)
      print(
        String(
          format: "training of %@: %.1f s, %.1f s of processor, %d rows", target.rawValue,
          Stopwatch.wall() - wall, Stopwatch.processor() - processor,
          model?.report.rowCount ?? 0))
      guard let files = model?.files else { continue }
      switch target {
      case .pv: models.pv = try PVForecaster(files: files)
      case .load: models.load = try LoadForecaster(files: files)
      case .price: models.price = try PriceForecaster(files: files)
      case .vehicles: models.vehicles = try VehicleForecaster(files: files)
      case .appliances: models.appliances = try ApplianceForecaster(files: files)
      }
    }
    return models
  }

  /// Every car of the home comes on working days at about six and takes about ten kilowatt-hours.
  private static func stays(of home: Home, _ period: Range<Date>) -> VehiclePast {
    var generator = SplitMix64(seed: seed)
    let calendar = home.site.calendar
    let cars = home.vehicles.map { vehicle in
      let stays = (0..<Int(days)).compactMap { offset -> ChargingSession? in
        let day = calendar.day(holding: period.lowerBound, offset: offset)
        guard !calendar.wallTime(at: day.lowerBound.addingTimeInterval(43_200)).isDayOff else {
          return nil
        }
        let arrival = day.lowerBound.addingTimeInterval(
          Double.random(in: 16.5...19.5, using: &generator) * 3_600)
        return ChargingSession(
          arrival: arrival,
          departure: arrival.addingTimeInterval(
            Double.random(in: 11...14, using: &generator) * 3_600),
          energy: KilowattHours(Double.random(in: 4...16, using: &generator)))
      }
      return (vehicle.name, (over: stays, underWay: ChargingSession?.none))
    }
    return VehiclePast(Dictionary(uniqueKeysWithValues: cars), calendar: calendar)
  }

  /// A water heater of 2 kW that runs in the morning and in the evening.
  private static func boiler(_ home: Home, _ grid: TimeGrid) -> AppliancePast {
    var generator = SplitMix64(seed: seed + 1)
    let power = grid.dates.map { date -> Watts in
      let hour = home.site.calendar.wallTime(at: date).minuteOfDay / 60
      return Watts(
        [5, 6, 20].contains(hour) ? Double.random(in: 500...2_000, using: &generator) : 0)
    }
    return AppliancePast(
      [boilerName: Series(grid: grid, values: power)], calendar: home.site.calendar)
  }

  private static func hourly(
    _ twin: SimulatedHome, _ period: Range<Date>
  ) -> (load: Series<Watts>, production: Series<Watts>?, expected: Series<Watts>?) {
    let past = SimulatedPast(home: twin, period: period)
    func hours(_ series: Series<Watts>?) -> Series<Watts>? {
      series.flatMap { $0.coarsened(toStepSeconds: 3_600) }
    }
    return (hours(past.load) ?? past.load, hours(past.pv), hours(past.pvExpected))
  }
}
