// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Forecasting
import Foundation
import History
import Household
import Quality
import Simulation
import TimeSeries

/// What a real home knows: the readings and prices of its store, and the forecasts that were fetched.
struct StoredOutlook: Outlook {
  /// So much of the forecast log is read: days of several services.
  private static let logTailBytes = 8 << 20
  private static let stepSeconds = 900
  private static let pastPriceDays = 14.0
  private static let climateDays = 21.0

  private let home: Home
  private let spotPrices: Series<PricePerKilowattHour>
  private let baseLoad: Series<Watts>
  private let pv: Series<Watts>?
  private let blend: WeatherBlend
  private let irradiance: Series<WattsPerSquareMetre>?
  private let temperature: Series<Celsius>?
  private let pvServices: [FeedSettings.PVService]
  private let pvLog: URL
  private let ensembles: LoggedEnsembles

  /// What was known at an instant, for a plan on a grid from then on.
  ///
  /// - Throws: when the store cannot be read.
  init(
    configuration: HomeConfiguration, store path: String, at now: Date, until end: Date
  ) throws {
    home = configuration.home
    let history = try SQLiteHistory(file: path, access: .reading)
    func series<Value: Quantity>(_ signal: SignalName, days: Double) throws -> Series<Value>? {
      try Self.series(
        signal, history, now.addingTimeInterval(-days * 86_400)..<now, Resampling.mean)
    }
    let currency = configuration.home.site.currency
    let priceRange = now.addingTimeInterval(-Self.pastPriceDays * 86_400)..<end
    spotPrices =
      try Self.prices(.spotPrice(currency: currency), history, priceRange)
    baseLoad = try Self.baseLoad(of: home, history, before: now)
    pv = try series(.pvPower, days: Self.climateDays)
    irradiance = try series(.globalHorizontalIrradiance, days: Self.climateDays)
    temperature = try series(.outdoorTemperature, days: Self.climateDays)
    (pvServices, pvLog) = (configuration.feeds.pv, FeedFiles(store: path).pv)
    ensembles = LoggedEnsembles(configuration, store: path)
    let log = try? FeedFiles(store: path).weather.read(tail: Self.logTailBytes)
    let weights = Dictionary(
      configuration.feeds.weather.map { ($0.name, $0.weight) }, uniquingKeysWith: { $1 })
    blend = WeatherBlend(
      (log?.newest(issuedBefore: now) ?? []).map { .init($0, weight: weights[$0.source] ?? 1) })
  }

  /// What is known for the steps of a grid.
  func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    known(
      at: time, on: grid, snapshot: snapshot, weather: weather(at: time, on: grid),
      ensemble: ensemble(at: time, on: grid))
  }

  /// What is known, with weather and an ensemble that were looked up before.
  func known(
    at time: Date, on grid: TimeGrid, snapshot: Snapshot, weather: WeatherLadder.Answer?,
    ensemble: LoggedEnsembles.Answer
  ) -> ForecastInputs {
    var inputs = ForecastInputs(
      issuedAt: time, grid: grid, weather: weather?.weather,
      outdoorTemperature: snapshot.outdoorTemperature?.value,
      publishedSpotPrice: spotPrices.slice(grid.range),
      pastSpotPrice: spotPrices.slice(spotPrices.grid.start..<grid.start),
      baseLoadHistory: baseLoad, pvHistory: pv,
      vehicles: snapshot.vehicles.mapValues(\.value))
    let services = LoggedPVForecast.newest(
      pvServices, of: home, log: pvLog, at: time, on: grid)
    if !services.isEmpty { inputs.servicePV = services }
    if case .known(let ensemble) = ensemble { inputs.ensemble = ensemble }
    return inputs
  }

  /// The best weather there is and where it came from.
  func weather(at time: Date, on grid: TimeGrid) -> WeatherLadder.Answer? {
    WeatherLadder(
      run: blend, measuredIrradiance: irradiance, measuredTemperature: temperature
    ).answer(at: time, on: grid)
  }

  /// The weather ensemble that a plan may count on.
  func ensemble(at time: Date, on grid: TimeGrid) -> LoggedEnsembles.Answer {
    ensembles.answer(at: time, on: grid)
  }

  /// The newest readings of the store, as a snapshot; old ones are there with their time.
  static func snapshot(of home: Home, store path: String, at now: Date) throws -> Snapshot {
    let history = try SQLiteHistory(file: path, access: .reading)
    func newest<Value: Quantity>(_ signal: SignalName) throws -> Reading<Value>? {
      let past = now.addingTimeInterval(-86_400)..<now.addingTimeInterval(1)
      return try history.samples(of: signal, in: past).last.map {
        Reading(Value(rawValue: $0.value), at: $0.time)
      }
    }
    var snapshot = Snapshot(time: now)
    snapshot.gridPower = try newest(.gridPower)
    snapshot.pvPower = try newest(.pvPower)
    snapshot.batteryPower = try newest(.batteryPower)
    snapshot.outdoorTemperature = try newest(.outdoorTemperature)
    if let charge: Reading<Fraction> = try newest(.batteryStateOfCharge) {
      snapshot.batteryStateOfCharge = Reading(.percent(charge.value.rawValue), at: charge.time)
    }
    for room in home.rooms {
      snapshot.roomTemperatures[room.name] = try newest(.roomTemperature(room.name))
    }
    return snapshot
  }

  /// Prices hold until the next one, at most as long as they are apart.
  private static func prices(
    _ signal: SignalName, _ history: SQLiteHistory, _ range: Range<Date>
  ) throws -> Series<PricePerKilowattHour> {
    let grid = TimeGrid(covering: range, stepSeconds: stepSeconds)
    let samples = try history.samples(of: signal, in: grid.start..<grid.end)
    let distances = zip(samples, samples.dropFirst()).map { $1.time.timeIntervalSince($0.time) }
    let holds = min(3_600, distances.last ?? Double(stepSeconds))
    let values = Resampling.hold(maximumAge: holds).apply(samples, to: grid)
    return Series(grid: grid, values: values.map { $0.map { .init($0) } })
  }

  private static func series<Value: Quantity>(
    _ signal: SignalName, _ history: SQLiteHistory, _ range: Range<Date>, _ rule: Resampling
  ) throws -> Series<Value>? {
    let grid = TimeGrid(covering: range, stepSeconds: stepSeconds)
    let samples = try history.samples(of: signal, in: grid.start..<grid.end)
    guard !samples.isEmpty else { return nil }
    let values = rule.apply(samples, to: grid)
    return Series(grid: grid, values: values.map { $0.map { Value(rawValue: $0) } })
  }

  /// Consumption without heaters and cars, as far as they are measured.
  private static func baseLoad(
    of home: Home, _ history: SQLiteHistory, before now: Date
  ) throws -> Series<Watts> {
    let range = now.addingTimeInterval(-LoadClimatology.window.seconds)..<now
    func watts(_ signal: SignalName) throws -> Series<Watts>? {
      try series(signal, history, range, .hold(maximumAge: 3_600))
    }
    let empty = Series<Watts>(
      grid: TimeGrid(covering: range, stepSeconds: stepSeconds), constant: nil)
    if let base = try watts(.baseLoadPower) { return base }
    guard let whole = try watts(.loadPower) else { return empty }
    return whole.subtracting(
      controllable: try home.controllableSignals.compactMap { try watts($0) })
  }
}
