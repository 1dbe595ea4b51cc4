// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History
import Household
import Simulation
import TimeSeries

/// Where forecasters get their past from: a table, a store, or the simulated past of a home.
struct SignalSource {
  static let options: [CommandLineOption] = [
    .value("data", "FILE", "Measurements as series CSV, plain or gzip (docs/formats.md)."),
    .value(
      "store", "FILE", "Measurements in a store; that of --config when nothing else is named."),
    .value(
      "simulated", "DAYS", "So many days of the simulated past of --config, in place of both."),
    .value("seed", "N", default: "1", "Seed of the simulated past."),
    .value("config", "FILE", "The home: clock, holidays, place and plant come from here."),
    .value("time-zone", "ZONE", "The clock of the site, for example Europe/Prague."),
    .value("holidays", "CC", default: "none", "The country of the public holidays."),
  ]

  private enum Origin {
    case table(CSVTable)
    case store(SQLiteHistory)
    case simulated(SimulatedPast)
  }

  let calendar: SiteCalendar
  /// The home, where a configuration is given.
  let home: Home?
  private let origin: Origin
  private let hours: TimeGrid

  init(_ input: CommandLineInput) throws {
    let configured = try input.string("config").map { try configuration(at: $0) }
    home = configured?.home
    let data = input.string("data")
    let path = input.string("store") ?? (data == nil ? configured?.history.storePath : nil)
    let days = try input.value("simulated", as: Int.self)
    guard days != nil || path != nil || data != nil else {
      throw CommandLineError.usage(
        "measurements are needed: --config FILE (its store), --store FILE, --data FILE or "
          + "--simulated DAYS")
    }
    calendar = try home?.site.calendar ?? Self.calendar(input)
    if let days {
      (origin, hours) = try Self.simulated(days: days, home: home, input)
    } else if let path {
      (origin, hours) = try Self.store(path)
    } else {
      (origin, hours) = try Self.table(try input.require("data"))
    }
  }

  /// The whole hours that the source covers.
  var grid: TimeGrid { hours }

  /// A column as means over the hours of the source.
  func hourly<Value: Quantity>(_ column: String) throws -> Series<Value> {
    switch origin {
    case .table(let table):
      let (times, numbers): ([Date], [Double?])
      do {
        (times, numbers) = (try table.instants("time_utc"), try table.numbers(column))
      } catch {
        throw CommandFailure.failed("\(error)")
      }
      let samples = zip(times, numbers).compactMap { time, number in
        number.map { Sample(time: time, value: $0) }
      }
      return Series(
        grid: hours,
        values: Resampling.mean.apply(samples, to: hours).map { $0.map { Value($0) } })
    case .store(let store):
      guard let signal = SignalName(column) else {
        throw CommandLineError.usage("'\(column)' is not a signal such as pv_power_w")
      }
      do {
        return try store.series(of: signal, on: hours, resampling: .mean)
      } catch {
        throw CommandFailure.unreachable("\(error)")
      }
    case .simulated(let past) where column == spotPriceColumn:
      let prices = past.spotPrices.coarsened(toStepSeconds: 3_600)
      return Series(
        grid: hours,
        values: hours.dates.map { hour in
          prices?.value(at: hour).map { Value(rawValue: $0.rawValue) }
        })
    case .simulated(let past): return try Self.hourly(column, of: past, on: hours)
    }
  }

  /// The home's day-ahead prices.
  private var spotPriceColumn: String? {
    home.map { SignalName.spotPrice(currency: $0.site.currency).text }
  }

  /// Whether a column is there at all.
  func has(_ column: String) -> Bool {
    switch origin {
    case .table(let table): (try? table.numbers(column)) != nil
    case .store(let store):
      // A store that cannot be read has nothing; reading a signal tells why.
      SignalName(column).map { signal in
        ((try? store.signals()) ?? []).contains { $0.signal == signal }
      } ?? false
    case .simulated(let past):
      switch column {
      case "load_power_w", "base_load_power_w": true
      case "pv_power_w", "pv_forecast_w": past.pv != nil
      default: column == spotPriceColumn
      }
    }
  }

