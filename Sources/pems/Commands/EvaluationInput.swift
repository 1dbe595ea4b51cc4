// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import History
import Learning
import Reports
import TimeSeries

/// What every evaluation of forecasts is given: a table of measurements, a place, a first day.
struct EvaluationInput {
  static let options: [CommandLineOption] =
    SignalSource.options + [
      .value(
        "issue", "HOURS", default: "12",
        "The hours of the wall, as 6,12,18, at which the next day is forecast."),
      .value(
        "library", "NAME", default: "lightgbm", "What grows the trees: lightgbm or xgboost."),
      .value("score-from", "DATE", "The first local day that is scored."),
      .value("out", "FILE", "Where the forecasts go, as CSV (plain or .gz)."),
      .value("page", "FILE", "A page that shows how good the forecasts are (HTML, offline)."),
      .flag("json", "Print the scores as JSON."),
    ]

  let source: SignalSource
  var calendar: SiteCalendar { source.calendar }
  private let scoreFrom: String?
  private let out: String?
  private let page: String?
  let isJSON: Bool
  /// When forecasts are issued.
  let schedule: IssueSchedule
  /// What grows the trees.
  let library: BoostingLibrary

  init(_ input: CommandLineInput) throws {
    schedule = IssueSchedule(
      wallHours: try Self.hours(try input.require("issue")), targets: .nextDay)
    library = try BoostingLibrary(input)
    source = try SignalSource(input)
    scoreFrom = input.string("score-from")
    out = input.string("out")
    page = input.string("page")
    isJSON = input.flag("json")
  }

  private static func hours(_ text: String) throws(CommandLineError) -> [Int] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let hours = words.compactMap { Int($0) }.filter { (0...23).contains($0) }
    guard hours.count == words.count, Set(hours).count == hours.count else {
      throw .usage("--issue: '\(text)' is not a list of different hours 0…23 such as 6,12,18")
    }
    return hours.sorted()
  }

  /// The first instant that is scored.
  func firstScored(defaultDays: Int, on grid: TimeGrid) throws -> Date {
    guard let scoreFrom else {
      return calendar.day(holding: grid.start, offset: defaultDays).lowerBound
    }
    return try SignalSource.instant(scoreFrom, "score-from", calendar)
  }

  /// Writes the forecasts and prints their scores.
  func report(
    _ forecasts: [IssuedForecast], title: String, capacity: Double? = nil,
    references: [(name: String, forecasts: [IssuedForecast])] = [],
    importance: [FeatureImportance] = []
  ) throws -> Int32 {
    if let out { try write(forecasts, to: out) }
    let summary = EvaluationSummary(
      forecasts, capacity: capacity, calendar: calendar, references: references)
    guard let summary else {
      throw CommandFailure.failed(
        "no forecast could be scored: the measurements end before the first scored day")
    }
    if let page {
      let report = ForecastReport(
        title: title, calendar: calendar, forecasts: forecasts, references: references,
        importance: importance, capacity: capacity)
      try writeFile(try report.page.render(plotLibrary: InstalledFiles.plotLibrary()), to: page)
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

extension BoostingLibrary {
  /// The library that `--library` names.
  init(_ input: CommandLineInput) throws {
    let name = try input.require("library")
    guard let library = BoostingLibrary(rawValue: name) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: " nor ")
      throw CommandLineError.usage("--library: '\(name)' is neither \(known)")
    }
    self = library
  }
}
