// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import History
import Learning
import TimeSeries

/// `pems forecast`: the next 48 hours in quarter-hours, by the models in use.
let forecastCommand = CommandLineCommand(
  "forecast", "Forecast PV and load for 48 hours with the models in use, and how sure that is.",
  examples: [
    "pems forecast --config pems.yaml --store history.db --at 2026-01-12T06:00:00Z",
    "pems forecast --features",
  ],
  options: SignalSource.options + TrainingSource.options + [
    ModelFolder.option,
    .value("at", "ISO", "The instant of the issue; by default the end of the measurements."),
    .value("hours", "N", default: "48", "How far ahead."),
    .value("out", "FILE", "As CSV: target,issue_utc,time_utc,p10,p50,p90,mean."),
    .flag("features", "List the features of all targets and when each is known."),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    if input.flag("features") { return try showFeatures(asJSON: input.flag("json")) }
    let source = try TrainingSource(input)
    let request = try ForecastRequest(input, source)
    let (models, diagnostics) = try ModelFolder.shelf(input).trainedModels()
    for diagnostic in diagnostics { Terminal.printError("pems: \(diagnostic)") }
    let forecasts = try registering { try request.forecasts(models) }
    if let out = input.string("out") { try ForecastRequest.write(forecasts, to: out) }
    if input.flag("json") {
      try printJSON(forecasts.map(ForecastRequest.Printed.init))
    } else {
      print(forecasts.map { ForecastRequest.table($0, calendar: source.calendar) }.joined())
    }
    return ExitCode.done
  })

/// A forecast that is asked for on the command line.
struct ForecastRequest {
  typealias Named = (target: String, forecast: QuantileForecast<Watts>)

  /// A forecast for programs.
  struct Printed: Encodable {
    let target: String
    let issuedAt: Date
    let timeUtc: [Date]
    let p10: [Double]
    let p50: [Double]
    let p90: [Double]
    let mean: [Double]

    init(_ named: Named) {
      let forecast = named.forecast
      target = named.target
      issuedAt = forecast.issuedAt
      timeUtc = Array(forecast.grid.dates)
      (p10, p50) = (forecast.p10.map(\.rawValue), forecast.p50.map(\.rawValue))
      (p90, mean) = (forecast.p90.map(\.rawValue), forecast.mean.map(\.rawValue))
    }
  }

  private let source: TrainingSource
  private let grid: TimeGrid
  private let issuedAt: Date

  init(_ input: CommandLineInput, _ source: TrainingSource) throws {
    self.source = source
    issuedAt =
      try input.string("at").map { try SignalSource.instant($0, "at", source.calendar) }
      ?? source.end
    let count = try input.value("hours", as: Int.self) ?? 48
    guard (1...168).contains(count) else {
      throw CommandLineError.usage("--hours: \(count) is not in 1…168")
    }
    grid = TimeGrid(
      start: TimeGrid.floor(issuedAt, stepSeconds: 900), stepSeconds: 900, count: count * 4)
  }

  /// By the models, brought up to date with what was measured since; without one, by physics and
  /// climatology.
  func forecasts(_ models: TrainedModels) throws -> [Named] {
    var result: [Named] = []
    if source.targets.contains(.pv) {
      let history = try source.plantHistory().reaching(grid.end)
      let model = try (models.pv ?? PVForecaster()).advanced(history, until: issuedAt).forecaster
      result.append(("pv", try model.forecast(history, issuedAt: issuedAt, grid: grid)))
    }
    if source.targets.contains(.load) {
      let history = try source.loadHistory().reaching(grid.end)
      let model = try (models.load ?? LoadForecaster()).advanced(history, until: issuedAt)
        .forecaster
      result.append(("load", try model.forecast(history, issuedAt: issuedAt, grid: grid)))
    }
    return result
  }

  static func write(_ forecasts: [Named], to path: String) throws {
    do {
      let writer = try CSVWriter(
        path: path, header: ["target", "issue_utc", "time_utc", "p10", "p50", "p90", "mean"])
      for (target, forecast) in forecasts {
        for step in forecast.grid.indices {
          writer.append(target)
          writer.append(forecast.issuedAt)
          writer.append(forecast.grid.date(at: step))
          for values in [forecast.p10, forecast.p50, forecast.p90, forecast.mean] {
            writer.append((values[step].rawValue * 10).rounded() / 10)
          }
          try writer.endLine()
        }
      }
      try writer.finish()
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }

  /// Hour by hour, for a person.
  static func table(_ named: Named, calendar: SiteCalendar) -> String {
    let forecast = named.forecast
    var lines = ["\(named.target), W, issued \(forecast.issuedAt.formatted(.iso8601))"]
    lines.append("  local time            P10      P50      P90     mean")
    for step in stride(from: 0, to: forecast.grid.count, by: 4) {
      let time = calendar.wallTime(at: forecast.grid.date(at: step))
      let steps = step..<min(step + 4, forecast.grid.count)
      func mean(_ values: [Watts]) -> Double {
        steps.reduce(0) { $0 + values[$1].rawValue } / Double(steps.count)
      }
      lines.append(
        String(
          format: "  %@ %02d:%02d %8.0f %8.0f %8.0f %8.0f", "\(time.date)", time.minuteOfDay / 60,
          time.minuteOfDay % 60, mean(forecast.p10), mean(forecast.p50), mean(forecast.p90),
          mean(forecast.mean)))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

private func showFeatures(asJSON: Bool) throws -> Int32 {
  let rows = FeatureCatalogue.tables.flatMap { table in
    table.features.map { [table.target, $0.name, $0.unit, $0.knowledge.rawValue] }
  }
  let table = StudyTable(header: ["target", "feature", "unit", "known"], rows: rows)
  if !asJSON { print("\(rows.count) features") }
  return try table.show(asJSON: asJSON)
}
