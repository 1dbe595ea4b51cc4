// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("pems export --clean, and bills of what was measured")
struct CleanedExportTests {
  private let folder: TemporaryFolder
  private let start = instant("2025-02-27T23:00:00Z")

  init() throws { folder = try TemporaryFolder() }

  private var store: String { folder.path("house.db") }

  @Test("what is wrong is left out, short gaps are bridged, and everything is told")
  func cleans() async throws {
    let history = try SQLiteHistory(file: store, access: .writing)
    // Ten days of hours; one reading of −40, one hour and one night missing.
    let samples = (0..<240).compactMap { hour -> Sample? in
      guard hour != 60, !(100..<110).contains(hour) else { return nil }
      let value = 5 + 4 * sin(Double(hour) / 24 * 2 * .pi) + 0.01 * Double(hour % 7)
      return Sample(
        time: start.addingTimeInterval(Double(hour) * 3_600), value: hour == 50 ? -40 : value)
    }
    try history.store(samples, for: .outdoorTemperature)
    let file = folder.path("clean.csv")
    let reader = try SQLiteHistory(file: store, access: .reading)
    let outcome = try CleanedExport(
      signals: [.outdoorTemperature], times: .distantPast..<Date.distantFuture, stepSeconds: 3_600
    ).run(from: reader, to: file) { _, _ in }
    #expect(outcome.rows == 240)
    #expect(outcome.values == ["temperature_outdoor_c": 230])
    #expect(
      outcome.text
        == "  temperature_outdoor_c: 230 of 240 steps; 1 dropped: outlier, 2 interpolated, "
        + "10 left missing")
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 241)
    #expect(lines[101 + 5].hasSuffix(","))
    // Half way between its neighbours, the readings of hours 49 and 51.
    let between = try #require(lines[51].split(separator: ",").last.flatMap { Double($0) })
    #expect(abs(between - (samples[49].value + samples[51].value) / 2) < 1e-9)
    let words = ["export", "--store", store, "--clean", "--out", file]
    #expect(await Pems.run(words) == 0)
    #expect(await Pems.run(words + ["--json", "--step", "3600"]) == 0)
    #expect(await Pems.run(words + ["--from", "2027-01-01"]) == 1)
    #expect(await Pems.run(words.map { $0 == store ? folder.path("none.db") : $0 }) == 4)
  }

  @Test("pems tariff --bill charges what the meter showed, month by month")
  func bill() async throws {
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: B, latitude: 49.2, longitude: 16.6, altitude_m: 237, time_zone: Europe/Prague,
      holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {fixed_per_kwh: 3}, layers: [{name: tax, price_per_kwh: 1}],
      value_added_tax_percent: 25, export: {fixed_per_kwh: 0.5}, peak_price_per_kw: 10}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let history = try SQLiteHistory(file: store, access: .writing)
    // The last of February takes 2 kW all day, the first of March feeds 1 kW in.
    try history.store(
      (0..<192).map { step in
        Sample(
          time: start.addingTimeInterval(Double(step) * 900), value: step < 96 ? 2_000 : -1_000)
      }, for: .gridPower)
    let configuration = try configuration(at: path)
    let site = configuration.home.site
    let bill = try StoredBill(
      configuration.home.tariff, site.calendar, currency: site.currency, store: store,
      range: start..<start.addingTimeInterval(3 * 86_400))
    // 48 kWh × (3 + 1) × 1.25 = 240, and 2 kW × 10 for the peak; 24 kWh × 0.5 = 12 are earned.
    for line in [
      "2025-02: 48.0 kWh imported, 0.0 kWh exported, peak 2.00 kW", "total" + number(260, 39),
      "2025-03: 0.0 kWh imported, 24.0 kWh exported, peak 0.00 kW", "total" + number(-12, 39),
      "all, CZK" + number(248, 12), "96 steps have no reading",
    ] {
      #expect(bill.text.contains(line), "\(line)\n\(bill.text)")
    }
    // A meter that is read by the hour: what it shows holds for the hour.
    let hourly = folder.path("hourly.db")
    try SQLiteHistory(file: hourly, access: .writing).store(
      (0..<48).map { hour in
        Sample(
          time: start.addingTimeInterval(Double(hour) * 3_600), value: hour < 24 ? 2_000 : -1_000)
      }, for: .gridPower)
    let sameBill = try StoredBill(
      configuration.home.tariff, site.calendar, currency: site.currency, store: hourly,
      range: start..<start.addingTimeInterval(2 * 86_400))
    #expect(sameBill.text.hasSuffix("all, CZK" + number(248, 12)))
    let words = ["tariff", "--config", path, "--store", store, "--bill", "--date", "2025-02-28"]
    #expect(await Pems.run(words + ["--days", "2", "--json"]) == 0)
    #expect(await Pems.run(words + ["--days", "0"]) == 2)
    // Without a day it is this month, of which the store knows nothing, in the configured store too.
    let thisMonth = try PemsProcess.run(["tariff", "--config", path, "--store", store, "--bill"])
    #expect(thisMonth.exitCode == 1)
    #expect(
      thisMonth.errorOutput.contains(
        "its readings go from 2025-02-28 to 2025-03-01: choose a --date there"))
    #expect(await Pems.run(["tariff", "--config", path, "--bill"]) == 4)
    // A tariff that follows the market has no bill without its prices.
    let spot = ["tariff", "--example", "nl-dynamic", "--store", store, "--bill"]
    #expect(await Pems.run(spot + ["--date", "2025-02-28"]) == 1)
    #expect(await Pems.run(words.map { $0 == "2025-02-28" ? "2024-02-28" : $0 }) == 1)
  }

  private func number(_ value: Double, _ width: Int) -> String {
    let text = String(format: "%.2f", value)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
