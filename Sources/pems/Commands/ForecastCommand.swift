// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import History
import Household
import Learning
import TimeSeries

/// `pems forecast`: the next 48 hours in quarter-hours, by the models in use.
let forecastCommand = CommandLineCommand(
  "forecast",
  "Forecast PV, load, price, cars and appliances for 48 hours with the models in use, and how sure "
    + "that is.",
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
    let habits = try registering { try request.habits(models) }
    if let out = input.string("out") { try ForecastRequest.write(forecasts, to: out) }
    if input.flag("json") {
      try printJSON(
        ForecastRequest.All(
          forecasts: forecasts, vehicles: habits.vehicles, appliances: habits.appliances))
    } else {
      print(
        forecasts.map { ForecastRequest.table($0, calendar: source.calendar) }.joined()
          + habits.text(source.calendar), terminator: "")
    }
    return ExitCode.done
  })

/// A forecast that is asked for on the command line.
struct ForecastRequest {
  /// A forecast of any target, for programs.
  struct Named: Encodable {
    let target: String
    let unit: String
    let issuedAt: Date
    let timeUtc: [Date]
    let p10: [Double]
    let p50: [Double]
    let p90: [Double]
    let mean: [Double]

    init<Value: Quantity>(_ target: LearnedTarget, _ forecast: QuantileForecast<Value>) {
      self.target = target.rawValue
      unit = Value.unit
      issuedAt = forecast.issuedAt
      timeUtc = Array(forecast.grid.dates)
      (p10, p50) = (forecast.p10.map(\.rawValue), forecast.p50.map(\.rawValue))
      (p90, mean) = (forecast.p90.map(\.rawValue), forecast.mean.map(\.rawValue))
    }
  }

  /// What cars and appliances are expected to do.
  struct Habits {
    var vehicles: [String: VehicleOutlook] = [:]
    var appliances: [String: [ApplianceNeed]] = [:]
  }

