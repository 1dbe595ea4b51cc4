// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Learning
import TimeSeries

/// `pems evaluate load`: base load as it would have been forecast, walking forward.
let evaluateLoadCommand = CommandLineCommand(
  "load", "Forecast load day by day with what was known; studies: cold-start.",
  examples: [
    "pems evaluate load --data house.csv.gz --time-zone Europe/Prague --holidays CZ --out p.csv",
    "pems evaluate load --data house.csv.gz --time-zone Europe/Prague --study cold-start",
  ],
  options: EvaluationInput.options + [
    .value("target", "COLUMN", default: "load_power_w", "What is forecast, in W."),
    .value("study", "NAME", "Print a study in place of one evaluation: cold-start."),
    .flag(
      "search",
      "Let a random search on the days before the first scored one choose the trees' settings."),
    .flag("separate", "Grow trees of working days and of days off apart, for comparison."),
  ],
  run: { input in
    let evaluation = try EvaluationInput(input)
    let load: Series<Watts> = try evaluation.source.hourly(try input.require("target"))
    let history = LoadHistory(load: load, calendar: evaluation.calendar)
    if let study = input.string("study") {
      guard study == "cold-start" else { throw unknownStudy(study, known: ["cold-start"]) }
      let rows = try ColdStartStudy().rows(history) { done, total in
        Terminal.showProgress("cold start", done: done, of: total)
      }
      return try StudyTable.coldStart(
        rows, error: "nMAE", reference: "yesterday",
        unit: load.values.compactMap { $0?.rawValue }.average
      ).show(asJSON: evaluation.isJSON)
    }
    let start = try evaluation.firstScored(defaultDays: 60, on: load.grid)
    var settings = LoadWalkForward.Settings()
    settings.schedule = evaluation.schedule
    settings.boosting.library = evaluation.library
    settings.separatesClasses = input.flag("separate")
    if input.flag("search") {
      // The scored days have no say in the settings they are forecast with.
      settings.boosting = LoadForecaster.searchSettings(
        history, until: start, from: settings.boosting
      ) { done, total in Terminal.showProgress("search", done: done, of: total) }
      Terminal.printError("found: \(settings.boosting.text)")
    }
    let walk = LoadWalkForward(history, settings: settings)
    let forecasts = try walk.forecasts(from: start) { done, total in
      Terminal.showProgress("load", done: done, of: total)
    }
    return try evaluation.report(
      forecasts, title: "Load", references: walk.references(from: start),
      importance: input.string("page") == nil
        ? [] : try LoadForecaster.train(history, until: load.grid.end).report.importance)
  })

/// `pems evaluate pv`: production as it would have been forecast, walking forward.
let evaluatePVCommand = CommandLineCommand(
  "pv",
  "Forecast PV production day by day with what was known; studies: cold-start, curtailment, drift.",
  examples: [
    "pems evaluate pv --data plant.csv.gz --time-zone Europe/Prague --latitude 49.2 "
      + "--longitude 16.6 --forecast-column pv_forecast_w --score-from 2026-01-01 --out p.csv",
    "pems evaluate pv --data plant.csv.gz --time-zone Europe/Prague --latitude 49.2 "
      + "--longitude 16.6 --forecast-column pv_forecast_w --study drift",
  ],
  options: EvaluationInput.options + PVEvaluationInput.options + [
    .value(
      "study", "NAME",
      "Print a study in place of one evaluation: cold-start, curtailment or drift.")
  ],
  run: { input in
    let evaluation = try EvaluationInput(input)
    let start = try evaluation.firstScored(defaultDays: 45, on: evaluation.source.grid)
    let history = try PVEvaluationInput(
      input, evaluation.source, target: try input.require("target"), calibratingUntil: start
    ).history
    if let study = input.string("study") {
      return try plantStudy(study, history, split: start).show(asJSON: evaluation.isJSON)
    }
    var settings = PVWalkForward.Settings()
    settings.schedule = evaluation.schedule
    settings.boosting.residual.library = evaluation.library
    settings.boosting.direct.library = evaluation.library
    let walk = PVWalkForward(history, settings: settings)
    let forecasts = try walk.forecasts(from: start) { done, total in
      Terminal.showProgress("pv", done: done, of: total)
    }
    return try evaluation.report(
      forecasts, title: "PV production", capacity: history.capacity,
      references: walk.references(from: start),
      importance: input.string("page") == nil
        ? []
        : try PVForecaster.train(history, until: history.hours.grid.end).report.importance)
  })

private func plantStudy(_ name: String, _ history: PVHistory, split: Date) throws -> StudyTable {
  let progress = { (done: Int, total: Int) in
    Terminal.showProgress(name, done: done, of: total)
  }
  switch name {
  case "cold-start":
    return StudyTable.coldStart(
      try ColdStartStudy().rows(history, progress: progress), error: "nRMSE",
      reference: "physics × bias", unit: history.capacity)
  case "curtailment":
    return StudyTable.curtailment(
      try CurtailmentStudy().rows(history, split: split, progress: progress))
  case "drift": return StudyTable.drift(DriftStudy().rows(history))
  default: throw unknownStudy(name, known: ["cold-start", "curtailment", "drift"])
  }
}

private func unknownStudy(_ name: String, known: [String]) -> CommandLineError {
  .usage("--study: '\(name)' is not one of \(known.joined(separator: ", "))")
}

extension [Double] {
  /// The mean, 1 for nothing.
  fileprivate var average: Double { isEmpty ? 1 : reduce(0, +) / Double(count) }
}
