// SPDX-License-Identifier: MIT
import Foundation
import Testing
import TimeSeries

@testable import Physics

@Suite("Following rooms live")
struct HouseTrackerTests {
  private static let start = Date(timeIntervalSince1970: 1_768_176_000)

  /// Two rooms with heated floors beside each other.
  private static func network(lossFactor: Double = 1) throws -> ThermalNetwork {
    func room(_ name: String) -> ThermalRoom {
      ThermalRoom(
        name: name, airCapacity: KilowattHoursPerKelvin(2),
        conductanceToOutdoors: WattsPerKelvin(25 * lossFactor), solarApertures: [.zero],
        heater: .init(
          capacity: KilowattHoursPerKelvin(1), conductanceToAir: WattsPerKelvin(1_000)))
    }
    return try ThermalNetwork(
      rooms: [room("kitchen"), room("study")],
      links: [.init(0, 1, conductance: WattsPerKelvin(10))])
  }

  /// A house that is a little other than its model, with thermostats and sensors of 0.1 K.
  private struct Truth {
    let discrete: DiscreteThermalNetwork
    var state: ThermalState
    var isOn = [false, false]
    var wanted = [21.0, 20.0]
    var random = SplitMix64(seed: 4)

    init(_ network: ThermalNetwork) throws {
      discrete = try DiscreteThermalNetwork(network, stepSeconds: 300)
      state = ThermalState(network: network, roomTemperatures: [Celsius(21), Celsius(20)])
    }

    func forcing() -> ThermalForcing {
      var forcing = ThermalForcing(network: discrete.network, stepCount: 1)
      for room in 0..<2 where isOn[room] {
        forcing.setHeat(Watts(1_500), inRoom: room, at: 0)
      }
      return forcing
    }

    mutating func step() -> (forcing: ThermalForcing, readings: [Celsius]) {
      for room in 0..<2 {
        isOn[room] = state.nodesCelsius[room] < wanted[room] + (isOn[room] ? 0.2 : -0.2)
      }
      let forcing = forcing()
      discrete.step(&state, forcing: forcing, at: 0)
      return (
        forcing,
        (0..<2).map {
          let noisy = state.nodesCelsius[$0] + Double.random(in: -0.05...0.05, using: &random)
          return Celsius((noisy * 10).rounded() / 10)
        }
      )
    }
  }

  private func tracker() throws -> HouseTracker {
    try HouseTracker(Self.network(), stepSeconds: 300)
  }

  /// Follows the truth for some days; `readings` may spoil what the sensors say.
  private func follow(
    _ truth: inout Truth, _ tracker: HouseTracker, _ belief: inout HouseBelief, hours: Double,
    spoil: (Int, [Celsius]) -> [Celsius?] = { $1 },
    watch: (HouseBelief, Truth) -> Void = { _, _ in }
  ) {
    for step in 0..<Int(hours * 12) {
      let (forcing, readings) = truth.step()
      tracker.advance(&belief, through: forcing)
      for (room, reading) in spoil(step, readings).enumerated() {
        tracker.correct(&belief, room: room, reading: reading, isHeated: truth.isOn[room])
      }
      watch(belief, truth)
    }
  }

  @Test("believes air and warm floor closer than the sensor's steps, with a model 20 % wrong")
  func follows() throws {
    var truth = try Truth(Self.network(lossFactor: 1.2))
    let tracker = try tracker()
    var belief = tracker.start([Celsius(21), Celsius(20)], at: Self.start)
    follow(&truth, tracker, &belief, hours: 48)
    var (air, slab, count) = (0.0, 0.0, 0.0)
    follow(
      &truth, tracker, &belief, hours: 24,
      watch: { belief, truth in
        for room in 0..<2 {
          air += abs(belief.thermal.nodesCelsius[room] - truth.state.nodesCelsius[room])
          slab += abs(belief.thermal.nodesCelsius[2 + room] - truth.state.nodesCelsius[2 + room])
        }
        count += 2
      })
    #expect(air / count < 0.05)
    #expect(slab / count < 0.2)
    #expect(belief.rooms.allSatisfy { $0.restarts == 0 })
    // 5 W/K more over 20 K cool 2 kWh/K by 0.05 K/h; some of it is the model's slower loss.
    #expect((-0.08 ... -0.02).contains(belief.rooms[0].disturbance))
  }

  @Test("rides over a day without readings, less sure than before")
  func gap() throws {
    var truth = try Truth(Self.network())
    let tracker = try tracker()
    var belief = tracker.start([Celsius(21), Celsius(20)], at: Self.start)
    follow(&truth, tracker, &belief, hours: 24)
    let sure = belief.uncertainty(ofRoom: 0)
    follow(&truth, tracker, &belief, hours: 24, spoil: { [nil, $1[1]] })
    #expect(belief.rooms[0].reception == .missing)
    #expect(belief.uncertainty(ofRoom: 0) > sure)
    #expect(abs(belief.thermal.nodesCelsius[0] - truth.state.nodesCelsius[0]) < 0.5)
  }

  @Test("finds a frozen sensor, takes back what it did, and believes it when it moves again")
  func frozen() throws {
    var truth = try Truth(Self.network())
    let tracker = try tracker()
    var belief = tracker.start([Celsius(21), Celsius(20)], at: Self.start)
    follow(&truth, tracker, &belief, hours: 24)
    // The room is let cool, the number stands.
    truth.wanted[0] = 17
    follow(&truth, tracker, &belief, hours: 16, spoil: { [Celsius(21), $1[1]] })
    #expect(belief.rooms[0].reception == .frozen)
    #expect(truth.state.nodesCelsius[0] < 19)
    #expect(abs(belief.thermal.nodesCelsius[0] - truth.state.nodesCelsius[0]) < 0.5)
    follow(&truth, tracker, &belief, hours: 1)
    #expect(belief.rooms[0].reception == .followed)
  }

