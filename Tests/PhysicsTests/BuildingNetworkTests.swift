// SPDX-License-Identifier: MIT
import Foundation
import Testing
import TimeSeries

@testable import Physics

@Suite("Thermal network")
struct BuildingNetworkTests {
  @Test("the matrix exponential equals the published example and a rotation")
  func exponential() throws {
    var matrix = DenseMatrix(rows: 2, columns: 2)
    matrix.numbers = [1, 2, 3, 4]
    // Eigenvalues (5 ± √33)/2; the entries are from the spectral formula, evaluated by hand tools.
    let expected = [51.968_956_198_7, 74.736_564_567, 112.104_846_850_5, 164.073_803_049_2]
    for (value, wanted) in zip(try #require(matrix.exponential).numbers, expected) {
      #expect(abs(value - wanted) < 1e-8)
    }
    matrix.numbers = [0, -40, 40, 0]
    let rotation = try #require(matrix.exponential)
    #expect(abs(rotation[0, 0] - cos(40)) < 1e-11 && abs(rotation[1, 0] - sin(40)) < 1e-11)
  }

  @Test("one node follows the textbook exponential")
  func oneNode() throws {
    // 100 W/K and 5 kWh/K: time constant 50 h; 1 kW holds 10 K above outdoors.
    let room = ThermalRoom(
      name: "a", airCapacity: KilowattHoursPerKelvin(5), conductanceToOutdoors: WattsPerKelvin(100))
    let network = try ThermalNetwork(rooms: [room])
    var forcing = ThermalForcing(network: network, stepCount: 1)
    forcing.setHeat(Watts(1_000), inRoom: 0, at: 0)
    let step = try DiscreteThermalNetwork(network, stepSeconds: 36_000)
    var state = ThermalState(network: network, roomTemperatures: [Celsius(20)])
    step.step(&state, forcing: forcing, at: 0)
    #expect(abs(state.temperature(ofRoom: 0).rawValue - (10 + 10 * exp(-0.2))) < 1e-12)
    #expect(abs(try network.slowestTimeConstant().rawValue - 50) < 1e-9)
    #expect(
      abs(try network.steadyState(under: forcing, at: 0).temperature(ofRoom: 0).rawValue - 10)
        < 1e-12)
  }

  @Test(
    "agrees with small Runge-Kutta steps of the heat balance", arguments: [1, 2, 3] as [UInt64])
  func rungeKutta(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let network = try Self.house(rooms: 4, using: &random)
    let forcing = Self.weather(network, steps: 8, using: &random)
    let start = ThermalState(
      network: network, roomTemperatures: (0..<4).map { Celsius(18 + Double($0)) })
    let exact = try DiscreteThermalNetwork(network, stepSeconds: 900)
      .simulate(from: start, forcing: forcing).finalState
    let slow = Self.rungeKutta(network, from: start.nodesCelsius, forcing: forcing, hours: 0.25)
    for (value, wanted) in zip(exact.nodesCelsius, slow) { #expect(abs(value - wanted) < 1e-8) }
  }

  @Test(
    "a constant course keeps its energy balance in steady state", arguments: [4, 5] as [UInt64])
  func energyBalance(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let network = try Self.house(rooms: 6, using: &random)
    var forcing = ThermalForcing(network: network, stepCount: 1)
    forcing.setOutdoor(Celsius(-5), at: 0)
    for room in 0..<6 { forcing.setHeat(Watts(500), inRoom: room, at: 0) }
    let state = try network.steadyState(under: forcing, at: 0)
    let lost = network.rooms.enumerated().reduce(0.0) { sum, room in
      sum + room.element.heatLossCoefficient.rawValue
        * (state.temperature(ofRoom: room.offset).rawValue + 5)
    }
    #expect(abs(lost - 3_000) < 1e-6)
  }

  @Test("the planner's form is exact for one node and, with drifts, on any simulated course")
  func plannerForm() throws {
    var random = SplitMix64(seed: 7)
    let network = try Self.house(rooms: 3, using: &random)
    let forcing = Self.weather(network, steps: 20, using: &random)
    let start = ThermalState(
      network: network, roomTemperatures: [Celsius(20), Celsius(21), Celsius(19)])
    let discrete = try DiscreteThermalNetwork(network, stepSeconds: 900)
    let course = discrete.simulate(from: start, forcing: forcing)
    for model in try discrete.roomStepModels() {
      let drifts = model.drifts(along: course, from: start, forcing: forcing)
      var temperature = start.temperature(ofRoom: model.room)
      for step in 0..<20 {
        func before(_ room: Int) -> Celsius {
          step == 0
            ? start.temperature(ofRoom: room)
            : course.temperature(ofRoom: room, atEndOf: step - 1)
        }
        temperature = model.next(
          temperature, heat: forcing.heat(inRoom: model.room, at: step),
          outdoor: forcing.outdoor(at: step),
          irradiances: [forcing.irradiance(onFacade: 0, at: step)],
          neighbourTemperatures: model.neighbours.map { before($0.room) })
        temperature.rawValue += drifts[step].rawValue
        let wanted = course.temperature(ofRoom: model.room, atEndOf: step)
        #expect(abs(temperature.rawValue - wanted.rawValue) < 1e-9)
      }
    }
    let single = try ThermalNetwork(rooms: [
      ThermalRoom(
        name: "a", airCapacity: KilowattHoursPerKelvin(2),
        conductanceToOutdoors: WattsPerKelvin(40))
    ])
    let model = try DiscreteThermalNetwork(single, stepSeconds: 900).roomStepModels()[0]
    #expect(abs(model.retention - exp(-0.04 * 0.25 / 2)) < 1e-12)
    #expect(abs(model.capacity.rawValue - 2) < 1e-9)
  }

  @Test("rejects what no room can have")
  func refusals() {
    let room = ThermalRoom(
      name: "a", airCapacity: .zero, conductanceToOutdoors: WattsPerKelvin(10))
    #expect(
      throws: ThermalNetworkError.implausible(
        room: "a", quantity: "capacity of the air", value: 0)
    ) { try ThermalNetwork(rooms: [room]) }
  }

  @Test("a 48 h horizon of 17 rooms with 51 nodes takes well under a hundredth of a second")
  func speed() throws {
    var random = SplitMix64(seed: 17)
    let network = try Self.house(rooms: 17, using: &random)
    let forcing = Self.weather(network, steps: 192, using: &random)
    let start = ThermalState(
      network: network, roomTemperatures: Array(repeating: Celsius(20), count: 17))
    let discrete = try DiscreteThermalNetwork(network, stepSeconds: 900)
    let clock = ContinuousClock()
    let best = (0..<5).map { _ in
      clock.measure { _ = discrete.simulate(from: start, forcing: forcing) }
    }.min()
    print("48 h of 17 rooms, \(network.nodeCount) nodes: \(best ?? .zero)")
    #expect(try #require(best) < .milliseconds(10))
  }
}

