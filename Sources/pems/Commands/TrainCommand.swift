// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Household
import Learning
import TimeSeries

/// `pems train`: learns from measurements and saves what was learned as a new version.
let trainCommand = CommandLineCommand(
  "train", "Learn to forecast from measurements; saves new versions of the models.",
  examples: [
    "pems train --config pems.yaml --store history.db",
    "pems train --data house.csv.gz --time-zone Europe/Prague --latitude 49.2 --longitude 16.6 "
      + "--forecast-column pv_forecast_w",
    "pems train --config Examples/reference-house/pems.yaml --simulated 120 --until 2026-01-12",
  ],
  options: SignalSource.options + TrainingSource.options + [
    ModelFolder.option,
    .value("keep", "N", default: "5", "How many models that are not in use stay."),
    .flag("promote", "Put the new models into use at once, without a time in the shadow."),
    .flag("search", "Look for better settings first (random search on rolling folds, slow)."),
    .flag("json", "Print what was trained as JSON."),
  ],
  run: { input in
    let source = try TrainingSource(input)
    let shelf = try ModelFolder.shelf(input)
    let count = try input.number("keep", in: 0...1_000) ?? 5
    var trained: [ModelMetadata] = []
    for target in source.targets {
      let model = try registering { try source.train(target, searching: input.flag("search")) }
      guard let model else { continue }
      trained.append(
        try registering {
          try shelf.save(
            model, at: source.end, promoting: input.flag("promote"), keeping: count)
        })
    }
    if input.flag("json") {
      try printJSON(trained)
    } else {
      print(trained.map(ModelText.line).joined(separator: "\n"))
    }
    return ExitCode.done
  })

/// What is learned from: the columns that are there, up to an instant.
struct TrainingSource {
  static let options: [CommandLineOption] =
    [
      .value(
        "only", "TARGET",
        "Only pv, load, price, vehicles or appliances; by default what there is a column for."),
      .value("pv-column", "COLUMN", default: "pv_power_w", "The measured production."),
      .value(
        "load-column", "COLUMN",
        "The measured base load; by default base_load_power_w, load_power_w."),
      .value(
        "price-column", "COLUMN",
        "Published day-ahead prices; by default price_spot_eur_per_kwh, or of the home's currency."),
      .value(
        "library", "NAME", default: "lightgbm", "What grows the trees: lightgbm or xgboost."),
      .value("until", "DATE", "Learn from what lies before; by default everything."),
    ] + PVEvaluationInput.placeOptions

  let targets: [LearnedTarget]
  let end: Date
  private let signals: SignalSource
  private let input: CommandLineInput
  private let loadColumn: String
  private let priceColumn: String
  private let library: BoostingLibrary

  init(_ input: CommandLineInput) throws {
    self.input = input
    signals = try SignalSource(input)
    library = try BoostingLibrary(input)
    loadColumn =
      input.string("load-column")
      ?? (signals.has("base_load_power_w") ? "base_load_power_w" : "load_power_w")
    if let until = input.string("until") {
      end = try SignalSource.instant(until, "until", signals.calendar)
    } else {
      end = signals.grid.end
    }
    guard end > signals.grid.start else {
      throw CommandLineError.usage(
        "--until lies before the first measurement, \(signals.grid.start.formatted(.iso8601))")
    }
    priceColumn =
      input.string("price-column")
      ?? SignalName.spotPrice(currency: signals.home?.site.currency ?? "EUR").text
    targets = try Self.targets(input, signals, load: loadColumn, price: priceColumn)
    guard !targets.isEmpty else {
      throw CommandFailure.failed(
        "there is neither a column pv_power_w nor load_power_w nor \(priceColumn); name them with "
          + "--pv-column, --load-column and --price-column")
    }
  }

  private static func targets(
    _ input: CommandLineInput, _ signals: SignalSource, load: String, price: String
  ) throws -> [LearnedTarget] {
    if let only = input.string("only") {
      guard let target = LearnedTarget(rawValue: only) else {
        throw CommandLineError.usage(
          "--only: '\(only)' is none of "
            + LearnedTarget.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return [target]
    }
    let isThere: [(LearnedTarget, Bool)] = [
      (.pv, signals.has(try input.require("pv-column")) && knowsPlant(input, signals)),
      (.load, signals.has(load)), (.price, signals.has(price)), (.vehicles, signals.hasVehicles),
      (.appliances, signals.hasAppliances),
    ]
    return isThere.filter(\.1).map(\.0)
  }

  /// Whether it is known how the plant lies, or what it is expected to give.
  private static func knowsPlant(_ input: CommandLineInput, _ signals: SignalSource) -> Bool {
    signals.home.map { !$0.pvArrays.isEmpty } ?? true || signals.has("pv_forecast_w")
      || input.string("forecast-column") != nil || input.string("tilt") != nil
  }

  /// From the first measurement to the last.
  var measured: Range<Date> { signals.grid.range }

  /// The clock of the site.
  var calendar: SiteCalendar { signals.calendar }

  /// The plant's past.
  func plantHistory() throws -> PVHistory {
    try PVEvaluationInput(
      input, signals, target: try input.require("pv-column"), calibratingUntil: end
    ).history
  }

  /// The base load's past.
  func loadHistory() throws -> LoadHistory {
    LoadHistory(load: try signals.hourly(loadColumn), calendar: signals.calendar)
  }

  /// Published prices.
  func priceHistory() throws -> PriceHistory {
    PriceHistory(prices: try signals.hourly(priceColumn), calendar: signals.calendar)
  }

  /// The home, where a configuration is given.
  var home: Home? { signals.home }

  /// What there is to learn from, of some targets.
  func past(of targets: [LearnedTarget]) throws -> LearningPast {
    var past = LearningPast(
      end: end, plant: targets.contains(.pv) ? try plantHistory() : nil,
      load: targets.contains(.load) ? try loadHistory() : nil)
    if targets.contains(.price) { past.price = try priceHistory() }
    if targets.contains(.vehicles) { past.vehicles = try signals.vehicles() }
    if targets.contains(.appliances) { past.appliances = try signals.appliances() }
    return past
  }

  /// Trains one target.
  func train(_ target: LearnedTarget, searching: Bool) throws -> TrainedModel? {
    let past = try past(of: [target])
    var training = ModelTraining()
    training.use(library)
    if searching, target == .load, let history = past.load {
      training.load = LoadForecaster.searchSettings(
        history, until: end, from: training.load
      ) { done, total in Terminal.showProgress("search", done: done, of: total) }
    }
    return try training.train(target, on: past) { done, total in
      Terminal.showProgress(target.rawValue, done: done, of: total)
    }
  }
}

/// Models as people read them.
enum ModelText {
  /// The target somebody named.
  static func target(_ input: CommandLineInput) throws(CommandLineError) -> String {
    let name = try input.require("TARGET")
    let known = LearnedTarget.allCases.map(\.rawValue)
    guard known.contains(name) else {
      throw .usage("TARGET: '\(name)' is none of \(known.joined(separator: ", "))")
    }
    return name
  }

  static func line(_ model: ModelMetadata) -> String {
    let scores = ["pinball", "reference_pinball", "coverage"].compactMap { name in
      model.metrics[name].map { "\(name) " + String(format: "%.4g", $0) }
    }
    return "\(model.target) \(model.version)  \(model.state.rawValue)  "
      + "\(model.rowCount) rows until \(model.trainedOn.upperBound.formatted(.iso8601))  "
      + scores.joined(separator: ", ")
  }
}
