// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import History
import Household
import Learning
import TimeSeries

/// What every evaluation of forecasts is given: a table of measurements, a place, a first day.
struct EvaluationInput {
  static let options: [CommandLineOption] = [
    .value("data", "FILE", "Measurements as series CSV, plain or gzip (docs/formats.md)."),
    .value("time-zone", "ZONE", "The clock of the site, for example Europe/Prague."),
    .value("holidays", "CC", default: "none", "The country of the public holidays."),
    .value("issue", "WHEN", default: "local-noon", "When forecasts are issued; only local-noon."),
    .value("score-from", "DATE", "The first local day that is scored."),
    .value("out", "FILE", "Where the forecasts go, as CSV (plain or .gz)."),
    .flag("json", "Print the scores as JSON."),
  ]

  let table: CSVTable
  let calendar: SiteCalendar
  private let scoreFrom: String?
  private let out: String?
  private let isJSON: Bool

  init(_ input: CommandLineInput) throws {
    let zone = try input.require("time-zone")
    guard let timeZone = TimeZone(identifier: zone) else {
      throw CommandLineError.usage("--time-zone: '\(zone)' is not a zone of the tz database")
    }
    let country = try input.require("holidays")
    guard let holidays = HolidayCalendar(rawValue: country) else {
      let known = HolidayCalendar.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandLineError.usage("--holidays: '\(country)' is not one of \(known)")
    }
    guard input.string("issue") == "local-noon" else {
      throw CommandLineError.usage("--issue: only local-noon is possible")
    }
    calendar = SiteCalendar(timeZone: timeZone, holidays: holidays)
    scoreFrom = input.string("score-from")
    out = input.string("out")
    isJSON = input.flag("json")
    do {
      table = try CSVTable(path: try input.require("data"))
    } catch let error as CSVError {
      throw CommandFailure.failed("\(error)")
    }
  }

  /// A column as means over the hours of the file.
  func hourly<Value: Quantity>(_ column: String) throws -> Series<Value> {
    let (times, numbers): ([Date], [Double?])
    do {
      (times, numbers) = (try table.instants("time_utc"), try table.numbers(column))
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    guard let first = times.min(), let last = times.max() else {
      throw CommandFailure.failed("\(table.file) has no rows")
    }
    let grid = TimeGrid(
      covering: first..<last.addingTimeInterval(1), stepSeconds: 3_600)
    let samples = zip(times, numbers).compactMap { time, number in
      number.map { Sample(time: time, value: $0) }
    }
    return Series(
      grid: grid, values: Resampling.mean.apply(samples, to: grid).map { $0.map { Value($0) } })
  }

  /// The first instant that is scored.
  func firstScored(defaultDays: Int, on grid: TimeGrid) throws -> Date {
    guard let scoreFrom else {
      return calendar.day(holding: grid.start, offset: defaultDays).lowerBound
    }
    let parts = scoreFrom.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3,
      let start = calendar.instant(
        on: CivilDate(year: parts[0], month: parts[1], day: parts[2]), minuteOfDay: 0)
    else { throw CommandLineError.usage("--score-from: '\(scoreFrom)' is not a date YYYY-MM-DD") }
    return start
  }

  /// Writes the forecasts and prints their scores.
  func report(_ forecasts: [IssuedForecast], capacity: Double? = nil) throws -> Int32 {
    if let out { try write(forecasts, to: out) }
    let summary = EvaluationSummary(forecasts, capacity: capacity, calendar: calendar)
    guard let summary else {
      throw CommandFailure.failed(
        "no forecast could be scored: the measurements end before the first scored day")
    }
    print(isJSON ? try summary.json : summary.text)
    return ExitCode.done
  }

  private func write(_ forecasts: [IssuedForecast], to path: String) throws {
    do {
      let writer = try CSVWriter(
        path: path, header: ["issue_utc", "target_utc", "y", "p10", "p50", "p90", "mean"])
      for forecast in forecasts {
        writer.append(forecast.issuedAt)
        writer.append(forecast.target)
        writer.append(forecast.actual)
        for value in [forecast.p10, forecast.p50, forecast.p90, forecast.mean] {
          writer.append((value * 1_000).rounded() / 1_000)
        }
        try writer.endLine()
      }
      try writer.finish()
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }
}
