// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Follows all rooms of a thermal network live: a Kalman filter of every node and of an unknown
/// heat in each room, from whatever readings there are.
///
/// Temperatures advance together through the exact network; the covariance is block-diagonal, one
/// block a room, since all rooms are measured and what a neighbour's state does not know is small.
/// Pure: the state is a ``HouseBelief``. Source: R. Kalman, J. Basic Eng. 82 (1960) 35,
/// doi:10.1115/1.3662552; details: docs/models/kalman.md.
public struct HouseTracker: Sendable {
  /// The network that is followed.
  public let network: ThermalNetwork
  /// The length of a step.
  public let stepSeconds: Int
  private let discrete: DiscreteThermalNetwork
  let layout: ThermalNetwork.NodeLayout
  let blocks: [RoomCovariance]
  let noises: [TrackingNoise]

  /// After this long without a decision nothing of the old belief is left.
  private static let longestGap = 86_400.0

  /// A tracker of a network.
  ///
  /// - Parameter noises: one a room; ``TrackingNoise/described`` for all others.
  /// - Throws: ``ThermalNetworkError``.
  public init(
    _ network: ThermalNetwork, noises: [TrackingNoise?] = [], stepSeconds: Int
  ) throws(ThermalNetworkError) {
    self.network = network
    self.stepSeconds = stepSeconds
    discrete = try DiscreteThermalNetwork(network, stepSeconds: Double(stepSeconds))
    layout = ThermalNetwork.NodeLayout(network.rooms)
    let all = network.rooms.indices.map { room in
      noises.indices.contains(room) ? noises[room] ?? .described : .described
    }
    self.noises = all
    let hours = discrete.stepHours
    blocks = network.rooms.indices.compactMap {
      RoomCovariance(network, room: $0, noise: all[$0], stepHours: hours)
    }
    guard blocks.count == network.rooms.count else { throw .numericallySingular }
  }

  /// A belief at its start: all nodes of a room at its temperature.
  public func start(_ temperatures: [Celsius], at time: Date) -> HouseBelief {
    HouseBelief(
      time: time, thermal: ThermalState(network: network, roomTemperatures: temperatures),
      rooms: zip(network.rooms, blocks).map {
        HouseBelief.Room(name: $0.name, covariance: $1.start)
      })
  }

  /// How many whole steps lie between a belief and a time; `nil` when it is too old to go on from.
  public func steps(from belief: HouseBelief, to time: Date) -> Int? {
    let seconds = time.timeIntervalSince(belief.time)
    guard seconds <= Self.longestGap, isOfThisNetwork(belief) else { return nil }
    // A decision a moment early is one step later.
    return max(0, Int((seconds / Double(stepSeconds) + 0.1).rounded(.down)))
  }

  /// A belief of another network, as after a change of models, carried over: what was believed of
  /// the air of rooms that are still there.
  public func adopted(_ belief: HouseBelief) -> HouseBelief {
    if isOfThisNetwork(belief) { return belief }
    let known = Dictionary(
      belief.rooms.enumerated().map { ($1.name, belief.thermal.temperature(ofRoom: $0)) },
      uniquingKeysWith: { first, _ in first })
    let mean = belief.thermal.nodesCelsius.reduce(0, +) / Double(belief.thermal.nodesCelsius.count)
    return start(
      network.rooms.map { known[$0.name] ?? Celsius(mean.isFinite ? mean : 20) }, at: belief.time)
  }

  private func isOfThisNetwork(_ belief: HouseBelief) -> Bool {
    belief.thermal.nodesCelsius.count == network.nodeCount
      && belief.rooms.map(\.name) == network.rooms.map(\.name)
      && zip(belief.rooms, blocks).allSatisfy { $0.covariance.count == $1.size * $1.size }
  }

  /// Goes on by the steps of a forcing, without readings.
  ///
  /// - Precondition: belief and forcing are of this network.
  public func advance(_ belief: inout HouseBelief, through forcing: ThermalForcing) {
    for step in 0..<forcing.stepCount {
      var forcing = forcing
      addDisturbances(of: belief, to: &forcing, at: step)
      discrete.step(&belief.thermal, forcing: forcing, at: step)
      for (room, block) in blocks.enumerated() {
        block.advance(&belief.rooms[room].covariance)
        belief.rooms[room].disturbance *= block.disturbanceRetention
        if let pull = belief.rooms[room].still?.pull {
          belief.rooms[room].still?.pull = block.advanced(pull)
        }
      }
      belief.time += Double(stepSeconds)
    }
  }

  /// The unknown heat of each room in the steps ahead, fading as it goes.
  ///
  /// - Returns: an array for each room, one number a step.
  public func disturbanceGains(
    of belief: HouseBelief, steps: Int, stepHours: Double
  ) -> [[Watts]] {
    network.rooms.indices.map { room in
      let now = 1_000 * belief.rooms[room].disturbance * network.rooms[room].airCapacity.rawValue
      return (0..<steps).map { Watts(now * exp(-noises[room].fading * stepHours * Double($0))) }
    }
  }

  private func addDisturbances(
    of belief: HouseBelief, to forcing: inout ThermalForcing, at step: Int
  ) {
    for (room, thermal) in network.rooms.enumerated() where belief.rooms[room].disturbance != 0 {
      let kilowatts = belief.rooms[room].disturbance * thermal.airCapacity.rawValue
      forcing.addGain(Watts(1_000 * kilowatts), inRoom: room, at: step)
    }
  }

  /// The air of every room under a forcing, from what is believed.
  func simulate(from belief: HouseBelief, forcing: ThermalForcing) -> ThermalTrajectory {
    discrete.simulate(from: belief.thermal, forcing: forcing)
  }
}