extension BuildingNetworkTests {
  /// A plausible house whose rooms have one to three nodes.
  static func house(
    rooms count: Int, using random: inout SplitMix64
  ) throws -> ThermalNetwork {
    var rooms: [ThermalRoom] = []
    for index in 0..<count {
      var room = ThermalRoom(
        name: "room\(index)",
        airCapacity: KilowattHoursPerKelvin(.random(in: 0.1...0.6, using: &random)),
        conductanceToOutdoors: WattsPerKelvin(.random(in: 5...30, using: &random)),
        solarApertures: [SquareMetres(.random(in: 0...3, using: &random))])
      if index % 3 != 1 || count > 10 {
        room.envelope = ThermalRoom.Envelope(
          capacity: KilowattHoursPerKelvin(.random(in: 1...6, using: &random)),
          conductanceToAir: WattsPerKelvin(.random(in: 80...400, using: &random)),
          conductanceToOutdoors: WattsPerKelvin(.random(in: 3...20, using: &random)))
      }
      if index % 3 == 2 || count > 10 {
        room.heater = ThermalRoom.HeaterSlab(
          capacity: KilowattHoursPerKelvin(.random(in: 0.2...1, using: &random)),
          conductanceToAir: WattsPerKelvin(.random(in: 60...300, using: &random)))
      }
      rooms.append(room)
    }
    let links = (1..<count).map {
      ThermalNetwork.Link(
        $0 - 1, $0, conductance: WattsPerKelvin(.random(in: 5...60, using: &random)))
    }
    return try ThermalNetwork(rooms: rooms, links: links)
  }

  static func weather(
    _ network: ThermalNetwork, steps: Int, using random: inout SplitMix64
  ) -> ThermalForcing {
    var forcing = ThermalForcing(network: network, stepCount: steps)
    for step in 0..<steps {
      forcing.setOutdoor(Celsius(.random(in: -10...10, using: &random)), at: step)
      forcing.setIrradiance(
        WattsPerSquareMetre(.random(in: 0...600, using: &random)), onFacade: 0, at: step)
      for room in network.rooms.indices {
        forcing.setHeat(Watts(.random(in: 0...1_500, using: &random)), inRoom: room, at: step)
        forcing.setGain(Watts(.random(in: 0...100, using: &random)), inRoom: room, at: step)
      }
    }
    return forcing
  }

  /// The slow obvious way: 200 fourth-order steps in each step.
  static func rungeKutta(
    _ network: ThermalNetwork, from start: [Double], forcing: ThermalForcing, hours: Double
  ) -> [Double] {
    let model = network.continuousModel
    var nodes = start
    let small = hours / 200
    for step in 0..<forcing.stepCount {
      func slope(_ nodes: [Double]) -> [Double] {
        nodes.indices.map { row in
          nodes.indices.reduce(0.0) { $0 + model.state[row, $1] * nodes[$1] }
            + (0..<forcing.width).reduce(0.0) {
              $0 + model.input[row, $1] * forcing.numbers[step * forcing.width + $1]
            }
        }
      }
      func moved(_ slope: [Double], _ time: Double) -> [Double] {
        zip(nodes, slope).map { $0 + time * $1 }
      }
      for _ in 0..<200 {
        let first = slope(nodes)
        let second = slope(moved(first, small / 2))
        let third = slope(moved(second, small / 2))
        let fourth = slope(moved(third, small))
        for node in nodes.indices {
          nodes[node] +=
            small / 6 * (first[node] + 2 * second[node] + 2 * third[node] + fourth[node])
        }
      }
    }
    return nodes
  }
}
