// SPDX-License-Identifier: MIT
public import Household
public import Physics
public import TimeSeries

/// What a configuration should say of its rooms before any series was measured: loss and capacity
/// out of heating statistics, with the walls and gains that the configuration has.
///
/// ``CycleEstimate`` gives what a room's heater replaces, `UA_net = P d / ΔT`. Where walls to other
/// rooms, gains and sun are written down, they carry a part of the loss, so that the loss to outdoors
/// is the balance `UA = (P d + Q + A I + Σ G (T_j − T)) / ΔT` of the same time. Capacities are those
/// of the cycles.
public struct RoomPriors: Sendable, Hashable {
  /// What was recorded of a room.
  public struct Recorded: Sendable, Hashable {
    /// Duty, differences and cycles.
    public let statistics: HeatingStatistics
    /// Mean temperature of the same time.
    public let mean: Celsius

    /// The record of one room.
    public init(_ statistics: HeatingStatistics, mean: Celsius) {
      self.statistics = statistics
      self.mean = mean
    }
  }

  /// One room.
  public struct Entry: Sendable, Hashable {
    /// The estimate out of cycles and duty alone.
    public let estimate: CycleEstimate
    /// The plain steady state `P d / ΔT`; zero when the heater was never on.
    public let steadyLoss: WattsPerKelvin
    /// The balance with the configured walls, gains and sun; `nil` without a configured room.
    public let balancedLoss: WattsPerKelvin?
    /// What the configuration says now.
    public let configured: RoomThermalProperties?
  }

  /// Mean sun on a horizontal square metre in the two darkest months at 49° north (PVGIS: 0.7
  /// kWh/m² a day).
  public static let winterSun = WattsPerSquareMetre(30)

  /// The rooms, in the order of what was recorded.
  public let rooms: [Entry]

  /// The priors of some rooms.
  ///
  /// - Parameters:
  ///   - recorded: all rooms of the home; a wall to a room that was not recorded counts as none.
  ///   - home: the configured rooms, for walls, gains and apertures.
  ///   - sun: mean irradiance of the recorded time.
  public init(_ recorded: [Recorded], home: [Room], sun: WattsPerSquareMetre = winterSun) {
    let estimates = CycleEstimate.estimates(for: recorded.map(\.statistics))
    let means = Dictionary(
      recorded.map { ($0.statistics.room, $0.mean) }, uniquingKeysWith: { first, _ in first })
    rooms = zip(recorded, estimates).map { recorded, estimate in
      let statistics = recorded.statistics
      let room = home.first { $0.name == statistics.room }
      let difference = statistics.meanDifference.rawValue
      let demand = statistics.power.rawValue * statistics.duty.rawValue
      let others = room.map { Self.heatFromOthers($0, recorded.mean, home: home, means, sun) }
      return Entry(
        estimate: estimate,
        steadyLoss: WattsPerKelvin(difference > 0 ? demand / difference : 0),
        balancedLoss: others.flatMap {
          difference > 0 ? WattsPerKelvin((demand + $0.rawValue) / difference) : nil
        }, configured: room?.thermal)
    }
  }

  /// Gains, sun and what comes through walls from warmer rooms.
  private static func heatFromOthers(
    _ room: Room, _ mean: Celsius, home: [Room], _ means: [String: Celsius],
    _ sun: WattsPerSquareMetre
  ) -> Watts {
    var heat =
      room.thermal.internalGain.rawValue + sun.rawValue * room.thermal.solarAperture.rawValue
    for other in home where other.name != room.name {
      guard let there = means[other.name] else { continue }
      // A wall is written at one of its rooms, or the same at both.
      let wall =
        room.thermal.adjacencies.first { $0.room == other.name }
        ?? other.thermal.adjacencies.first { $0.room == room.name }
      heat += (wall?.conductance.rawValue ?? 0) * (there - mean).rawValue
    }
    return Watts(heat)
  }
}

extension CycleEstimate.Determination {
  /// What the data can tell of such a room and why not more, for people.
  public var sentence: String {
    switch self {
    case .determined: "determined"
    case .capacityUncertain: "loss determined; too few separate cycles for its capacity"
    case .netOfNeighbours:
      "not determined: neighbours, people and appliances supply most of its heat, its own heater "
        + "hardly any, so that walls and gains cannot be told apart"
    case .neverHeated:
      "not determined: never heated; medians of the other rooms for its installed power"
    }
  }
}
