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
    var reasons: [String: String] = [:]
    for room in rooms {
      let name = try #require(room["name"] as? String)
      func number(_ key: String) throws -> Double { try #require(room[key] as? Double, "\(key)") }
      let (configured, balanced) = (
        try number("configured_loss_wk"), try number("balanced_loss_wk")
      )
      // What the file says is what the command regenerates, to the three digits that the file has.
      #expect(abs(configured / balanced - 1) <= 0.005, "\(name)")
      let capacity = try #require(room["capacity_kwh_k"] as? [String: Double])
      let value = try #require(capacity["value"])
      #expect(abs(try number("configured_capacity_kwh_k") / value - 1) <= 0.006, "\(name)")
      // The only bound is the least loss that a configuration may have.
      #expect(configured > 0.5, "\(name)")
      let remark = try #require(room["remark"] as? String)
      if try #require(room["is_determined"] as? Bool) == false { reasons[name] = remark }
      // The plain steady state of the folder's README, P d over the mean difference: of the
      // estimate and of the configured loss.
      let estimate = try #require((room["heat_loss_wk"] as? [String: Double])?["value"])
      let steady = try number("steady_loss_wk")
      guard steady > 0 else {
        // Never heated: the arithmetic divides by nothing, so that the others' median stands.
        #expect(name == "spajz" && abs(configured / estimate - 1) < 0.25)
        continue
      }
      #expect((0.75...1.25).contains(estimate / steady), "\(name): \(estimate / steady)")
      #expect((0.75...1.25).contains(configured / steady), "\(name): \(configured / steady)")
    }
    let others = "through walls and from people and appliances"
    #expect(
      reasons.mapValues { $0.replacing("not determined: ", with: "") } == [
        "koupelna_dole": "its heater was on 6 % of the time; most of its heat came \(others)",
        "koupelna_nahore": "its heater was on 4 % of the time; most of its heat came \(others)",
        "satna_dole": "it cools 2.3 times faster than its own heating replaces, so that "
          + "neighbours carry most of its heat",
        "spajz": "never heated, P d / dT says nothing; median of the determined rooms for its "
          + "installed power",
        "technicka_mistnost": "its heater was on 10 % of the time; most of its heat came \(others)",
        "zachod": "its heater was on 7 % of the time; most of its heat came \(others)",
      ])
  }

  @Test("a room of which only the water is measured is planned by what its floor hands over")
  func water() async throws {
    let folder = try TemporaryFolder()
    let rooms = TwoRooms(folder: folder)
    let (data, config) = (try rooms.series(days: 21), try rooms.configuration())
    // 30 K of water over the room and 50 W/K are the kitchen's 1500 W.
    let electric = try String(contentsOfFile: data, encoding: .utf8)
    let lines = electric.split(separator: "\n").map(String.init)
    let header = lines[0].replacing("room_kitchen_heat_w", with: "room_kitchen_heat_supply_k")
    let water = [header] + lines.dropFirst().map { $0.replacing(",1500,", with: ",30,") }
    let (series, warm) = (folder.path("water.csv"), folder.path("water.yaml"))
    try water.joined(separator: "\n").write(toFile: series, atomically: true, encoding: .utf8)
    try String(contentsOfFile: config, encoding: .utf8).replacing(
      "heater: {power_w: 1500}",
      with: """
        heater:
              power_w: 500
              water:
                curve: [{outdoor_c: -10, water_c: 55}, {outdoor_c: 10, water_c: 45}]
                conductance_w_per_k: 50
                exponent: 1
        """
    ).write(toFile: warm, atomically: true, encoding: .utf8)
    let (told, inWater) = (folder.path("electric.json"), folder.path("water.json"))
    for (data, config, out) in [(data, config, told), (series, warm, inWater)] {
      let run = try PemsProcess.run([
        "identify", "--data", data, "--time-zone", "UTC", "--config", config, "--write", out,
      ])
      #expect(run.exitCode == 0, "\(run.errorOutput)")
    }
    let models = try [told, inWater].map { try String(contentsOfFile: $0, encoding: .utf8) }
    #expect(models[0] == models[1] && models[1].contains("\"kitchen\""))
    // Without the configuration there are no watts, so that only the study can be planned.
    let alone = try PemsProcess.run([
      "identify", "--data", series, "--time-zone", "UTC", "--write", folder.path("alone.json"),
    ])
    #expect(alone.exitCode == 0)
    let study = try String(contentsOfFile: folder.path("alone.json"), encoding: .utf8)
    #expect(!study.contains("\"kitchen\"") && study.contains("\"study\""))
  }
}
