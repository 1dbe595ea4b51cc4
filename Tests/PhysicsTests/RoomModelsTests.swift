// SPDX-License-Identifier: MIT
import Foundation
import Household
import Testing
import TimeSeries

@testable import Physics

@Suite("Identified rooms for the planner")
struct RoomModelsTests {
  /// A home whose configuration knows nothing of the synthetic house's walls.
  static func room(_ name: String, beside other: String?) -> Room {
    let band = ComfortBand(lower: Celsius(20), upper: Celsius(22))
    return Room(
      name: name, heater: nil, comfort: ComfortSchedule(usual: band),
      thermal: RoomThermalProperties(
        heatLoss: WattsPerKelvin(99), heatCapacity: KilowattHoursPerKelvin(9),
        adjacencies: other.map {
          [RoomThermalProperties.Adjacency(room: $0, conductance: WattsPerKelvin(7))]
        } ?? []), priority: 50)
  }

  /// Identified once for all tests here.
  static let identified = Result {
    let house = try SyntheticHouse(
      seed: 41, rooms: 3, days: 15, stepSeconds: 3_600, faults: [1: .dead])
    let identification = try HouseIdentification(record: house.record)
    let rooms = identification.house((0..<3).map(identification.room))
    return (try rooms.models(learnedUntil: house.record.grid.end), house)
  }

  @Test("accepted rooms survive the file, replace the configured ones and bring their walls")
  func replaces() throws {
    let (found, house) = try Self.identified.get()
    #expect(found.rooms.map(\.name) == ["room0", "room2"])
    let models = try JSONDecoder().decode(RoomModels.self, from: JSONEncoder().encode(found))
    #expect(models == found)

    let rooms = [
      Self.room("room0", beside: "room1"), Self.room("room1", beside: nil),
      Self.room("room2", beside: "room0"),
    ]
    let network = try ThermalNetwork(rooms: rooms, models: models)
    #expect(network.rooms[1].heatLossCoefficient == WattsPerKelvin(99))
    for room in [0, 2] {
      let ratio = network.rooms[room].heatLossCoefficient / house.heatLoss(room)
      #expect((0.8...1.25).contains(ratio))
    }
    // The wall to the unknown room is the configured one; between known rooms what was measured.
    #expect(
      network.links.contains(ThermalNetwork.Link(0, 1, conductance: WattsPerKelvin(7))))
    #expect(!network.links.contains { $0.first == 2 && $0.conductance == WattsPerKelvin(7) })
    let discrete = try DiscreteThermalNetwork(network, stepSeconds: 900)
    #expect(try discrete.roomStepModels().count == 3)
  }

  @Test("without models the configuration counts; strangers and other versions are refused")
  func refuses() throws {
    let (models, _) = try Self.identified.get()
    let rooms = [Self.room("room0", beside: nil)]
    #expect(
      try ThermalNetwork(rooms: rooms, models: nil) == ThermalNetwork(rooms: rooms))
    #expect(throws: RoomModelsError.unknownRoom("room2")) {
      try ThermalNetwork(rooms: rooms, models: models)
    }
    let text = String(decoding: try JSONEncoder().encode(models), as: UTF8.self)
    let later = try JSONDecoder().decode(
      RoomModels.self, from: Data(text.replacing("\"version\":1", with: "\"version\":2").utf8))
    #expect(throws: RoomModelsError.unknownVersion(2)) {
      try ThermalNetwork(rooms: rooms, models: later)
    }
  }

  @Test("rooms identified with the sun on walls bring its four irradiances to the network")
  func walls() throws {
    let house = try SyntheticHouse(seed: 43, rooms: 2, days: 15, stepSeconds: 3_600)
    let level = try #require(house.record.irradiances.first)
    let location = Location(
      latitude: Degrees(49), longitude: Degrees(16), altitude: Metres(200))
    let record = try HouseRecord(
      grid: house.record.grid, outdoor: house.record.outdoor,
      irradiances: [level]
        + FacadeIrradiance.series(globalHorizontal: level, location: location),
      facades: Facade.usual, rooms: house.record.rooms, localHours: house.record.localHours)
    let identification = try HouseIdentification(record: record)
    let found = identification.house((0..<2).map(identification.room))
    let models = try found.models(learnedUntil: record.grid.end)
    #expect(models.facadeCount == 4)
    #expect(models.rooms.allSatisfy { $0.solarApertures.count == 4 })
    let network = try ThermalNetwork(
      rooms: [Self.room("room0", beside: "room1"), Self.room("room1", beside: nil)], models: models)
    #expect(network.facadeCount == 4)
    // The filter judges them by the same irradiances.
    let tracker = try HouseTracker(
      network, noises: network.rooms.map { models.noises?[$0.name] }, stepSeconds: 3_600)
    let evaluation = try #require(tracker.evaluation(of: record, from: 10 * 24))
    #expect(evaluation.error < Kelvins(0.4))
  }
}
