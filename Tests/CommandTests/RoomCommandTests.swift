// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import pems

@Suite("pems analyze rooms, pems identify")
struct RoomCommandTests {
  private let folder: TemporaryFolder
  private let rooms: TwoRooms

  init() throws {
    folder = try TemporaryFolder()
    rooms = TwoRooms(folder: folder)
  }

  @Test("finds loss, capacity, cycles, sun and comfort of rooms whose truth is known")
  func analysis() throws {
    let run = try PemsProcess.run([
      "analyze", "rooms", "--data", try rooms.series(days: 28), "--config",
      try rooms.configuration(), "--json",
    ])
    #expect(run.exitCode == 0, "\(run.errorOutput)")
    let account = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let found = try #require(account?["rooms"] as? [[String: Any]])
    let kitchen = try #require(found.first)
    func interval(_ key: String) throws -> ClosedRange<Double> {
      let found = try #require(kitchen[key] as? [String: Double])
      return try #require(found["low"])...(try #require(found["high"]))
    }
    #expect(try interval("heat_loss_wk").contains(30))
    // 3 kWh/K over 30 W/K are 100 h, walls and furniture being one.
    #expect(try interval("time_constant_h").contains(100))
    // 0.8 m² of 60 W/m² mean sun beside some 600 W of heat.
    #expect(try interval("solar_share_percent").overlaps(4...12))
    let cycles = try #require(kitchen["cycles"] as? [String: Any])
    #expect(try #require(cycles["count"] as? Int) > 28)
    let comfort = try #require(kitchen["comfort"] as? [String: Double])
    // From midnight to six it is kept a kelvin below the band of the configuration.
    #expect((0.5...6).contains(try #require(comfort["cold_kh_per_day"])))
    #expect((60...95).contains(try #require(comfort["inside_percent"])))
  }

  @Test("new models replace a wrong description after a week, and not themselves a week later")
  func challenge() async throws {
    let (config, store) = (try rooms.configuration(), folder.path("pems.db"))
    #expect(await Pems.run(["import", try rooms.series(days: 28), "--store", store]) == 0)
    let words = ["identify", "--challenge", "--config", config, "--json"]
    func verdict() throws -> (adopted: Bool, reason: String) {
      let run = try PemsProcess.run(words)
      #expect(run.exitCode == 0, "\(run.errorOutput)")
      let line = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return (
        try #require(line?["adopted"] as? Bool), try #require(line?["reason"] as? String)
      )
    }
    let first = try verdict()
    #expect(first.adopted, "\(first.reason)")
    #expect(first.reason.contains("the configured values"))
    let models = try String(contentsOfFile: folder.path("models.json"), encoding: .utf8)
    #expect(models.contains("noises"))
    let second = try verdict()
    #expect(!second.adopted && second.reason.contains("the models in use stay"))
    #expect(try String(contentsOfFile: folder.path("models.json"), encoding: .utf8) == models)
  }

  @Test("too short a history changes nothing and says how much is needed")
  func tooShort() async throws {
    let (config, store) = (try rooms.configuration(), folder.path("pems.db"))
    #expect(await Pems.run(["import", try rooms.series(days: 10), "--store", store]) == 0)
    let run = try PemsProcess.run(["identify", "--challenge", "--config", config])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("10 days of rooms are stored, 21 are needed"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("models.json")))
  }

  @Test("asks for what is missing")
  func usage() async throws {
    let config = try rooms.configuration()
    #expect(await Pems.run(["analyze", "rooms"]) == 2)
    #expect(await Pems.run(["analyze", "rooms", "--statistics", "rooms.csv"]) == 2)
    #expect(await Pems.run(["analyze", "rooms", "--store", "none.db"]) == 2)
    #expect(
      await Pems.run(["analyze", "rooms", "--store", folder.path("no.db"), "--config", config]) == 4
    )
    #expect(await Pems.run(["identify", "--challenge"]) == 2)
  }

  @Test("set-points to excite rooms come only within comfort and for the days that were agreed to")
  func excitation() async throws {
    let config = try rooms.configuration()
    #expect(await Pems.run(["identify", "--excite", "9", "--config", config]) == 2)
    #expect(await Pems.run(["identify", "--excite", "4", "--config", config]) == 2)
    let run = try PemsProcess.run([
      "identify", "--excite", "4", "--config", config, "--from", "2026-01-12",
    ])
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.first == ["time_utc", "room_kitchen_setpoint_c", "room_study_setpoint_c"])
    #expect(lines.count == 1 + 4 * 96)
    for line in lines.dropFirst() {
      #expect((20.5...22).contains(try #require(Double(line[1]))))
      #expect((19.0...21).contains(try #require(Double(line[2]))))
    }
  }

  @Test(
    "the reference house: priors of the example configuration are those of its heating cycles",
    .enabled(
      if: ReferenceMaterial.has("data/loxone_house/rooms.csv"),
      Comment(rawValue: ReferenceMaterial.missing("data/loxone_house"))))
  func referenceHouse() throws {
    let run = try PemsProcess.run([
      "analyze", "rooms", "--json",
      "--statistics", ReferenceMaterial.url("data/loxone_house/rooms.csv").path,
      "--cycles", ReferenceMaterial.url("data/loxone_house/heating_cycles.csv").path,
      "--config",
      ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path,
    ])
    #expect(run.exitCode == 0, "\(run.errorOutput)")
    let account = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let rooms = try #require(account?["rooms"] as? [[String: Any]])
    #expect(rooms.count == 17)
    var undetermined: Set<String> = []
    for room in rooms {
      let name = try #require(room["name"] as? String)
      func number(_ key: String) throws -> Double { try #require(room[key] as? Double, "\(key)") }
      // What the file says is what the command regenerates, to the digits that the file has.
      #expect(
        abs(try number("configured_loss_wk") - number("balanced_loss_wk")) <= 0.06, "\(name)")
      let capacity = try #require(room["capacity_kwh_k"] as? [String: Double])
      let value = try #require(capacity["value"])
      #expect(abs(try number("configured_capacity_kwh_k") / value - 1) <= 0.006, "\(name)")
      guard try #require(room["is_determined"] as? Bool) else {
        undetermined.insert(name)
        #expect(try #require(room["remark"] as? String).hasPrefix("not determined: "))
        continue
      }
      // The plain steady state of the folder's README, P d over the mean difference.
      let ratio = try number("configured_loss_wk") / number("steady_loss_wk")
      #expect((0.75...1.25).contains(ratio), "\(name): \(ratio)")
    }
    #expect(
      undetermined == [
        "koupelna_dole", "koupelna_nahore", "satna_dole", "spajz", "technicka_mistnost", "zachod",
      ])
  }
}
