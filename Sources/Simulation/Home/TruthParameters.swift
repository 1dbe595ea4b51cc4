// SPDX-License-Identifier: MIT
public import TimeSeries

/// How the simulated home differs from what its configuration says: the gap a controller has to
/// live with, stated number by number.
public struct TruthParameters: Sendable, Hashable, Codable {
  /// One room's own truth.
  public struct RoomTruth: Sendable, Hashable, Codable {
    /// True heat loss over configured heat loss.
    public var heatLossFactor = 1.0
    /// True heat capacity over configured heat capacity.
    public var heatCapacityFactor = 1.0
    /// The share of the heat capacity that sits in the floor with the heater, 0 ..< 1.
    public var slabShare = 0.2
    /// Heat of doors, visitors, showers and draughts that comes and goes over hours: its standard
    /// deviation as the rate at which it would warm the whole room, K/h.
    public var disturbanceKelvinsPerHour = 0.02
    /// How far the air about the sensor wanders from that of the room over hours: its standard
    /// deviation.
    public var sensorWander = Kelvins(0.1)
    /// The same on top of it while the heater is on, when a warm floor stirs the air.
    public var heatedSensorWander = Kelvins.zero

    /// A room that is as configured but for what comes and goes.
    public init() {}
  }

  /// Rooms that differ from ``usualRoom``, by name.
  public var rooms: [String: RoomTruth]
  /// All other rooms.
  public var usualRoom: RoomTruth
  /// How much each metre a second of wind above the mean raises the heat loss, as a share of it.
  public var heatLossPerWind = 0.02
  /// PV energy that reaches the meter over what the configuration promises: dirt.
  public var soilingFactor = 0.97
  /// Below this elevation of the sun the modules see no beam: trees and neighbours.
  public var horizonElevation = Degrees(6)
  /// Standard deviation of a room sensor, before rounding to 0.1 K.
  public var roomSensorDeviation = Kelvins(0.05)
  /// Standard deviation of a power meter as a share of the reading.
  public var meterDeviation = Fraction(0.01)
  /// Standard deviation of departures and arrivals.
  public var tripTimeDeviation = Duration.seconds(15 * 60)
  /// Standard deviation of the energy of a trip as a share of it.
  public var tripEnergyDeviation = Fraction(0.12)
  /// The chance that a usual trip does not take place.
  public var skippedTripChance = Fraction(0.03)

  /// A home as configured, but for what no configuration knows.
  public init(rooms: [String: RoomTruth] = [:], usualRoom: RoomTruth = RoomTruth()) {
    self.rooms = rooms
    self.usualRoom = usualRoom
  }

  /// The same, with heat loss and capacity of every named room off by a random factor: what a home
  /// looks like whose owner guessed.
  ///
  /// - Parameter spread: the standard deviation of the factors' logarithms, 0.1 for about 10 %.
  public func perturbed(roomNames: [String], spread: Double, seed: UInt64) -> TruthParameters {
    var result = self
    for name in roomNames {
      let draw = SeededNoise(
        seed: seed, stream: .roomTrait, member: SeededNoise.number(of: name))
      var room = self[name]
      room.heatLossFactor *= SeededNoise.exponential(spread * draw.normal(1))
      room.heatCapacityFactor *= SeededNoise.exponential(spread * draw.normal(2))
      result.rooms[name] = room
    }
    return result
  }

  /// The truth of a room.
  public subscript(room: String) -> RoomTruth { rooms[room] ?? usualRoom }
}
