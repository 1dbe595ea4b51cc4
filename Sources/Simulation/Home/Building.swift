// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// The rooms of the simulated home: air and heated floor of each, advanced exactly in minutes.
struct Building: Sendable {
  /// The length of a step.
  static let stepSeconds = 60.0
  /// The wind about which heat losses are configured, m/s.
  static let usualWind = 3.7

  private let network: DiscreteThermalNetwork
  private var state: ThermalState
  private var forcing: ThermalForcing
  /// True heat loss of each room, W/K.
  private let heatLoss: [Double]
  /// How much stronger the sun warms a room in the afternoon than in the morning, −0.5…0.5.
  private let afternoonSun: [Double]
  private let rooms: [Room]
  private let truth: TruthParameters
  /// Standard deviation of what comes and goes in each room, W.
  private let disturbanceWatts: [Double]

  init(home: Home, truth: TruthParameters, temperatures: [Celsius]) throws(ThermalNetworkError) {
    rooms = home.rooms
    self.truth = truth
    let model = try ThermalNetwork(
      rooms: home.rooms.map { Self.room($0, truth: truth[$0.name], home.rooms.facades) },
      links: Self.links(home.rooms), facadeCount: 1 + home.rooms.facades.count)
    network = try DiscreteThermalNetwork(model, stepSeconds: Self.stepSeconds)
    state = ThermalState(network: model, roomTemperatures: temperatures)
    forcing = ThermalForcing(network: model, stepCount: 1)
    heatLoss = home.rooms.map {
      $0.thermal.heatLoss.rawValue * truth[$0.name].heatLossFactor
    }
    afternoonSun = home.rooms.map {
      SeededNoise(seed: 0, stream: .roomTrait, member: SeededNoise.number(of: $0.name))
        .uniform(0) - 0.5
    }
    disturbanceWatts = home.rooms.map {
      let room = truth[$0.name]
      return room.disturbanceKelvinsPerHour * $0.thermal.heatCapacity.rawValue
        * room.heatCapacityFactor * 1_000
    }
  }

  /// The air temperature of a room.
  func temperature(ofRoom room: Int) -> Celsius { state.temperature(ofRoom: room) }

  /// The plain number of the same, °C.
  func celsius(ofRoom room: Int) -> Double { state.nodesCelsius[room] }

  /// Sets what holds for the coming quarter-hour.
  ///
  /// - Parameters:
  ///   - weather: outdoor °C, irradiance W/m², wind m/s.
  ///   - onFacades: irradiance in each plane of windows, W/m².
  ///   - solarHour: hours since the sun's midnight.
  ///   - liveliness: base load over its mean: how much people and appliances heat.
  ///   - disturbances: one standard normal number a room.
  mutating func setConditions(
    celsius: Double, irradiance: Double, onFacades: [Double], wind: Double, solarHour: Double,
    liveliness: Double, disturbances: [Double]
  ) {
    forcing.setOutdoor(Celsius(celsius), at: 0)
    forcing.setIrradiance(WattsPerSquareMetre(irradiance), onFacade: 0, at: 0)
    for (facade, irradiance) in onFacades.enumerated() {
      forcing.setIrradiance(WattsPerSquareMetre(irradiance), onFacade: 1 + facade, at: 0)
    }
    let side = sin(2 * .pi * (solarHour - 12) / 24)
    for index in rooms.indices {
      let thermal = rooms[index].thermal
      let people = thermal.internalGain.rawValue * (0.6 + 0.4 * liveliness)
      let sun =
        thermal.solarAperture.rawValue * irradiance * afternoonSun[index] * side
      let draught =
        heatLoss[index] * truth.heatLossPerWind * (wind - Self.usualWind)
        * (celsius - self.celsius(ofRoom: index))
      forcing.setGain(
        Watts(people + sun + draught + disturbanceWatts[index] * disturbances[index]),
        inRoom: index, at: 0)
    }
  }

  /// Switches a room's heater for the coming minute; the electricity it draws, W.
  mutating func setHeater(isOn: Bool, inRoom room: Int) -> Double {
    let output = rooms[room].heater?.output(
      outdoors: forcing.outdoor(at: 0), room: temperature(ofRoom: room))
    guard isOn, let output else {
      forcing.setHeat(.zero, inRoom: room, at: 0)
      return 0
    }
    forcing.setHeat(output.heat, inRoom: room, at: 0)
    return output.electricity.rawValue
  }

  /// Lets a minute pass.
  mutating func advance() { network.step(&state, forcing: forcing, at: 0) }

  private static func room(
    _ room: Room, truth: TruthParameters.RoomTruth, _ facades: [Facade]
  ) -> ThermalRoom {
    let thermal = room.thermal
    let capacity = thermal.heatCapacity * truth.heatCapacityFactor
    let slab = capacity * truth.slabShare
    let lagHours = thermal.heaterTimeConstant.hours
    let conductance = WattsPerKelvin(slab.rawValue * 1_000 / max(lagHours, 0.25))
    let heater: ThermalRoom.HeaterSlab? =
      room.heater != nil && lagHours > 0 && slab > .zero
      ? ThermalRoom.HeaterSlab(capacity: slab, conductanceToAir: conductance) : nil
    return ThermalRoom(
      name: room.name, airCapacity: heater == nil ? capacity : capacity - slab,
      conductanceToOutdoors: thermal.heatLoss * truth.heatLossFactor,
      solarApertures: thermal.apertures(on: facades), heater: heater)
  }

  /// Each wall once, although both rooms may state it; where they disagree, the mean.
  private static func links(_ rooms: [Room]) -> [ThermalNetwork.Link] {
    let positions = Dictionary(
      rooms.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var stated: [[Int]: [WattsPerKelvin]] = [:]
    for (index, room) in rooms.enumerated() {
      for adjacency in room.thermal.adjacencies {
        guard let other = positions[adjacency.room], other != index else { continue }
        stated[[min(index, other), max(index, other)], default: []].append(adjacency.conductance)
      }
    }
    return stated.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, conductances in
      ThermalNetwork.Link(
        pair[0], pair[1],
        conductance: conductances.reduce(.zero, +) / Double(conductances.count))
    }
  }
}
