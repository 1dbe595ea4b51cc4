// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// What is believed of all rooms at an instant, and how surely: the state of a ``HouseTracker``.
///
/// Small and plain, so that it can be written down at each decision and read back after a restart.
public struct HouseBelief: Sendable, Hashable, Codable {
  /// How the last reading of a room was taken.
  public enum Reception: String, Sendable, Hashable, Codable {
    /// It corrected the belief.
    case followed
    /// There was none: the model goes on alone.
    case missing
    /// A window seems open: the air follows slowly, walls and floor are not dragged along.
    case windowOpen
    /// The sensor repeats one number while the room must have moved: it is not believed.
    case frozen
    /// The belief had lost the room and started anew at the reading.
    case restarted
  }

  /// One room.
  public struct Room: Sendable, Hashable, Codable {
    /// The name.
    public let name: String
    /// How the last reading was taken.
    public internal(set) var reception = Reception.missing
    /// How often the belief had lost the room.
    public internal(set) var restarts = 0
    /// Heat that the model does not know, as the rate at which it moves the air (K/h).
    public internal(set) var disturbance = 0.0
    /// Covariance of the nodes (air, envelope, slab) and the disturbance, row by row.
    var covariance: [Double]
    /// Mean of the last normalised squared innovations; 1 for a filter that knows its errors.
    var consistency = 1.0
    /// The reading from which a fall is counted.
    var fallFrom: Reading?
    /// The number that the sensor repeats.
    var still: Standstill?
  }

  /// A reading at a time, for the tracker's own use.
  struct Reading: Sendable, Hashable, Codable {
    var celsius: Double
    var time: Date
  }

  /// A sensor that shows one number.
  struct Standstill: Sendable, Hashable, Codable {
    let since: Reading
    /// What the repeated number has moved nodes and disturbance by, free course minus belief.
    var pull: [Double]
    /// Variance of the air when it began.
    let variance: Double
  }

  /// The instant that ``thermal`` is of.
  public internal(set) var time: Date
  /// All nodes of the network.
  public internal(set) var thermal: ThermalState
  /// The rooms, in the order of the network.
  public internal(set) var rooms: [Room]

  /// The standard deviation of what is believed of a room's air.
  public func uncertainty(ofRoom room: Int) -> Kelvins {
    Kelvins(max(0, rooms[room].covariance[0]).squareRoot())
  }
}
