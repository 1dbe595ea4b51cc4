// SPDX-License-Identifier: MIT
public import TimeSeries

/// Everything that drives a network over a horizon: weather, heat and gains, constant in each step.
///
/// Stored flat, one row a step, so that a simulation reads it without allocation.
public struct ThermalForcing: Sendable, Hashable {
  /// Rooms of the network.
  public let roomCount: Int
  /// Irradiances of the network.
  public let facadeCount: Int
  /// Steps of the horizon.
  public private(set) var stepCount: Int
  /// Row by step: outdoor °C, façades kW/m², heat of each room kW, gains of each room kW.
  var numbers: [Double]

  /// Inputs for a network: 0 °C, no sun and no heat until set.
  public init(network: ThermalNetwork, stepCount: Int) {
    roomCount = network.rooms.count
    facadeCount = network.facadeCount
    self.stepCount = stepCount
    numbers = Array(repeating: 0, count: stepCount * (1 + facadeCount + 2 * roomCount))
  }

  /// The inputs of some steps.
  ///
  /// - Precondition: the steps lie in the horizon.
  public func slice(_ steps: Range<Int>) -> ThermalForcing {
    var part = self
    part.stepCount = steps.count
    part.numbers = Array(numbers[steps.lowerBound * width..<steps.upperBound * width])
    return part
  }

  /// Numbers in a row.
  var width: Int { 1 + facadeCount + 2 * roomCount }

  /// The outdoor air temperature in a step.
  public mutating func setOutdoor(_ temperature: Celsius, at step: Int) {
    numbers[step * width] = temperature.rawValue
  }

  /// The irradiance on a façade in a step.
  public mutating func setIrradiance(
    _ irradiance: WattsPerSquareMetre, onFacade facade: Int, at step: Int
  ) {
    precondition(facade < facadeCount, "the façade belongs to the network")
    numbers[step * width + 1 + facade] = irradiance.rawValue / 1_000
  }

  /// Heat that the heater of a room receives in a step: thermal power, for an electric heater its
  /// electric power, for a heat pump that times its COP.
  public mutating func setHeat(_ heat: Watts, inRoom room: Int, at step: Int) {
    precondition(room < roomCount, "the room belongs to the network")
    numbers[step * width + 1 + facadeCount + room] = heat.rawValue / 1_000
  }

  /// Heat of people and appliances in the air of a room in a step.
  public mutating func setGain(_ gain: Watts, inRoom room: Int, at step: Int) {
    precondition(room < roomCount, "the room belongs to the network")
    numbers[step * width + 1 + facadeCount + roomCount + room] = gain.rawValue / 1_000
  }

  /// Adds heat in the air of a room in a step to what is set; negative where something takes it.
  public mutating func addGain(_ gain: Watts, inRoom room: Int, at step: Int) {
    numbers[step * width + 1 + facadeCount + roomCount + room] += gain.rawValue / 1_000
  }

  /// The outdoor air temperature in a step.
  public func outdoor(at step: Int) -> Celsius { Celsius(numbers[step * width]) }

  /// The irradiance on a façade in a step.
  public func irradiance(onFacade facade: Int, at step: Int) -> WattsPerSquareMetre {
    WattsPerSquareMetre(1_000 * numbers[step * width + 1 + facade])
  }

  /// Heat that the heater of a room receives in a step.
  public func heat(inRoom room: Int, at step: Int) -> Watts {
    Watts(1_000 * numbers[step * width + 1 + facadeCount + room])
  }

  /// The rooms' own daily profiles in a step that has a local hour (`0 ..< 24`).
  public mutating func setDailyGains(of network: ThermalNetwork, localHour: Double, at step: Int) {
    for (index, room) in network.rooms.enumerated() {
      setGain(room.gains.gain(atLocalHour: localHour), inRoom: index, at: step)
    }
  }
}

/// The temperatures of all nodes of a network at one instant.
public struct ThermalState: Sendable, Hashable, Codable {
  /// °C; the air of each room in order, then envelopes, then heater slabs.
  public var nodesCelsius: [Double]
  /// How many rooms the network has.
  public let roomCount: Int

  /// All nodes of a room start at the room's temperature.
  ///
  /// - Precondition: one temperature for each room.
  public init(network: ThermalNetwork, roomTemperatures: [Celsius]) {
    precondition(roomTemperatures.count == network.rooms.count, "one temperature a room")
    roomCount = roomTemperatures.count
    nodesCelsius = Array(repeating: 0, count: network.nodeCount)
    let layout = ThermalNetwork.NodeLayout(network.rooms)
    for (room, temperature) in roomTemperatures.enumerated() {
      for node in [room, layout.envelopes[room], layout.heaters[room]].compactMap({ $0 }) {
        nodesCelsius[node] = temperature.rawValue
      }
    }
  }

  init(nodesCelsius: [Double], roomCount: Int) {
    self.nodesCelsius = nodesCelsius
    self.roomCount = roomCount
  }

  /// The air temperature of a room.
  public func temperature(ofRoom room: Int) -> Celsius { Celsius(nodesCelsius[room]) }

  /// Replaces the air temperature of a room by a measured one; its other nodes stay.
  public mutating func correct(room: Int, to temperature: Celsius) {
    nodesCelsius[room] = temperature.rawValue
  }
}

/// The air temperature of each room at the end of every simulated step.
public struct ThermalTrajectory: Sendable, Hashable {
  /// Rooms of the network.
  public let roomCount: Int
  /// Row by step, column by room; °C.
  let roomsCelsius: [Double]
  /// All nodes after the last step.
  public let finalState: ThermalState

  /// Steps of the simulation.
  public var stepCount: Int { roomCount == 0 ? 0 : roomsCelsius.count / roomCount }

  /// The temperature of a room at the end of a step.
  public func temperature(ofRoom room: Int, atEndOf step: Int) -> Celsius {
    Celsius(roomsCelsius[step * roomCount + room])
  }

  /// The temperatures of a room at the end of each step.
  public func temperatures(ofRoom room: Int) -> [Celsius] {
    (0..<stepCount).map { temperature(ofRoom: room, atEndOf: $0) }
  }
}