  // MARK: - Pieces

  private static func calendar(_ input: CommandLineInput) throws -> SiteCalendar {
    let zone = try input.require("time-zone")
    guard let timeZone = TimeZone(identifier: zone) else {
      throw CommandLineError.usage("--time-zone: '\(zone)' is not a zone of the tz database")
    }
    let country = try input.require("holidays")
    guard let holidays = HolidayCalendar(rawValue: country) else {
      let known = HolidayCalendar.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandLineError.usage("--holidays: '\(country)' is not one of \(known)")
    }
    return SiteCalendar(timeZone: timeZone, holidays: holidays)
  }

  private static func table(_ path: String) throws -> (Origin, TimeGrid) {
    do {
      let table = try CSVTable(path: path)
      let times = try table.instants("time_utc")
      guard let first = times.min(), let last = times.max() else {
        throw CommandFailure.failed("\(path) has no rows")
      }
      return (
        .table(table),
        TimeGrid(covering: first..<last.addingTimeInterval(1), stepSeconds: 3_600)
      )
    } catch let error as CSVError {
      throw CommandFailure.failed("\(error)")
    }
  }

  private static func store(_ path: String) throws -> (Origin, TimeGrid) {
    do {
      let store = try SQLiteHistory(file: path, access: .reading)
      let spans = try store.signals().compactMap(\.span)
      guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max()
      else { throw CommandFailure.failed("\(path) is empty; import measurements first") }
      return (
        .store(store),
        TimeGrid(covering: first..<last.addingTimeInterval(1), stepSeconds: 3_600)
      )
    } catch let error as HistoryError {
      throw CommandFailure.unreachable("\(error)")
    }
  }

  private static func simulated(
    days: Int, home: Home?, _ input: CommandLineInput
  ) throws -> (Origin, TimeGrid) {
    guard let home else {
      throw CommandLineError.usage("--simulated: give --config with the home to simulate")
    }
    guard (7...3_660).contains(days) else {
      throw CommandLineError.usage("--simulated: \(days) is not in 7…3660 days")
    }
    let end = try instant(input.string("until") ?? "2026-01-12", "until", home.site.calendar)
    let start = end.addingTimeInterval(-Double(days) * 86_400)
    let seed = try input.value("seed", as: UInt64.self) ?? 1
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    do {
      let twin = try SimulatedHome(
        home: home, weather: weather,
        market: SimulatedDayAheadMarket(
          weather: weather, site: home.site, seed: seed),
        seed: seed, start: start)
      return (
        .simulated(SimulatedPast(home: twin, period: start..<end)),
        TimeGrid(covering: start..<end, stepSeconds: 3_600)
      )
    } catch {
      throw CommandFailure.configuration("\(error)")
    }
  }

  private static func hourly<Value: Quantity>(
    _ column: String, of past: SimulatedPast, on hours: TimeGrid
  ) throws -> Series<Value> {
    let series =
      switch column {
      case "load_power_w", "base_load_power_w": Optional(past.load)
      case "pv_power_w": past.pv
      case "pv_forecast_w": past.pvExpected
      default: Series<Watts>?.none
      }
    guard let hourly = series?.coarsened(toStepSeconds: 3_600) else {
      throw CommandFailure.failed("the simulated past has no '\(column)'")
    }
    return Series(
      grid: hours,
      values: hours.dates.map { hourly.value(at: $0).map { Value(rawValue: $0.rawValue) } })
  }

  /// A local date (its midnight) or an instant.
  static func instant(
    _ text: String, _ option: String, _ calendar: SiteCalendar
  ) throws(CommandLineError) -> Date {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    if parts.count == 3,
      let start = calendar.instant(
        on: CivilDate(year: parts[0], month: parts[1], day: parts[2]), minuteOfDay: 0)
    {
      return start
    }
    if let date = Date(isoText: text) { return date }
    throw .usage(
      "--\(option): '\(text)' is neither a day such as 2026-01-12 nor an instant such as "
        + "2026-01-12T06:00Z")
  }
}
