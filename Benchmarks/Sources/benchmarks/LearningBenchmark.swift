// SPDX-License-Identifier: MIT
import Configuration
import Forecasting
import Foundation
import Household
import Learning
import Simulation
import TimeSeries

/// Two simulated years of the reference house: how long training takes, a forecast of everything for
/// 48 hours, and how much memory both need.
enum LearningBenchmark {
  private static let seed: UInt64 = 1
  private static let days = 730.0

  static func run() throws {
    let home = try HomeConfiguration(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Examples/reference-house/pems.yaml").standardized.path,
      environment: ["INFLUX_TOKEN": "none"]
    ).home
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
    let learning = LearningPast(
      end: end,
      plant: PVHistory(
        production: production, physics: expected, capacity: capacity,
        limit: min(capacity, limit.ratedPower), location: home.site.location,
        calendar: home.site.calendar),
      load: LoadHistory(load: past.load, calendar: home.site.calendar))
    Stopwatch.forgetPeakMemory()
    let models = try train(learning)
    let simulated = SimulatedOutlook(home: twin, period: end..<end.addingTimeInterval(3 * 86_400))
    let grid = TimeGrid(start: end, stepSeconds: 900, count: 192)
    let known = simulated.known(at: end, on: grid, snapshot: Snapshot(time: end))
    let inputs = ForecastInputs(
      issuedAt: end, grid: grid, weather: known.weather, outdoorTemperature: nil,
      publishedSpotPrice: known.publishedSpotPrice, pastSpotPrice: known.pastSpotPrice,
      baseLoadHistory: past.load, pvHistory: production, pvExpectedHistory: expected,
      vehicles: [:])
    let forecaster = HomeForecaster(home: home, models: models)
    var noon = 0.0
    let timing = Timing(runs: 20) {
      noon = (try? forecaster.forecast(inputs))?.pvPower.p50[48].rawValue ?? .nan
    }
    print(
      String(
        format: "48 h of PV, load, price and cars: median %.1f ms, fastest %.1f ms (noon %.0f W)",
        timing.median, timing.fastest, noon))
    print(String(format: "most memory: %.0f MB", Stopwatch.peakMegabytes))
  }

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
      switch target {
      case .pv: models.pv = try model.map { try PVForecaster(files: $0.files) }
      case .load: models.load = try model.map { try LoadForecaster(files: $0.files) }
      }
    }
    return models
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
