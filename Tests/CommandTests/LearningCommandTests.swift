// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("pems train, models and forecast")
struct LearningCommandTests {
  private let folder: TemporaryFolder
  private let common: [String]

  /// Forty days of a plant whose forecast is 1/0.8 of what it gives, and a load with an evening peak.
  init() throws {
    folder = try TemporaryFolder()
    var generator = SplitMix64(seed: 21)
    var lines = ["time_utc,load_power_w,pv_power_w,pv_forecast_w"]
    for hour in 0..<40 * 24 {
      let date = instant("2026-03-31T22:00:00Z").addingTimeInterval(Double(hour) * 3_600)
      let clock = Double(hour % 24)
      let sun = max(0, sin((clock - 6) / 12 * .pi)) * 4_000
      let forecast = sun * Double.random(in: 0.3...1, using: &generator)
      let measured = 0.8 * forecast * Double.random(in: 0.8...1.2, using: &generator)
      let load =
        (300 + 900 * exp(-pow(clock - 19, 2) / 6))
        * Double.random(in: 0.7...1.3, using: &generator)
      lines.append(
        "\(date.formatted(.iso8601)),"
          + [load, measured, forecast].map { String(format: "%.1f", $0) }.joined(separator: ","))
    }
    try lines.joined(separator: "\n").write(
      toFile: folder.path("home.csv"), atomically: true, encoding: .utf8)
    common = [
      "--data", folder.path("home.csv"), "--time-zone", "Europe/Prague", "--holidays", "CZ",
      "--capacity-w", "5000", "--models", folder.path("models"),
    ]
  }

  private func run(_ words: String...) throws -> PemsProcess {
    try PemsProcess.run(words + common)
  }

  @Test(
    "a damaged model is told and the one before it forecasts; rollback, unknown version, review")
  func lifeOfAModel() throws {
    let first = try run("train", "--only", "load", "--until", "2026-05-01", "--promote")
    #expect(first.exitCode == 0)
    let second = try run("train", "--only", "load", "--until", "2026-05-02", "--promote", "--json")
    #expect(second.exitCode == 0)
    #expect(second.output.contains("\"version\" : 2"))
    let models = ["--models", folder.path("models")]
    let list = try PemsProcess.run(["models", "list"] + models).output
    #expect(list.contains("load 1  retired") && list.contains("load 2  production"))

    let whole = try run("forecast", "--only", "load", "--at", "2026-05-04", "--json")
    try Data("cut".utf8).write(
      to: folder.url.appending(path: "models/load/00002/rich-p50.lightgbm.txt"))
    let damaged = try run("forecast", "--only", "load", "--at", "2026-05-04", "--json")
    #expect(damaged.exitCode == 0)
    #expect(
      damaged.errorOutput.contains("model 2 is not used") && damaged.errorOutput.contains("damaged")
    )
    #expect(damaged.output != whole.output && damaged.output.contains("\"p50\""))

    let missing = try PemsProcess.run(["models", "show", "load", "--version", "9"] + models)
    #expect(missing.exitCode == 1 && missing.errorOutput.contains("no version 9; there are 1, 2"))
    #expect(try PemsProcess.run(["models", "rollback", "load"] + models).exitCode == 0)
    #expect(
      try PemsProcess.run(["models", "list"] + models).output.contains("load 1  production"))
    let review = try run("models", "review", "--only", "load")
    #expect(review.output.contains("model 1 in use"))
  }

  @Test("without any model the forecast is physics and climatology, on whole quarter-hours")
  func noModel() throws {
    let forecast = try run("forecast", "--at", "2026-05-04T06:00:00Z", "--json")
    #expect(forecast.exitCode == 0)
    let parts = try #require(
      try JSONSerialization.jsonObject(with: Data(forecast.output.utf8)) as? [[String: Any]])
    #expect(parts.compactMap { $0["target"] as? String } == ["pv", "load"])
    for part in parts { #expect((part["p50"] as? [Double])?.count == 192) }
  }

  @Test("the catalogue has at least a hundred features, each with the time it is known")
  func features() throws {
    let output = try PemsProcess.run(["forecast", "--features", "--json"]).output
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: String]])
    #expect(rows.count >= 100)
    #expect(rows.allSatisfy { $0["known"] != nil })
  }

  private static let utrecht = "baselines/series/utrecht_2014_2016.csv.gz"

  /// Two years after the year that teaches: at most one false alarm in each.
  @Test(
    "a plant that loses a fifth is told within 20 days, with at most one false alarm a year",
    .enabled(
      if: ReferenceMaterial.has(utrecht), Comment(rawValue: ReferenceMaterial.missing(utrecht))))
  func drift() throws {
    let run = try PemsProcess.run([
      "evaluate", "pv", "--data", ReferenceMaterial.url(Self.utrecht).path, "--time-zone",
      "Europe/Amsterdam", "--latitude", "52.09", "--longitude", "5.12", "--capacity-w", "1000",
      "--forecast-column", "pv_forecast_sat_w", "--study", "drift", "--json",
    ])
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: String]])
    let fifth = try #require(
      rows.first { $0["loss"] == "20.00 %" && $0["method"] == "likelihood ratio" })
    func number(_ key: String) -> Double? {
      fifth[key]?.split(separator: " ").first.flatMap { Double($0) }
    }
    // Six of seven, all of those of spring and summer; what the winter hides is told in spring.
    #expect((number("within 20 d") ?? 0) >= 85)
    #expect((number("spring") ?? 0) == 100 && (number("summer") ?? 0) == 100)
    #expect((number("within 60 d") ?? 0) >= 99)
    #expect((number("false alarms a year") ?? 9) <= 1)
  }

  @Test("XGBoost grows the trees where it is asked to, and its models forecast")
  func otherLibrary() throws {
    let trained = try run("train", "--only", "load", "--library", "xgboost", "--promote", "--json")
    #expect(trained.exitCode == 0 && trained.output.contains("\"boosting\" : \"xgboost,"))
    let forecast = try run("forecast", "--only", "load", "--at", "2026-05-04", "--json")
    #expect(forecast.exitCode == 0 && forecast.errorOutput.isEmpty)
  }

  @Test("a study, target or instant that does not exist is a mistake in use, not a crash")
  func misuse() throws {
    #expect(try run("train", "--only", "wind").exitCode == 2)
    #expect(try run("train", "--library", "forest").exitCode == 2)
    #expect(try run("forecast", "--at", "tomorrow").exitCode == 2)
    #expect(try run("forecast", "--hours", "0").exitCode == 2)
    #expect(try run("train", "--load-column", "nothing_w", "--pv-column", "none_w").exitCode == 1)
  }
}
