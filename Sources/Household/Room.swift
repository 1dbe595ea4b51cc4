// SPDX-License-Identifier: MIT
public import TimeSeries

/// How a room keeps and loses heat: one heat capacity with its connections.
///
/// C·dT/dt = UA·(T_out − T) + Σ G_n·(T_n − T) + P + A·I + Σ A_f·I_f + Q
public struct RoomThermalProperties: Sendable, Hashable {
  /// A wall, floor or door to another room.
  public struct Adjacency: Sendable, Hashable {
    /// The other room's name.
    public let room: String
    /// Heat flow for one kelvin of difference; the same seen from both sides.
    public let conductance: WattsPerKelvin

    /// A connection to another room.
    public init(room: String, conductance: WattsPerKelvin) {
      self.room = room
      self.conductance = conductance
    }
  }

  /// UA: heat lost to the outdoors for one kelvin, above 0.
  public let heatLoss: WattsPerKelvin
  /// C: the heat that warms the room by one kelvin, above 0.
  public let heatCapacity: KilowattHoursPerKelvin
  /// A: the sun's heat as an area of horizontal irradiance.
  public let solarAperture: SquareMetres
  /// A_f: windows whose plane is known; their sun comes by transposition.
  public let windows: [RoomWindow]
  /// Q: the mean heat of people and appliances.
  public let internalGain: Watts
  /// How long the floor delays the heat of the relay; zero for a heater that warms at once.
  public let heaterTimeConstant: Duration
  /// The rooms beside it.
  public let adjacencies: [Adjacency]

  /// The thermal properties of a room.
  public init(
    heatLoss: WattsPerKelvin, heatCapacity: KilowattHoursPerKelvin,
    solarAperture: SquareMetres = .zero, windows: [RoomWindow] = [],
    internalGain: Watts = .zero, heaterTimeConstant: Duration = .zero,
    adjacencies: [Adjacency] = []
  ) {
    self.heatLoss = heatLoss
    self.heatCapacity = heatCapacity
    self.solarAperture = solarAperture
    self.windows = windows
    self.internalGain = internalGain
    self.heaterTimeConstant = heaterTimeConstant
    self.adjacencies = adjacencies
  }
}

/// A room whose temperature matters.
public struct Room: Sendable, Hashable {
  /// The name in signals, commands and configuration: lower-case letters, digits, `_`.
  public let name: String
  /// The heater; `nil` for a room that lives from its neighbours.
  public let heater: RoomHeater?
  /// The wished temperatures.
  public let comfort: ComfortSchedule
  /// How it keeps heat.
  public let thermal: RoomThermalProperties
  /// Who is shed last when power is short: higher is kept longer.
  public let priority: Int

  /// A room.
  public init(
    name: String, heater: RoomHeater?, comfort: ComfortSchedule, thermal: RoomThermalProperties,
    priority: Int
  ) {
    self.name = name
    self.heater = heater
    self.comfort = comfort
    self.thermal = thermal
    self.priority = priority
  }
}
