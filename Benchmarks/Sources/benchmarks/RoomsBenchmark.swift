// SPDX-License-Identifier: MIT
import Foundation
import Physics
import TimeSeries

/// How long rooms take: 48 h of all rooms at once, and one live step of the filter that follows them.
enum RoomsBenchmark {
  static func run() throws {
    print("rooms × nodes    48 h at 15 min    one filtered step")
    for (rooms, nodesPerRoom) in [(1, 3), (9, 2), (17, 2), (17, 3)] {
      let network = try network(rooms: rooms, nodesPerRoom: nodesPerRoom)
      let discrete = try DiscreteThermalNetwork(network, stepSeconds: 900)
      let start = ThermalState(
        network: network, roomTemperatures: Array(repeating: Celsius(20), count: rooms))
      let forcing = forcing(network, steps: 192)
      let horizon = Timing(runs: 200) { _ = discrete.simulate(from: start, forcing: forcing) }

      let tracker = try HouseTracker(network, stepSeconds: 900)
      var belief = tracker.start(
        Array(repeating: Celsius(20), count: rooms), at: Date(timeIntervalSince1970: 0))
      let step = forcing.slice(0..<1)
      let followed = Timing(runs: 200) {
        tracker.advance(&belief, through: step)
        for room in 0..<rooms {
          tracker.correct(&belief, room: room, reading: Celsius(20.1), isHeated: true)
        }
      }
      print(
        String(
          format: "%5d × %-5d      %8.0f µs        %8.0f µs", rooms, network.nodeCount,
          1_000 * horizon.median, 1_000 * followed.median))
    }
  }

  private static func network(rooms: Int, nodesPerRoom: Int) throws -> ThermalNetwork {
    let all = (0..<rooms).map { index in
      ThermalRoom(
        name: "room\(index)", airCapacity: KilowattHoursPerKelvin(0.5),
        conductanceToOutdoors: WattsPerKelvin(10), solarApertures: [SquareMetres(0.5)],
        envelope: nodesPerRoom > 2
          ? .init(
            capacity: KilowattHoursPerKelvin(4), conductanceToAir: WattsPerKelvin(150),
            conductanceToOutdoors: WattsPerKelvin(10)) : nil,
        heater: nodesPerRoom > 1
          ? .init(
            capacity: KilowattHoursPerKelvin(0.8), conductanceToAir: WattsPerKelvin(300)) : nil)
    }
    return try ThermalNetwork(
      rooms: all,
      links: (1..<max(2, rooms)).filter { $0 < rooms }.map {
        .init($0 - 1, $0, conductance: WattsPerKelvin(20))
      })
  }

  private static func forcing(_ network: ThermalNetwork, steps: Int) -> ThermalForcing {
    var forcing = ThermalForcing(network: network, stepCount: steps)
    for step in 0..<steps {
      forcing.setOutdoor(Celsius(5 * sin(Double(step) / 15)), at: step)
      forcing.setIrradiance(WattsPerSquareMetre(Double(step % 96) * 5), onFacade: 0, at: step)
      for room in network.rooms.indices {
        forcing.setHeat(Watts((step + room) % 3 == 0 ? 1_200 : 0), inRoom: room, at: step)
        forcing.setGain(Watts(60), inRoom: room, at: step)
      }
    }
    return forcing
  }
}
