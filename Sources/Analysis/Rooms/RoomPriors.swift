// SPDX-License-Identifier: MIT
import Foundation
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
    /// Share of the time in which the heater was on.
    public let duty: Fraction

    /// What the records can tell of the room and why not more, for people.
    public var sentence: String {
      let percent = Int(duty.percent.rounded())
      switch estimate.determination {
      case .determined: return "determined"
      case .capacityUncertain:
        return "loss determined; too few separate cycles for its capacity"
      case .hardlyHeated:
        return "not determined: its heater was on \(percent) % of the time; most of its heat came "
          + "through walls and from people and appliances"
      case .coolsFaster:
        let ratio = String(format: "%.1f", estimate.slopeRatio ?? 0)
        return "not determined: it cools \(ratio) times faster than its own heating replaces, so "
          + "that neighbours carry most of its heat"
      case .neverHeated:
        return "not determined: never heated, P d / dT says nothing; median of the determined "
          + "rooms for its installed power"
      }
    }
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
        }, configured: room?.thermal, duty: statistics.duty)
    }
  }

  /// Gains, sun and what comes through walls from warmer rooms.
  private static func heatFromOthers(
    _ room: Room, _ mean: Celsius, home: [Room], _ means: [String: Celsius],
    _ sun: WattsPerSquareMetre
  ) -> Watts {
    // Windows in a plane count like the level: in two months without much sun both see the sky.
    let aperture = room.thermal.windows.reduce(room.thermal.solarAperture) { $0 + $1.aperture }
    var heat = room.thermal.internalGain.rawValue + sun.rawValue * aperture.rawValue
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
