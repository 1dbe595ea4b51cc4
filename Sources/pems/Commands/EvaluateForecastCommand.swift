// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import History
import Learning
import TimeSeries

/// `pems evaluate load`: base load as it would have been forecast, walking forward.
let evaluateLoadCommand = CommandLineCommand(
  "load", "Forecast load day by day with what was known, and write what came of it.",
  examples: [
    "pems evaluate load --data house.csv.gz --time-zone Europe/Prague --holidays CZ --out p.csv"
  ],
  options: EvaluationInput.options + [
    .value("target", "COLUMN", default: "load_power_w", "What is forecast, in W.")
  ],
  run: { input in
    let evaluation = try EvaluationInput(input)
    let load: Series<Watts> = try evaluation.hourly(try input.require("target"))
    let history = LoadHistory(load: load, calendar: evaluation.calendar)
    let start = try evaluation.firstScored(defaultDays: 60, on: load.grid)
    let forecasts = try LoadWalkForward(history).forecasts(from: start) { done, total in
      Terminal.showProgress("load", done: done, of: total)
    }
    return try evaluation.report(forecasts)
  })

/// `pems evaluate pv`: production as it would have been forecast, walking forward.
let evaluatePVCommand = CommandLineCommand(
  "pv", "Forecast PV production day by day with what was known, and write what came of it.",
  examples: [
    "pems evaluate pv --data plant.csv.gz --time-zone Europe/Prague --latitude 49.2 "
      + "--longitude 16.6 --forecast-column pv_forecast_w --score-from 2026-01-01 --out p.csv"
  ],
  options: EvaluationInput.options + PVEvaluationInput.options,
  run: { input in
    let evaluation = try EvaluationInput(input)
    let plant = try PVEvaluationInput(input, evaluation)
    let start = try evaluation.firstScored(
      defaultDays: 45, on: plant.history.hours.grid)
    let forecasts = try PVWalkForward(plant.history).forecasts(from: start) { done, total in
      Terminal.showProgress("pv", done: done, of: total)
    }
    return try evaluation.report(forecasts, capacity: plant.history.capacity)
  })
