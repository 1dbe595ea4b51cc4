// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

@testable import Physics

/// A house that never was, with known physics: 15-min relay thermostats, night set-backs, coupling,
/// sun, people, sensor noise and gaps.
struct SyntheticHouse {
  let network: ThermalNetwork
  let record: HouseRecord
  /// Relay power of each room.
  let powers: [Watts]

  /// What goes wrong on purpose.
  enum Fault: Sendable {
    case dead, frozen, neverHeated, alwaysHeated, windowOpenAllDay
    case swappedSensors(Int)
  }

  /// - Parameters:
  ///   - seed: fixes everything.
  ///   - rooms: how many.
  ///   - days: length of the record, from 1 January.
  ///   - stepSeconds: of the record.
  ///   - faults: by room.
  ///   - isHeldStill: no room is ever set back.
  init(
    seed: UInt64, rooms count: Int, days: Int, stepSeconds: Int = 900, faults: [Int: Fault] = [:],
    isHeldStill: Bool = false
  ) throws {
    var random = SplitMix64(seed: seed)
    var rooms: [ThermalRoom] = []
    var powers: [Watts] = []
    for index in 0..<count {
      let area = Double.random(in: 6...30, using: &random)
      let loss = area * Double.random(in: 0.8...1.8, using: &random)
      let air = area * Double.random(in: 0.012...0.025, using: &random)
      let share = Double.random(in: 0.3...0.6, using: &random)
      let inner = area * Double.random(in: 9...16, using: &random)
      let wall = loss * (1 - share)
      var room = ThermalRoom(
        name: "room\(index)", airCapacity: KilowattHoursPerKelvin(air),
        conductanceToOutdoors: WattsPerKelvin(loss * share),
        solarApertures: [SquareMetres(area * Double.random(in: 0.01...0.06, using: &random))],
        envelope: ThermalRoom.Envelope(
          capacity: KilowattHoursPerKelvin(area * Double.random(in: 0.06...0.15, using: &random)),
          conductanceToAir: WattsPerKelvin(inner),
          conductanceToOutdoors: WattsPerKelvin(wall * inner / (inner - wall))))
      if index % 2 == 0 {
        room.heater = ThermalRoom.HeaterSlab(
          capacity: KilowattHoursPerKelvin(area * 0.03), conductanceToAir: WattsPerKelvin(area * 8))
      }
      room.gains = DailyGainProfile(
        mean: Watts(area * 2), harmonics: [Watts(-area * 0.8), Watts(-area * 0.5)])
      rooms.append(room)
      powers.append(Watts((loss * 45 / 50).rounded(.up) * 50))
    }
    var links: [ThermalNetwork.Link] = []
    for index in 1..<max(count, 1) {
      links.append(
        .init(index - 1, index, conductance: WattsPerKelvin(.random(in: 5...30, using: &random))))
      if index >= 3 {
        links.append(
          .init(index - 3, index, conductance: WattsPerKelvin(.random(in: 3...15, using: &random))))
      }
    }
    network = try ThermalNetwork(rooms: rooms, links: links)
    self.powers = powers
    record = try Self.run(
      network, powers, days, stepSeconds, faults, isHeldStill: isHeldStill, &random)
  }

  /// UA of a room.
  func heatLoss(_ room: Int) -> WattsPerKelvin { network.rooms[room].heatLossCoefficient }

