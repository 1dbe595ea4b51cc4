// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import pems

@Suite("pems analyze pv")
struct AnalyzeCommandTests {
  private static let series = "baselines/series/serf_east.csv.gz"
  private let folder: TemporaryFolder
  private let configuration: String

  init() throws {
    folder = try TemporaryFolder()
    // SERF East lies at 45° and faces 158° (PVDAQ); its owner here believes 35° south
    let example = ReferenceMaterial.package.appending(path: "Examples/recorded-home/pems.yaml")
    let text = try String(contentsOf: example, encoding: .utf8)
      .replacing("latitude: 52.1", with: "latitude: 39.742")
      .replacing("longitude: 5.2", with: "longitude: -105.1727")
      .replacing("altitude_m: 5\n", with: "altitude_m: 1800\n")
      .replacing("Europe/Amsterdam", with: "America/Denver")
      .replacing("power_w: 5000", with: "power_w: 7000")
    configuration = folder.path("pems.yaml")
    try text.write(toFile: configuration, atomically: true, encoding: .utf8)
  }

  @Test(
    "finds within 8° how a measured plant lies",
    .enabled(
      if: ReferenceMaterial.has(series), Comment(rawValue: ReferenceMaterial.missing(series))))
  func measured() async throws {
    let store = folder.path("history.db")
    let file = ReferenceMaterial.url(Self.series).path
    #expect(await Pems.run(["import", file, "--store", store]) == 0)
    let run = try PemsProcess.run(
      ["analyze", "pv", "--config", configuration, "--store", store, "--json"])
    #expect(run.exitCode == 0)
    let account = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let calibration = try #require(account?["calibration"] as? [String: Any])
    let array = try #require((calibration["arrays"] as? [[String: Any]])?.first)
    #expect(abs(try #require(array["tilt"] as? Double) - 45) < 8)
    #expect(abs(try #require(array["azimuth"] as? Double) - 158) < 8)
  }

  /// Clear June days, the plant giving six kilowatts at their noon.
  private func sunnyStore(days: Int) async throws -> String {
    var lines = ["time_utc,pv_power_w,ghi_w_m2,temperature_outdoor_c"]
    for hour in 0..<days * 24 {
      // The sun is in the south at seven in the evening of Greenwich.
      let sun = max(0, sin((Double(hour % 24) - 12) / 14 * .pi)) * (hour % 24 > 12 ? 1 : 0)
      let time = instant("2026-06-01T00:00:00Z").addingTimeInterval(Double(hour) * 3_600)
      lines.append("\(time.formatted(.iso8601)),\(6_000 * sun),\(950 * sun),25")
    }
    let data = folder.path("\(days).csv")
    try lines.joined(separator: "\n").write(toFile: data, atomically: true, encoding: .utf8)
    let store = folder.path("\(days).db")
    #expect(await Pems.run(["import", data, "--store", store]) == 0)
    return store
  }

  @Test("says that three sunny days are too few to judge by, and thirty are not")
  func tooFewDays() async throws {
    let words = ["analyze", "pv", "--config", configuration, "--store"]
    let few = try await sunnyStore(days: 3)
    let text = try PemsProcess.run(words + [few]).output
    #expect(!text.contains("Nothing is wrong") && !text.contains("never held back"))
    #expect(text.contains("cannot be said") && text.contains("takes 10 bright days"))
    #expect(text.contains("the period has 3.") && text.contains("in 3 bright days"))
    let json = try PemsProcess.run(words + [few, "--json"]).output
    let account = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let judgement = try #require(account?["judgement"] as? [String: Any])
    #expect(judgement["isPossible"] as? Bool == false)
    #expect(judgement["brightDays"] as? Int == 3 && judgement["neededDays"] as? Int == 10)
    let many = try PemsProcess.run(words + [try await sunnyStore(days: 30)]).output
    #expect(many.contains("Nothing is wrong with the plant."))
  }

  @Test("tells a store without sunlight, a day that is none and a wrong step")
  func errors() async throws {
    let data = folder.path("pv.csv")
    try "time_utc,pv_power_w\n2026-06-01T10:00:00Z,1000\n2026-06-01T11:00:00Z,1100\n"
      .write(toFile: data, atomically: true, encoding: .utf8)
    let store = folder.path("dark.db")
    #expect(await Pems.run(["import", data, "--store", store]) == 0)
    let words = ["analyze", "pv", "--config", configuration, "--store", store]
    #expect(await Pems.run(words) == 1)
    #expect(await Pems.run(words + ["--from", "2026-02-31"]) == 2)
    #expect(await Pems.run(words + ["--step", "7"]) == 2)
    #expect(await Pems.run(words.dropLast() + [folder.path("none.db")]) == 4)
  }
}