  @Test("a window with the heater on moves the air and spares the floor")
  func window() throws {
    var truth = try Truth(Self.network())
    let tracker = try tracker()
    var belief = tracker.start([Celsius(21), Celsius(20)], at: Self.start)
    follow(&truth, tracker, &belief, hours: 24)
    let floor = belief.thermal.nodesCelsius[2]
    var forcing = ThermalForcing(network: tracker.network, stepCount: 1)
    forcing.setHeat(Watts(1_500), inRoom: 0, at: 0)
    var seen: Set<HouseBelief.Reception> = []
    for step in 1...6 {
      tracker.advance(&belief, through: forcing)
      tracker.correct(
        &belief, room: 0, reading: Celsius(21 - 0.3 * Double(step)), isHeated: true)
      tracker.correct(&belief, room: 1, reading: Celsius(20), isHeated: false)
      seen.insert(belief.rooms[0].reception)
    }
    #expect(seen.contains(.windowOpen))
    #expect(belief.thermal.nodesCelsius[2] > floor)
  }

  @Test("starts anew where readings are far from anything the model can be")
  func reset() throws {
    var truth = try Truth(Self.network())
    let tracker = try tracker()
    var belief = tracker.start([Celsius(21), Celsius(20)], at: Self.start)
    follow(&truth, tracker, &belief, hours: 24)
    follow(&truth, tracker, &belief, hours: 1, spoil: { [Celsius(30 + 0.1 * Double($0)), $1[1]] })
    #expect(belief.rooms[0].restarts >= 1)
    #expect(belief.thermal.nodesCelsius[0] > 29)
  }

  @Test("written down and read back it goes on bit for bit; another network keeps the air")
  func persistence() throws {
    var truth = try Truth(Self.network())
    let tracker = try tracker()
    var belief = tracker.start([Celsius(21), Celsius(20)], at: Self.start)
    follow(&truth, tracker, &belief, hours: 20)
    var read = try JSONDecoder().decode(
      HouseBelief.self, from: JSONEncoder().encode(belief))
    #expect(read == belief)
    var other = truth
    follow(&truth, tracker, &belief, hours: 3)
    follow(&other, tracker, &read, hours: 3)
    #expect(read == belief)
    let rooms = try Self.network().rooms.map {
      ThermalRoom(
        name: $0.name, airCapacity: $0.airCapacity, conductanceToOutdoors: $0.conductanceToOutdoors)
    }
    let plain = try HouseTracker(ThermalNetwork(rooms: rooms), stepSeconds: 300)
    #expect(plain.steps(from: belief, to: belief.time) == nil)
    let adopted = plain.adopted(belief)
    #expect(adopted.thermal.nodesCelsius == Array(belief.thermal.nodesCelsius.prefix(2)))
    #expect(plain.steps(from: adopted, to: belief.time.addingTimeInterval(905)) == 3)
    #expect(plain.steps(from: adopted, to: belief.time.addingTimeInterval(90_000)) == nil)
  }
}

@Suite("Forecasts of rooms that are judged live")
struct RoomOutlookRecordTests {
  @Test(
    "P10 to P90 comes to hold four of five targets, whatever the error is", arguments: [0.1, 0.8])
  func coverage(spread: Double) {
    var record = RoomOutlookRecord()
    var random = SplitMix64(seed: 11)
    var recent = (inside: 0, count: 0)
    var widths: [Double] = []
    for hour in 0..<24 * 90 {
      let now = Date(timeIntervalSince1970: Double(hour) * 3_600)
      // Readings scatter evenly about 0.3 K above a model that says 20 °C.
      let reading = 20.3 + Double.random(in: -spread...spread, using: &random)
      record.settle(["kitchen": Celsius(reading)], at: now)
      let grid = TimeGrid(start: now, stepSeconds: 900, count: 120)
      let forecast = record.issue(
        ["kitchen": Array(repeating: Celsius(20), count: 120)], on: grid, at: now)["kitchen"]
      guard hour > 24 * 45, let forecast else { continue }
      let next = 20.3 + Double.random(in: -spread...spread, using: &random)
      recent.count += 1
      let inside = forecast.p10[95].rawValue...forecast.p90[95].rawValue
      recent.inside += inside.contains(next) ? 1 : 0
      widths.append((forecast.p90[95] - forecast.p10[95]).rawValue)
    }
    let share = Double(recent.inside) / Double(recent.count)
    #expect((0.75...0.85).contains(share), "\(share)")
    // Four fifths of an even spread of 2 × spread.
    let width = widths.reduce(0, +) / Double(widths.count)
    #expect(abs(width / (1.6 * spread) - 1) < 0.15)
  }

  @Test("an hour without readings leaves nothing to judge")
  func missing() {
    var record = RoomOutlookRecord()
    let grid = TimeGrid(start: Date(timeIntervalSince1970: 0), stepSeconds: 900, count: 8)
    _ = record.issue(
      ["kitchen": Array(repeating: Celsius(20), count: 8)], on: grid, at: grid.start)
    record.settle([:], at: grid.date(at: 4))
    #expect(record.coverage.targets == 0)
  }
}
