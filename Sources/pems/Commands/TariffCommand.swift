// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History
import Household
import Reports
import TimeSeries

/// `pems tariff`: what each quarter-hour of a day costs, with its parts.
let tariffCommand = CommandLineCommand(
  "tariff", "Show what each quarter-hour of a day costs and earns, with the parts of the price.",
  examples: [
    "pems tariff --config Examples/reference-house/pems.yaml --date 2026-03-29 --spot 2.5",
    "pems tariff --example es-2.0td --date 2026-01-14 --spot 0.1 --plot",
    "pems tariff --config pems.yaml --store house.db --html tariff.html",
    "pems tariff --config pems.yaml --store house.db --bill",
    "pems tariff --config pems.yaml --store house.db --bill --date 2026-02-01 --json",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration with the tariff."),
    .value(
      "example", "NAME",
      "A built-in example instead: \(TariffExample.all.map(\.name).joined(separator: ", "))."),
    .value(
      "date", "DATE",
      "The local day, as 2026-03-29; today when left out. With --bill its first day; the first of this month."
    ),
    .value(
      "spot", "PRICE", "The day-ahead price for one kWh without tax; nothing when left out."),
    .value("store", "FILE", "Take the day-ahead price of each step from this store (pems fetch)."),
    .flag(
      "bill",
      "What the measured exchange with the grid costs, month by month; in --store, or the configuration's."
    ),
    .value(
      "days", "N",
      "Days of the bill: from --date on, or the last ones; to the end of the month when left out."),
    .flag("plot", "Draw bars in place of the parts."),
    .value("html", "FILE", "Write a page with a plot of the parts; it needs no network."),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    if input.flag("bill") {
      let bill = try TariffTable.bill(input)
      if input.flag("json") { try bill.printJSON() } else { print(bill.text) }
      return ExitCode.done
    }
    let table = try TariffTable(input)
    if let file = input.string("html") {
      let page = try table.report.page.render(plotLibrary: InstalledFiles.plotLibrary())
      do { try Data(page.utf8).write(to: URL(filePath: file), options: .atomic) } catch {
        throw CommandFailure.failed("\(file) cannot be written: \(error.localizedDescription)")
      }
      if !input.flag("json") {
        print("\(file): \(table.rows.count) steps of \(table.date)")
        return ExitCode.done
      }
    }
    print(input.flag("json") ? try table.json : table.text(asBars: input.flag("plot")))
    return ExitCode.done
  })

/// The prices of one local day.
private struct TariffTable {
  struct Row: Encodable {
    let start: Date
    let wallClock: String
    let parts: [String: Double]
    let importPrice: Double
    let exportPrice: Double
  }

  let date: CivilDate
  let currency: String
  let names: [String]
  let peakPrice: Money
  /// The day-ahead price that was taken for all steps.
  private let assumption: String
  let rows: [Row]

  init(_ input: CommandLineInput) throws {
    let (tariff, calendar, currency, _) = try Self.tariff(input)
    let day = try input.midnight("date", in: calendar) ?? Date()
    let grid = TimeGrid(covering: calendar.day(holding: day), stepSeconds: 900)
    let spots = try Self.spotPrices(input, on: grid, currency: currency)
    date = calendar.wallTime(at: grid.start).date
    names = tariff.importPartNames
    assumption =
      tariff.needsSpotPrice && input.string("store") == nil
      ? String(
        format: "; day-ahead price %.4f all day%@", spots.first?.rawValue ?? 0,
        input.string("spot") == nil ? ", for want of --spot PRICE or --store FILE" : "") : ""
    peakPrice = tariff.peakPricePerKilowatt
    self.currency = currency
    rows = zip(grid.dates, spots).map { start, spot in
      let time = calendar.wallTime(at: start)
      let parts = tariff.importParts(spot: spot, at: time) ?? []
      return Row(
        start: start,
        wallClock: String(format: "%02d:%02d", time.minuteOfDay / 60, time.minuteOfDay % 60),
        parts: Dictionary(parts.map { ($0.name, $0.price.rawValue) }, uniquingKeysWith: +),
        importPrice: tariff.importPrice(spot: spot, at: time)?.rawValue ?? 0,
        exportPrice: tariff.exportPrice(spot: spot)?.rawValue ?? 0)
    }
  }

