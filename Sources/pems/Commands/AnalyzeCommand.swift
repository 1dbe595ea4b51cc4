// SPDX-License-Identifier: MIT
import Analysis
import CommandLineParsing
import Configuration
import Foundation
import History
import Household
import Physics
import TimeSeries

/// `pems analyze`.
let analyzeCommand = CommandLineCommand(
  "analyze", "Say what the history of a home shows, with the evidence.",
  commands: [
    analyzePVCommand,
    analyzeRoomsCommand,
  ])

/// `pems analyze pv`: how the plant really lies, when it was held back, what is wrong with it.
let analyzePVCommand = CommandLineCommand(
  "pv", "Find orientation, shading, curtailment, export rules and faults of the PV plant.",
  examples: [
    "pems analyze pv --config pems.yaml --store history.db",
    "pems analyze pv --config pems.yaml --store history.db --from 2025-04-01 --until 2025-10-01",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration with the plant."),
    .value(
      "store", "FILE",
      "A history with pv_power_w, ghi_w_m2 and temperature_outdoor_c; that of the configuration."),
    .value("from", "DATE", "The first local day; by default the first with production."),
    .value("until", "DATE", "The local day after the last."),
    .value("step", "MINUTES", default: "60", "The step of the analysis."),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    let file = try input.require("config")
    let configuration = try configuration(at: file)
    let home = configuration.home
    guard let inverter = home.inverter, !home.pvArrays.isEmpty else {
      throw CommandFailure.configuration(
        "\(file): pv is missing, or has no array behind its inverter")
    }
    let plant = PVPlant(
      location: home.site.location, arrays: home.pvArrays, inverter: inverter)
    let record = try PlantRecord(
      input, home: home, store: input.string("store") ?? configuration.history.storePath)
    let analysis = PlantAnalysis(record, of: plant)
    let account = PlantAccount(analysis, metadata: plant, grid: record.history.grid, home: home)
    print(input.flag("json") ? try account.json : account.text)
    return ExitCode.done
  })

extension PlantRecord {
  /// Reads from a store what bears on the plant.
  fileprivate init(_ input: CommandLineInput, home: Home, store path: String) throws {
    let minutes = try input.value("step", as: Int.self) ?? 60
    guard [5, 10, 15, 30, 60].contains(minutes) else {
      throw CommandLineError.usage("--step: \(minutes) is none of 5, 10, 15, 30, 60 minutes")
    }
    do {
      let store = try SQLiteHistory(file: path, access: .reading)
      guard let span = try store.span(of: .pvPower) else {
        throw CommandFailure.failed("\(path) has no \(SignalName.pvPower); import it first")
      }
      let calendar = home.site.calendar
      let start =
        try input.midnight("from", in: calendar)
        ?? calendar.day(holding: span.lowerBound).lowerBound
      let end =
        try input.midnight("until", in: calendar)
        ?? calendar.day(holding: span.upperBound).upperBound
      guard start < end else {
        let days = [start, end].map { "\(calendar.wallTime(at: $0).date)" }
        throw CommandLineError.usage(
          "nothing lies between \(days[0]) and \(days[1]); --from has to be before --until and before "
            + "the last measurement")
      }
      let grid = TimeGrid(covering: start..<end, stepSeconds: minutes * 60)
      self = try PlantRecord(store, grid: grid, home: home, path: path)
    } catch let error as HistoryError {
      throw CommandFailure.unreachable("\(error)")
    }
  }

  private init(_ store: SQLiteHistory, grid: TimeGrid, home: Home, path: String) throws {
    func series<Value: Quantity>(_ signal: SignalName, scale: Double = 1) throws -> Series<Value>? {
      let samples = try store.samples(of: signal, in: grid.start..<grid.end)
      guard !samples.isEmpty else { return nil }
      let values = Resampling.hold(maximumAge: 3_600).apply(samples, to: grid)
      return Series(grid: grid, values: values.map { $0.map { Value($0 * scale) } })
    }
    func needed<Value: Quantity>(_ signal: SignalName) throws -> Series<Value> {
      guard let found: Series<Value> = try series(signal) else {
        throw CommandFailure.failed("\(path) has no \(signal) in the period; import it first")
      }
      return found
    }
    let weather = PlantWeather(
      globalHorizontal: try needed(.globalHorizontalIrradiance),
      temperature: try needed(.outdoorTemperature), windSpeed: try series(.windSpeed),
      snowfall: try series(.snowfall))
    let gridPower: Series<Watts>? = try series(.gridPower)
    let spot: Series<PricePerKilowattHour>? = try series(
      .spotPrice(currency: home.site.currency))
    self.init(
      history: PlantHistory(weather: weather, power: try needed(.pvPower)),
      export: gridPower.map { power in
        Series(grid: grid, values: power.values.map { $0.map { max(.zero, .zero - $0) } })
      },
      exportPrice: spot.map { home.tariff.prices(spot: $0, calendar: home.site.calendar).export },
      batteryStateOfCharge: try series(.batteryStateOfCharge, scale: 0.01))
  }
}