  private static func run(
    _ network: ThermalNetwork, _ powers: [Watts], _ days: Int, _ stepSeconds: Int,
    _ faults: [Int: Fault], isHeldStill: Bool, _ random: inout SplitMix64
  ) throws -> HouseRecord {
    let count = network.rooms.count
    let steps = days * 96
    let weather = weather(days, &random)
    let discrete = try DiscreteThermalNetwork(network, stepSeconds: 900)
    var state = ThermalState(
      network: network, roomTemperatures: Array(repeating: Celsius(20), count: count))
    var isOn = [Bool](repeating: false, count: count)
    var readings = [[Double?]](repeating: [], count: count)
    var heat = [[Double]](repeating: [], count: count)
    let setpoints = (0..<count).map { _ in Double.random(in: 19...22, using: &random) }
    let setbacks = (0..<count).map { _ in Double.random(in: 0.5...2.5, using: &random) }
    for step in 0..<steps {
      var forcing = ThermalForcing(network: network, stepCount: 1)
      let hour = Double(step % 96) / 4
      forcing.setOutdoor(Celsius(weather.outdoor[step]), at: 0)
      forcing.setIrradiance(WattsPerSquareMetre(weather.sun[step]), onFacade: 0, at: 0)
      for room in 0..<count {
        let air = state.temperature(ofRoom: room).rawValue
        let night = hour < 5 || hour > 22
        // The owner airs out or goes away now and then: a deeper set-back on every sixth day.
        let deep = (step / 96 + room) % 6 == 0 && hour > 9 && hour < 16
        let target =
          setpoints[room] - (isHeldStill ? 0 : night ? setbacks[room] : deep ? 2 : 0)
        if air < target - 0.2 { isOn[room] = true }
        if air > target + 0.2 { isOn[room] = false }
        var open = false
        switch faults[room] {
        case .neverHeated: isOn[room] = false
        case .alwaysHeated: isOn[room] = true
        case .windowOpenAllDay: open = hour > 8 && hour < 20 && (step / 96) % 2 == 0
        default: break
        }
        let power = isOn[room] ? powers[room].rawValue : 0
        forcing.setHeat(Watts(power), inRoom: room, at: 0)
        let mean = network.rooms[room].gains.gain(atLocalHour: hour).rawValue
        let people = mean * (1 + 0.5 * RoomBootstrap.normal01(using: &random))
        let draught = open ? -25 * (air - weather.outdoor[step]) : 0
        forcing.setGain(Watts(people + draught), inRoom: room, at: 0)
        heat[room].append(power)
        readings[room].append(
          (air + 0.05 * RoomBootstrap.normal01(using: &random)).rounded(toPlaces: 2))
      }
      discrete.step(&state, forcing: forcing, at: 0)
    }
    for room in 0..<count { spoil(&readings, room, faults[room], &random) }
    return try record(network, readings, heat, weather, days, stepSeconds)
  }

  private static func spoil(
    _ readings: inout [[Double?]], _ room: Int, _ fault: Fault?, _ random: inout SplitMix64
  ) {
    for _ in 0..<max(1, readings[room].count / 1_000) {
      let start = Int.random(in: 0..<readings[room].count, using: &random)
      for step in start..<min(readings[room].count, start + 12) { readings[room][step] = nil }
    }
    switch fault {
    case .dead: readings[room] = readings[room].map { _ in nil }
    case .frozen: readings[room] = readings[room].map { _ in 21.3 }
    case .swappedSensors(let other): readings.swapAt(room, other)
    default: break
    }
  }

  private static func weather(
    _ days: Int, _ random: inout SplitMix64
  ) -> (outdoor: [Double], sun: [Double]) {
    var (outdoor, sun): ([Double], [Double]) = ([], [])
    var (level, cloud) = (0.0, 0.5)
    for day in 0..<days {
      let next = 0.8 * level + 2.5 * RoomBootstrap.normal01(using: &random)
      cloud = min(1, max(0, 0.6 * cloud + .random(in: 0...0.4, using: &random)))
      for step in 0..<96 {
        let hour = Double(step) / 4
        let blend = level + (next - level) * Double(step) / 96
        outdoor.append(2 + blend - 2.5 * cos(2 * .pi * (hour - 3) / 24))
        let height = max(0, sin(.pi * (hour - 7.5) / 9))
        let flicker = 1 + 0.2 * RoomBootstrap.normal01(using: &random)
        sun.append(max(0, (350 + Double(day)) * height * (1 - 0.85 * cloud) * flicker))
      }
      level = next
    }
    return (outdoor, sun)
  }

  private static func record(
    _ network: ThermalNetwork, _ readings: [[Double?]], _ heat: [[Double]],
    _ weather: (outdoor: [Double], sun: [Double]), _ days: Int, _ stepSeconds: Int
  ) throws -> HouseRecord {
    let factor = stepSeconds / 900
    let grid = TimeGrid(
      start: Date(timeIntervalSince1970: 1_767_225_600), stepSeconds: stepSeconds,
      count: days * 96 / factor)
    func means(_ values: [Double]) -> [Double] {
      (0..<grid.count).map {
        values[($0 * factor)..<($0 + 1) * factor].reduce(0, +) / Double(factor)
      }
    }
    let rooms = network.rooms.indices.map { room in
      HouseRecord.Room(
        name: network.rooms[room].name,
        temperature: Series(
          grid: grid,
          values: (0..<grid.count).map { readings[room][$0 * factor].map { Celsius($0) } }),
        heating: .power(Series(grid: grid, rawValues: means(heat[room]))))
    }
    return try HouseRecord(
      grid: grid, outdoor: Series(grid: grid, rawValues: means(weather.outdoor)),
      irradiances: [Series(grid: grid, rawValues: means(weather.sun))], rooms: rooms,
      localHours: grid.indices.map {
        Double($0 % (86_400 / stepSeconds)) * Double(stepSeconds) / 3_600
      })
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let factor = pow(10, Double(places))
    return (self * factor).rounded() / factor
  }
}
