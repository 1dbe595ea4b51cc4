// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
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
    let folder = ModelFolder(path: try input.require("models"))
    let count = try input.value("keep", as: Int.self) ?? 5
    var trained: [ModelMetadata] = []
    for target in source.targets {
      let work = try registering { try source.train(target, searching: input.flag("search")) }
      trained.append(
        try registering {
          try folder.save(
            target, report: work.report, files: work.files, parameters: work.parameters,
            at: source.end, promoting: input.flag("promote"), keeping: count)
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
      .value("only", "TARGET", "Only pv or only load; by default what there is a column for."),
      .value("pv-column", "COLUMN", default: "pv_power_w", "The measured production."),
      .value(
        "load-column", "COLUMN",
        "The measured base load; by default base_load_power_w, load_power_w."),
      .value("until", "DATE", "Learn from what lies before; by default everything."),
    ] + PVEvaluationInput.placeOptions

  /// A model on its way to the registry.
  struct Trained {
    let report: ForecasterReport
    let files: [String: Data]
    let parameters: [String: String]
  }

  let targets: [String]
  let end: Date
  private let signals: SignalSource
  private let input: CommandLineInput
  private let loadColumn: String

  init(_ input: CommandLineInput) throws {
    self.input = input
    signals = try SignalSource(input)
    loadColumn =
      input.string("load-column")
      ?? (signals.has("base_load_power_w") ? "base_load_power_w" : "load_power_w")
    if let until = input.string("until") {
      end = try SignalSource.instant(until, "until", signals.calendar)
    } else {
      end = signals.grid.end
    }
    let pvColumn = try input.require("pv-column")
    let there = [
      (signals.has(pvColumn), "pv"), (signals.has(loadColumn), "load"),
    ].filter(\.0).map(\.1)
    if let only = input.string("only") {
      guard ModelFolder.targets.contains(only) else {
        throw CommandLineError.usage("--only: '\(only)' is neither pv nor load")
      }
      targets = [only]
    } else {
      targets = there
    }
    guard !targets.isEmpty else {
      throw CommandFailure.failed(
        "there is neither a column pv_power_w nor load_power_w; name them with --pv-column and "
          + "--load-column")
    }
  }

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

  /// Trains one target.
  func train(_ target: String, searching: Bool) throws -> Trained {
    let progress = { (done: Int, total: Int) in
      Terminal.showProgress(target, done: done, of: total)
    }
    if target == "pv" {
      let (history, boosting) = (try plantHistory(), PVBoosting())
      let (forecaster, report) = try PVForecaster.train(
        history, until: end, boosting: boosting, progress: progress)
      return Trained(
        report: report, files: try forecaster.files(),
        parameters: ["residual": boosting.residual.text, "direct": boosting.direct.text])
    }
    let history = try loadHistory()
    var boosting = BoostingSettings()
    if searching {
      boosting = LoadForecaster.searchSettings(history, until: end) { done, total in
        Terminal.showProgress("search", done: done, of: total)
      }
    }
    let (forecaster, report) = try LoadForecaster.train(
      history, until: end, boosting: boosting, progress: progress)
    return Trained(
      report: report, files: try forecaster.files(), parameters: ["boosting": boosting.text])
  }
}

extension BoostingSettings {
  /// The settings for a person.
  fileprivate var text: String {
    "\(library.rawValue), \(rounds) trees, \(leaves) leaves, \(minimumRowsPerLeaf) rows a leaf, "
      + String(format: "rate %.3f, ridge %.2f", learningRate, ridge)
  }
}

/// Models as people read them.
enum ModelText {
  static func line(_ model: ModelMetadata) -> String {
    let scores = ["pinball", "reference_pinball", "coverage"].compactMap { name in
      model.metrics[name].map { "\(name) " + String(format: "%.4g", $0) }
    }
    return "\(model.target) \(model.version)  \(model.state.rawValue)  "
      + "\(model.rowCount) rows until \(model.trainedOn.upperBound.formatted(.iso8601))  "
      + scores.joined(separator: ", ")
  }
}
