// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History
import Household
import TimeSeries

/// What a tariff asks for the exchange with the grid that a store has measured: `pems tariff --bill`.
struct StoredBill {
  private struct Line: Encodable {
    let name: String
    let cost: Double
  }

  private struct Month: Encodable {
    let month: String
    let importedKilowattHours: Double
    let exportedKilowattHours: Double
    let lines: [Line]
    let peakKilowatts: Double
    let peakCharge: Double
    let revenue: Double
    let total: Double
  }

  private struct Document: Encodable {
    let from: Date
    let to: Date
    let currency: String
    let months: [Month]
    let missingSteps: Int
    let total: Double
  }

  private let document: Document
  private let period: String

  /// The bill of a time, as `BillPeriod` finds it.
  ///
  /// - Throws: `CommandFailure` when the store cannot be read or knows nothing of the time.
  init(
    _ tariff: Tariff, _ calendar: SiteCalendar, currency: String, store path: String,
    range: Range<Date>
  ) throws {
    let history = try failing { try SQLiteHistory(file: path, access: .reading) }
    let (power, spot): (Series<Watts>, Series<PricePerKilowattHour>) = try failing {
      let readings = try history.samples(of: .gridPower, in: range)
      guard !readings.isEmpty else {
        throw CommandFailure.failed(
          "\(path) has no \(SignalName.gridPower) \(Self.words(range, calendar)); "
            + Self.advice(try history.span(of: .gridPower), calendar))
      }
      let grid = TimeGrid(covering: range, stepSeconds: Self.stepSeconds(of: readings))
      let power = Resampling.mean.apply(readings, to: grid)
      let spot: Series<PricePerKilowattHour> = try history.series(
        of: .spotPrice(currency: currency), on: grid,
        resampling: grid.stepSeconds == 3_600 ? .mean : .hold(maximumAge: 3_600))
      return (Series(grid: grid, values: power.map { $0.map { Watts($0) } }), spot)
    }
    let bill = tariff.bill(for: power, spot: spot, calendar: calendar)
    guard !tariff.needsSpotPrice || spot.missingCount < spot.grid.count else {
      throw CommandFailure.failed(
        "\(path) has no \(SignalName.spotPrice(currency: currency)) of that time, which the tariff "
          + "follows; import prices, or let pems fetch ask for them"
          + history.pricesInOtherMoney(than: currency))
    }
    period = Self.words(range, calendar)
    document = Document(
      from: range.lowerBound, to: range.upperBound, currency: currency,
      months: bill.months.map { month in
        Month(
          month: String(format: "%04d-%02d", month.year, month.month),
          importedKilowattHours: month.imported.rawValue,
          exportedKilowattHours: month.exported.rawValue,
          lines: month.lines.map { Line(name: $0.name, cost: $0.cost.rawValue) },
          peakKilowatts: month.peak.kilowatts, peakCharge: month.peakCharge.rawValue,
          revenue: month.revenue.rawValue, total: month.total.rawValue)
      }, missingSteps: bill.missingSteps, total: bill.total.rawValue)
  }

  /// What to do about a time without readings.
  private static func advice(_ span: ClosedRange<Date>?, _ calendar: SiteCalendar) -> String {
    guard let span else {
      return "it has none at all: 'pems import' brings the meter's readings in, pems run keeps them"
    }
    let days = [span.lowerBound, span.upperBound].map { "\(calendar.wallTime(at: $0).date)" }
    return "its readings go from \(days[0]) to \(days[1]): choose a --date there"
  }

  /// A time by the clock on the wall; whole days without it.
  private static func words(_ range: Range<Date>, _ calendar: SiteCalendar) -> String {
    let first = calendar.wallTime(at: range.lowerBound).date
    let end = calendar.wallTime(at: range.upperBound)
    guard end.minuteOfDay > 0 else {
      return "from \(first) to \(calendar.wallTime(at: range.upperBound - 1).date)"
    }
    let clock = String(format: "%02d:%02d", end.minuteOfDay / 60, end.minuteOfDay % 60)
    return "from \(first) to \(end.date), \(clock)"
  }

  /// Quarter-hours, or hours where the meter is read by the hour.
  private static func stepSeconds(of readings: [Sample]) -> Int {
    let distances = zip(readings, readings.dropFirst()).map { $1.time.timeIntervalSince($0.time) }
    guard !distances.isEmpty else { return 900 }
    return distances.sorted()[distances.count / 2] > 900 ? 3_600 : 900
  }

  /// For programs.
  func printJSON() throws { try pems.printJSON(document) }

  /// For people.
  var text: String {
    func money(_ amount: Double) -> String { String(format: "%12.2f", amount) }
    func line(_ name: String, _ amount: Double) -> String {
      "  " + name.padding(toLength: 32, withPad: " ", startingAt: 0) + money(amount)
    }
    let months = document.months.flatMap { month -> [String] in
      let title = String(
        format: "%@: %.1f kWh imported, %.1f kWh exported, peak %.2f kW", month.month,
        month.importedKilowattHours, month.exportedKilowattHours, month.peakKilowatts)
      return [title] + month.lines.map { line($0.name, $0.cost) }
        + (month.peakCharge != 0 ? [line("peak", month.peakCharge)] : [])
        + [line("export", 0 - month.revenue), line("total", month.total)]
    }
    let missing =
      document.missingSteps == 0
      ? "" : "; \(document.missingSteps) steps have no reading or no price and cost nothing"
    return
      ([period] + months + ["", "all, \(document.currency)" + money(document.total) + missing])
      .joined(separator: "\n")
  }
}

extension SQLiteHistory {
  /// What to tell somebody who misses prices in `currency`: those that are there in other money.
  func pricesInOtherMoney(than currency: String) -> String {
    let wanted = SignalName.spotPrice(currency: currency)
    // Where the store cannot be read there is nothing more to tell than that prices are missing.
    let others = ((try? signals()) ?? []).filter {
      $0.span != nil && $0.signal != wanted && $0.signal.text.hasPrefix("price_spot_")
    }
    return others.first.map { "; it has \($0.signal), while site.currency is \(currency)" } ?? ""
  }
}
