// SPDX-License-Identifier: MIT
public import TimeSeries

/// How a room keeps and loses heat: one heat capacity with its connections.
///
/// C·dT/dt = UA·(T_out − T) + Σ G_n·(T_n − T) + P + A·I + Q
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
  /// Q: the mean heat of people and appliances.
  public let internalGain: Watts
  /// How long the floor delays the heat of the relay; zero for a heater that warms at once.
  public let heaterTimeConstant: Duration
  /// The rooms beside it.
  public let adjacencies: [Adjacency]

  /// The thermal properties of a room.
  public init(
    heatLoss: WattsPerKelvin, heatCapacity: KilowattHoursPerKelvin,
    solarAperture: SquareMetres = .zero, internalGain: Watts = .zero,
    heaterTimeConstant: Duration = .zero, adjacencies: [Adjacency] = []
  ) {
    self.heatLoss = heatLoss
    self.heatCapacity = heatCapacity
    self.solarAperture = solarAperture
    self.internalGain = internalGain
    self.heaterTimeConstant = heaterTimeConstant
    self.adjacencies = adjacencies
  }
}

/// The heater of a room: a relay that is on or off, electric or a heat pump.
public struct RoomHeater: Sendable, Hashable {
  /// The electricity it draws when on, above 0.
  public let power: Watts
  /// It stays on at least this long.
  public let minimumOn: Duration
  /// It stays off at least this long.
  public let minimumOff: Duration
  /// The price of one switching on: wear of the relay, and the wish for calm.
  public let switchingCost: Money
  /// What a heat pump makes of its power; `nil` for a heater whose heat is its power.
  public let heatPump: HeatPumpCurve?

  /// A heater behind a relay.
  public init(
    power: Watts, minimumOn: Duration, minimumOff: Duration, switchingCost: Money,
    heatPump: HeatPumpCurve? = nil
  ) {
    self.heatPump = heatPump
    self.power = power
    self.minimumOn = minimumOn
    self.minimumOff = minimumOff
    self.switchingCost = switchingCost
  }
}

extension RoomHeater {
  /// Heat for each unit of electric energy at an outdoor temperature.
  public func heatFactor(outdoors: Celsius) -> Double { heatPump?.factor(at: outdoors) ?? 1 }
}

/// The coefficient of performance of a heat pump over the outdoor temperature, straight lines
/// between a few points of its data sheet (EN 14511), level beyond them.
public struct HeatPumpCurve: Sendable, Hashable {
  /// One point of the data sheet.
  public struct Point: Sendable, Hashable {
    /// The air outdoors.
    public let outdoors: Celsius
    /// Heat over electric energy, above 0.
    public let factor: Double

    /// A point.
    public init(outdoors: Celsius, factor: Double) {
      self.outdoors = outdoors
      self.factor = factor
    }
  }

  /// The points, coldest first.
  public let points: [Point]

  /// A curve; `nil` without points or with a factor that is not above 0.
  public init?(_ points: [Point]) {
    guard !points.isEmpty, points.allSatisfy({ $0.factor > 0 && $0.factor.isFinite }) else {
      return nil
    }
    self.points = points.sorted { $0.outdoors < $1.outdoors }
  }

  /// The coefficient at an outdoor temperature.
  public func factor(at outdoors: Celsius) -> Double {
    guard let above = points.firstIndex(where: { outdoors <= $0.outdoors }) else {
      return points.last?.factor ?? 1
    }
    guard above > 0 else { return points[0].factor }
    let (from, to) = (points[above - 1], points[above])
    let share = (outdoors - from.outdoors).rawValue / (to.outdoors - from.outdoors).rawValue
    return from.factor + (to.factor - from.factor) * share
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
