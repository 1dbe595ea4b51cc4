// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// A home of one kind of thing shows nothing of what it does not have.
@Suite("Homes that have only some of everything")
struct SmallHomeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let place = """
    version: 1
    site: {name: Flat, latitude: 45.76, longitude: -4.83, altitude_m: 170,
      time_zone: Europe/Paris, holidays: none, currency: EUR}
    grid: {main_fuse_a: 30, phases: 1, export_limit_w: 0}
    """
  private static let flat =
    place + """

      tariff: {import: {fixed_per_kwh: 0.12}, value_added_tax_percent: 20}
      rooms:
        - name: living
          heater: {power_w: 2000}
          comfort: {usual: {lower_c: 19, upper_c: 22}}
          thermal: {heat_loss_w_per_k: 60, heat_capacity_kwh_per_k: 3}
      """
  private static let roof =
    place + """

      tariff: {import: {spot: {fee_per_kwh: 0}}, value_added_tax_percent: 0}
      pv:
        inverter: {rated_power_w: 5000}
        arrays: [{name: roof, peak_power_w: 5000, tilt_degrees: 30, azimuth_degrees: 180}]
      """

  private func file(_ text: String) throws -> String {
    let path = folder.path("pems.yaml")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("a flat with one heater has no rows, columns and lines of battery, sun and cars")
  func flat() throws {
    let (config, out) = (try file(Self.flat), folder.path("out"))
    let simulated = try PemsProcess.run([
      "simulate", "--config", config, "--from", "2026-01-12", "--days", "1", "--out", out,
    ])
    #expect(simulated.exitCode == 0, "\(simulated.errorOutput)")
    #expect(simulated.output.contains("Heaters switched on"))
    let page = try String(contentsOfFile: out + "/index.html", encoding: .utf8)
    let figures = page.components(separatedBy: "Plotly.newPlot").map { $0.suffix(200_000) }
    #expect(figures.count >= 4)
    for word in ["Battery gave", "Car short", "Self-consumption", "power and battery"] {
      #expect(!simulated.output.contains(word) && !page.contains(word), "\(word)")
    }
    for name in ["\"name\":\"Cars\"", "\"name\":\"PV\"", "\"Charge (%)\""] {
      #expect(!page.contains(name), "\(name)")
    }
    let plan = try PemsProcess.run(["plan", "--config", config])
    #expect(
      plan.output.contains(
        "Simulated home (--store FILE plans yours). Plan of 2026-01-12 07:00 (Europe/Paris)"))
    // 0.12 × 1.2 = 0.144; the second day of the plan is named.
    let lines = plan.output.split(separator: "\n")
    #expect(
      lines[2].split(separator: " ") == ["time", "import", "export", "load", "heat", "grid", "on"])
    #expect(lines[3].hasPrefix("07:00   0.144   0.000"))
    #expect(lines.contains("2026-01-13"))
  }

  @Test("a roof alone has nothing to decide, and its market trades in its money")
  func roof() throws {
    let config = try file(Self.roof)
    let plan = try PemsProcess.run(["plan", "--config", config, "--json"])
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any])
    let steps = try #require(document["steps"] as? [[String: Any]])
    let prices = steps.compactMap { $0["importPricePerKilowattHour"] as? Double }
    // German day-ahead prices of 2023 and 2024 lay between -0.50 and 0.94 EUR/kWh (SMARD).
    #expect(prices.count == steps.count && prices.allSatisfy { (-0.5...0.94).contains($0) })
    let why = try PemsProcess.run(["why", "--config", config, "--simulated", "2026-07-01T12:00Z"])
    #expect(why.exitCode == 0)
    #expect(why.output.hasPrefix("2026-07-01 14:00, by the plan of 14:00"))
    #expect(why.output.contains("There is nothing to decide"))
  }

  @Test("the check names the side of Greenwich and prices in the money of the site")
  func check() throws {
    func summary(_ text: String) throws -> String {
      HomeSummary(
        try HomeConfiguration(text: text, file: "pems.yaml"), spot: nil,
        at: instant("2026-03-02T12:00:00Z")
      ).text
    }
    let flat = try summary(Self.flat)
    #expect(flat.contains("45.76° N 4.83° W, 170 m"))
    #expect(flat.contains("Prices of today, EUR for one kWh:\n"))
    // ten cents, without a fee or tax
    let roof = try summary(Self.roof)
    #expect(roof.contains("Prices of today, EUR for one kWh, at a day-ahead price of 0.100:"))
    #expect(roof.contains("00:00–24:00  import 0.100"))
  }

  @Test("commands take the store of the configuration, and say what a home lacks")
  func configuredStore() throws {
    let config = try file(Self.flat)
    let history = try SQLiteHistory(file: folder.path("pems.db"), access: .writing)
    let empty = try PemsProcess.run(["quality", "--config", config])
    #expect(empty.exitCode == 0 && empty.output.contains("holds no readings yet"))
    let start = instant("2025-01-01T00:00:00Z")
    for signal in [SignalName.gridPower, .pvPower] {
      try history.store(
        (0..<96).map { Sample(time: start + Double($0) * 900, value: 100) }, for: signal)
    }
    let out = folder.path("out.csv")
    for words in [["import", out], ["export", "--out", out]] {
      let nowhere = try PemsProcess.run(words)
      #expect(nowhere.exitCode == 2 && nowhere.errorOutput.contains("or --config FILE"))
    }
    let exported = try PemsProcess.run(["export", "--config", config, "--out", out])
    #expect(exported.exitCode == 0 && exported.output.contains("grid_power_w: 96 readings"))
    let imported = try PemsProcess.run(["import", out, "--config", config])
    #expect(imported.exitCode == 0 && imported.output.contains("96 known already"))
    let typed = try PemsProcess.run(["quality", "--config", config, "--signals", "grid_powr_w"])
    #expect(typed.exitCode == 1 && typed.errorOutput.contains("did you mean 'grid_power_w'?"))
    for (words, exitCode, problem) in [
      (["analyze", "pv"], Int32(3), "pv is missing, or has no array"),
      // The meter of a plant that nobody described teaches nothing about it.
      (["train"], 1, "there is neither a column"),
      (["train", "--only", "pv"], 2, "how does the plant lie?"),
      (["train", "--only", "load", "--until", "2024-01-01"], 2, "before the first measurement"),
      (["forecast", "--only", "load", "--at", "1990-01-01"], 2, "before the first measurement"),
      (["train", "--only", "pv", "--latitude", "99"], 2, "--latitude: 99.0 is not in -90.0…90.0"),
      (["analyze", "rooms"], 1, "pems.db has no temperature of any room"),
    ] {
      let result = try PemsProcess.run(words + ["--config", config])
      #expect(result.exitCode == exitCode, "\(words) \(result.errorOutput)")
      #expect(result.errorOutput.contains(problem), "\(words) \(result.errorOutput)")
    }
    // Prices in francs are no prices in euros.
    let francs = try #require(SignalName("price_spot_chf_per_kwh"))
    try history.store([Sample(time: start, value: 0.1)], for: francs)
    let dutch = [
      "tariff", "--example", "nl-dynamic", "--store", history.file, "--date", "2025-01-01",
    ]
    for words in [dutch, dutch + ["--bill"]] {
      let result = try PemsProcess.run(words)
      #expect(result.exitCode == 1)
      #expect(
        result.errorOutput.contains("it has price_spot_chf_per_kwh, while site.currency is EUR"))
    }
    let excited = try PemsProcess.run([
      "identify", "--excite", "4", "--from", "2026-01-12", "--config", try file(Self.roof),
    ])
    #expect(excited.exitCode == 3 && excited.errorOutput.contains("rooms is missing"))
  }

  @Test("a command that needs measurements names every way to give them")
  func noMeasurements() throws {
    let forecast = try PemsProcess.run(["forecast"])
    #expect(forecast.exitCode == 2)
    for way in ["--config", "--store", "--data", "--simulated"] {
      #expect(forecast.errorOutput.contains(way))
    }
    let identify = try PemsProcess.run(["identify"])
    #expect(identify.exitCode == 2 && identify.errorOutput.contains("--data FILE is needed"))
    let promoted = try PemsProcess.run(["models", "promote", "lod", "--version", "1"])
    #expect(
      promoted.exitCode == 2
        && promoted.errorOutput.contains("'lod' is none of pv, load, price, vehicles, appliances"))
  }
}
