// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("pems check")
struct CheckCommandTests {
  private let house = ReferenceMaterial.package
    .appending(path: "Examples/reference-house/pems.yaml").path

  @Test("ends with 0 for a right file and with 3 for a wrong or a missing one")
  func exitCodes() async throws {
    let folder = try TemporaryFolder()
    let wrong = folder.path("pems.yaml")
    try Data("version: 1\n".utf8).write(to: URL(filePath: wrong))
    #expect(await Pems.run(["check", house]) == ExitCode.done)
    #expect(await Pems.run(["check", house, "--json"]) == ExitCode.done)
    #expect(await Pems.run(["check", wrong]) == ExitCode.configuration)
    #expect(await Pems.run(["check", wrong, "--json"]) == ExitCode.configuration)
    #expect(await Pems.run(["check", folder.path("none.yaml")]) == ExitCode.configuration)
    #expect(await Pems.run(["check", house, "--spot", "cheap"]) == ExitCode.usage)
  }

  @Test("sums up the home and the day's prices")
  func summary() throws {
    let configuration = try HomeConfiguration(contentsOf: house, environment: [:])
    let summary = HomeSummary(
      configuration, spot: PricePerKilowattHour(2), at: instant("2026-03-02T12:00:00Z"))
    #expect(summary.heaterPowerKw == 20.83)
    #expect(summary.pvPeakKw == 10.8)
    #expect(summary.importLimitKw == 17.25)
    #expect(summary.absent == [])
    // Four hours of the high rate: (2 + 0.35 + 0.836 + 0.16424 + 0.0283) · 1.21 = 4.0880334; else
    // (2 + 0.35 + 0.151 + 0.16424 + 0.0283) · 1.21 = 3.2591834. Export 2 − 0.4.
    #expect(summary.prices.count == 9)
    #expect(summary.prices.map(\.from).prefix(3) == ["00:00", "10:00", "11:00"])
    #expect(summary.prices.last?.to == "24:00")
    #expect(abs(summary.prices[0].importPerKwh - 3.2591834) < 1e-9)
    #expect(abs(summary.prices[1].importPerKwh - 4.0880334) < 1e-9)
    #expect(summary.prices.allSatisfy { abs($0.exportPerKwh - 1.6) < 1e-12 })
    #expect(summary.text.contains("17, of which 17 heated with 20.83 kW together"))
  }

  @Test("says what the home has none of, and which defaults count")
  func absent() throws {
    let text = """
      version: 1
      site: {name: Flat, latitude: 50, longitude: 14, altitude_m: 200, time_zone: Europe/Prague,
        holidays: CZ, currency: CZK}
      grid: {main_fuse_a: 16, phases: 1, export_limit_w: 0}
      tariff: {import: {fixed_per_kwh: 3}, value_added_tax_percent: 21}
      """
    let summary = HomeSummary(
      try HomeConfiguration(text: text, file: "pems.yaml"), spot: .zero,
      at: instant("2026-03-29T12:00:00Z"))
    #expect(summary.absent == ["pv", "battery", "rooms", "charge_points", "vehicles"])
    #expect(summary.text.contains("not there"))
    #expect(summary.text.contains("grid.voltage_v: 230 V"))
    #expect(summary.prices.map { "\($0.from) \($0.to)" } == ["00:00 24:00"])
  }
}