  /// The bill of the days that were asked for.
  static func bill(_ input: CommandLineInput) throws -> StoredBill {
    let (tariff, calendar, currency, configuredStore) = try tariff(input)
    guard let store = input.string("store") ?? configuredStore else {
      throw CommandLineError.usage("--store is needed: the built-in example has measured nothing")
    }
    let period = try BillPeriod(
      from: try input.midnight("date", in: calendar), days: try input.value("days"), now: Date(),
      calendar: calendar)
    return try StoredBill(
      tariff, calendar, currency: currency, store: store, range: period.range)
  }

  /// The day-ahead price of each step: one for all, or those of a store, which has to have them all.
  private static func spotPrices(
    _ input: CommandLineInput, on grid: TimeGrid, currency: String
  ) throws -> [PricePerKilowattHour] {
    guard let path = input.string("store") else {
      let spot = PricePerKilowattHour(try input.value("spot", as: Double.self) ?? 0)
      return Array(repeating: spot, count: grid.count)
    }
    let signal = SignalName.spotPrice(currency: currency)
    return try failing {
      let history = try SQLiteHistory(file: path, access: .reading)
      let samples =
        try history
        .samples(of: signal, in: grid.start.addingTimeInterval(-3_600)..<grid.end)
      let values = Resampling.hold(maximumAge: 3_600).apply(samples, to: grid)
      return try zip(values, grid.dates).map { value, start in
        guard let value else {
          throw CommandFailure.failed(
            "\(path) has no \(signal) at \(start.formatted(.iso8601)); run pems fetch, "
              + "or choose another --date" + history.pricesInOtherMoney(than: currency))
        }
        return PricePerKilowattHour(value)
      }
    }
  }

  private static func tariff(
    _ input: CommandLineInput
  ) throws -> (Tariff, SiteCalendar, currency: String, store: String?) {
    guard let name = input.string("example") else {
      let configuration = try configuration(at: input.string("config") ?? "pems.yaml")
      let site = configuration.home.site
      return (
        configuration.home.tariff, site.calendar, site.currency, configuration.history.storePath
      )
    }
    guard let example = TariffExample.all.first(where: { $0.name == name }),
      let zone = TimeZone(identifier: example.timeZone)
    else {
      let names = TariffExample.all.map(\.name).joined(separator: ", ")
      throw CommandLineError.usage("--example: '\(name)' is none of \(names)")
    }
    return (
      example.tariff, SiteCalendar(timeZone: zone, holidays: example.holidays), example.currency,
      nil
    )
  }

  /// What is charged beside the kilowatt-hours.
  private var peakNote: String {
    guard peakPrice > .zero else { return "" }
    return "; and \(peakPrice.text(in: currency)) a month for each kW of its highest quarter-hour"
  }

  /// The same as a page.
  var report: TariffReport {
    TariffReport(
      title: "Tariff of \(date)",
      subtitle: "\(rows.count) quarter-hours, \(currency) for one kilowatt-hour" + assumption
        + peakNote,
      partNames: names, currency: currency,
      steps: rows.map { row in
        TariffReport.Step(
          wallClock: row.wallClock, parts: names.map { row.parts[$0] ?? 0 },
          importPrice: row.importPrice, exportPrice: row.exportPrice)
      })
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      encoder.dateEncodingStrategy = .iso8601
      return String(decoding: try encoder.encode(rows), as: UTF8.self)
    }
  }

  func text(asBars: Bool) -> String {
    let title =
      "\(date): \(rows.count) quarter-hours, \(currency) for one kWh" + assumption + peakNote
    let body = asBars ? bars : table
    return ([title] + body).joined(separator: "\n")
  }

  private var table: [String] {
    let header = ["clock"] + names + ["import", "export"]
    let lines = rows.map { row in
      [row.wallClock]
        + (names.map { row.parts[$0] ?? 0 } + [row.importPrice, row.exportPrice])
        .map { String(format: "%.4f", $0) }
    }
    let widths = header.indices.map { column in
      ([header] + lines).map { $0[column].count }.max() ?? 0
    }
    return ([header] + lines).map { line in
      zip(line, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
        .joined(separator: "  ")
    }
  }

  private var bars: [String] {
    let width = 50.0
    let highest = max(rows.map(\.importPrice).max() ?? 0, 1e-9)
    return rows.map { row in
      let length = Int((max(0, row.importPrice) / highest * width).rounded())
      let bar = String(repeating: "█", count: length)
      return "\(row.wallClock) \(String(format: "%8.4f", row.importPrice)) \(bar)"
    }
  }
}