  /// Everything, for programs: a list of forecasts, and after it what has no steps.
  struct All: Encodable {
    let forecasts: [Named]
    let vehicles: [String: VehicleOutlook]
    let appliances: [String: [ApplianceNeed]]

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      for forecast in forecasts { try list.encode(forecast) }
      if !vehicles.isEmpty { try list.encode(["vehicles": vehicles]) }
      if !appliances.isEmpty { try list.encode(["appliances": appliances]) }
    }
  }

  /// Beyond a week nothing of the last days is left in a forecast.
  private static let oldDays = 7.0

  private let source: TrainingSource
  private let grid: TimeGrid
  private let issuedAt: Date

  init(_ input: CommandLineInput, _ source: TrainingSource) throws {
    self.source = source
    issuedAt =
      try input.string("at").map { try SignalSource.instant($0, "at", source.calendar) }
      ?? source.end
    let count = try input.number("hours", in: 1...168) ?? 48
    guard issuedAt > source.measured.lowerBound else {
      throw CommandLineError.usage(
        "--at lies before the first measurement, "
          + source.measured.lowerBound.formatted(.iso8601))
    }
    let age = issuedAt.timeIntervalSince(source.measured.upperBound) / 86_400
    if age > Self.oldDays {
      Terminal.printError(
        "pems: the measurements end \(Int(age)) days before the forecast is issued; it says little")
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
      result.append(Named(.pv, try model.forecast(history, issuedAt: issuedAt, grid: grid)))
    }
    if source.targets.contains(.load) {
      let history = try source.loadHistory().reaching(grid.end)
      let model = try (models.load ?? LoadForecaster()).advanced(history, until: issuedAt)
        .forecaster
      result.append(Named(.load, try model.forecast(history, issuedAt: issuedAt, grid: grid)))
    }
    if source.targets.contains(.price) {
      let history = try source.priceHistory().known(before: issuedAt).reaching(grid.end)
      let model = try (models.price ?? PriceForecaster()).advanced(history, until: issuedAt)
        .forecaster
      if let price = try model.forecast(history, issuedAt: issuedAt, grid: grid) {
        result.append(Named(.price, price))
      }
    }
    return result
  }

  /// What has no steps: stays of cars and needs of appliances.
  func habits(_ models: TrainedModels) throws -> Habits {
    var habits = Habits()
    let days = grid.count / 96
    let wanted = source.targets.filter { $0 == .vehicles || $0 == .appliances }
    let past = try source.past(of: wanted)
    if let model = models.vehicles, let vehicles = past.vehicles {
      habits.vehicles = model.outlooks(vehicles, at: issuedAt, connected: [:], days: days)
    }
    if let model = models.appliances, let appliances = past.appliances, let home = source.home {
      habits.appliances = model.needs(
        of: home.appliances, appliances, at: issuedAt, days: days)
    }
    return habits
  }

  static func write(_ forecasts: [Named], to path: String) throws {
    do {
      let writer = try CSVWriter(
        path: path, header: ["target", "issue_utc", "time_utc", "p10", "p50", "p90", "mean"])
      for forecast in forecasts {
        let digits = forecast.unit == Watts.unit ? 10.0 : 100_000
        for step in forecast.timeUtc.indices {
          writer.append(forecast.target)
          writer.append(forecast.issuedAt)
          writer.append(forecast.timeUtc[step])
          for values in [forecast.p10, forecast.p50, forecast.p90, forecast.mean] {
            writer.append((values[step] * digits).rounded() / digits)
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
  static func table(_ forecast: Named, calendar: SiteCalendar) -> String {
    let isPower = forecast.unit == Watts.unit
    var lines = [
      "\(forecast.target), \(isPower ? "W" : "money/kWh"), issued "
        + forecast.issuedAt.formatted(.iso8601)
    ]
    lines.append("  local time            P10      P50      P90     mean")
    let format = isPower ? "%8.0f" : "%8.4f"
    for step in stride(from: 0, to: forecast.timeUtc.count, by: 4) {
      let time = calendar.wallTime(at: forecast.timeUtc[step])
      let steps = step..<min(step + 4, forecast.timeUtc.count)
      let numbers = [forecast.p10, forecast.p50, forecast.p90, forecast.mean].map { values in
        String(format: format, steps.reduce(0) { $0 + values[$1] } / Double(steps.count))
      }
      lines.append(
        String(
          format: "  %@ %02d:%02d ", "\(time.date)", time.minuteOfDay / 60, time.minuteOfDay % 60)
          + numbers.joined(separator: " "))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ForecastRequest.Habits {
  /// Stays and needs, for a person.
  func text(_ calendar: SiteCalendar) -> String {
    func clock(_ date: Date) -> String {
      let time = calendar.wallTime(at: date)
      return String(
        format: "%@ %02d:%02d", "\(time.date)", time.minuteOfDay / 60, time.minuteOfDay % 60)
    }
    let stays = vehicles.sorted { $0.key < $1.key }.flatMap { name, outlook in
      ["\(name), learned from \(outlook.learnedFrom) stays"]
        + outlook.stays.map { stay in
          String(
            format: "  %3.0f %%  comes %@, leaves %@ (ready by %@), %.1f kWh (%.1f…%.1f)",
            stay.probability.percent, clock(stay.arrival.p50), clock(stay.departure.p50),
            clock(stay.readyBy), stay.energy.p50.rawValue, stay.energy.p10.rawValue,
            stay.energy.p90.rawValue)
        }
    }
    let needs = appliances.sorted { $0.key < $1.key }.flatMap { name, needs in
      ["\(name)"]
        + needs.map { need in
          String(
            format: "  until %@ %.1f kWh (%.1f…%.1f), %.1f taken", clock(need.window.upperBound),
            need.p50.rawValue, need.p10.rawValue, need.p90.rawValue, need.taken.rawValue)
        }
    }
    return (stays + needs).map { $0 + "\n" }.joined()
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
