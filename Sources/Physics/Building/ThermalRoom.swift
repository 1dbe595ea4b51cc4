// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// What one room is made of, thermally: one node of air with what follows its temperature at
/// once, and where wanted a node for the mass of walls and a node for a slow heater.
public struct ThermalRoom: Sendable, Hashable, Codable {
  /// The mass of walls, floor and ceiling behind the air.
  public struct Envelope: Sendable, Hashable, Codable {
    /// Heat the mass holds; above 0.
    public var capacity: KilowattHoursPerKelvin
    /// Conductance between room air and mass; above 0.
    public var conductanceToAir: WattsPerKelvin
    /// Conductance between mass and outdoors; at least 0.
    public var conductanceToOutdoors: WattsPerKelvin
    /// Sun that the mass takes up directly: aperture for each façade of the network.
    public var solarApertures: [SquareMetres]

    /// A mass between room and outdoors.
    public init(
      capacity: KilowattHoursPerKelvin, conductanceToAir: WattsPerKelvin,
      conductanceToOutdoors: WattsPerKelvin, solarApertures: [SquareMetres] = []
    ) {
      self.capacity = capacity
      self.conductanceToAir = conductanceToAir
      self.conductanceToOutdoors = conductanceToOutdoors
      self.solarApertures = solarApertures
    }
  }

  /// A heater that holds heat of its own, such as a heated floor: heat enters it and reaches the
  /// room with the lag `capacity / conductance`.
  public struct HeaterSlab: Sendable, Hashable, Codable {
    /// Heat the slab holds; above 0.
    public var capacity: KilowattHoursPerKelvin
    /// Conductance between slab and room air; above 0.
    public var conductanceToAir: WattsPerKelvin

    /// A heater of a capacity behind a conductance.
    public init(capacity: KilowattHoursPerKelvin, conductanceToAir: WattsPerKelvin) {
      self.capacity = capacity
      self.conductanceToAir = conductanceToAir
    }

    /// The time in which the slab gives off 63 % of what it holds.
    public var lag: Hours { Hours(1_000 * capacity.rawValue / conductanceToAir.rawValue) }
  }

  /// The name used in configuration and series (`room_NAME_c`).
  public var name: String
  /// Heat that air and furniture hold (of a one-node room: the whole room); above 0.
  public var airCapacity: KilowattHoursPerKelvin
  /// Conductance between room air and outdoors: windows and air change; at least 0.
  public var conductanceToOutdoors: WattsPerKelvin
  /// Sun that warms the air at once: aperture for each façade of the network; empty for none.
  public var solarApertures: [SquareMetres]
  /// The mass behind the air; `nil` for a room of one node.
  public var envelope: Envelope?
  /// The heater's own node; `nil` where heat reaches the air at once.
  public var heater: HeaterSlab?
  /// Heat of people and appliances, and whatever else returns daily.
  public var gains: DailyGainProfile

  /// A room of one to three nodes.
  public init(
    name: String, airCapacity: KilowattHoursPerKelvin, conductanceToOutdoors: WattsPerKelvin,
    solarApertures: [SquareMetres] = [], envelope: Envelope? = nil, heater: HeaterSlab? = nil,
    gains: DailyGainProfile = .none
  ) {
    self.name = name
    self.airCapacity = airCapacity
    self.conductanceToOutdoors = conductanceToOutdoors
    self.solarApertures = solarApertures
    self.envelope = envelope
    self.heater = heater
    self.gains = gains
  }

  /// How many temperatures describe the room: 1, 2 or 3.
  public var nodeCount: Int { 1 + (envelope == nil ? 0 : 1) + (heater == nil ? 0 : 1) }

  /// Heat lost to outdoors for each kelvin of difference in steady state: directly, and through
  /// the mass (two conductances in series).
  public var heatLossCoefficient: WattsPerKelvin {
    guard let envelope else { return conductanceToOutdoors }
    let (inner, outer) = (envelope.conductanceToAir, envelope.conductanceToOutdoors)
    guard inner.rawValue + outer.rawValue > 0 else { return conductanceToOutdoors }
    return conductanceToOutdoors + outer * (inner / (inner + outer))
  }

  /// Heat that all nodes hold together.
  public var totalCapacity: KilowattHoursPerKelvin {
    airCapacity + (envelope?.capacity ?? .zero) + (heater?.capacity ?? .zero)
  }
}

/// Heat that returns daily, as a mean and two harmonics of the local hour.
public struct DailyGainProfile: Sendable, Hashable, Codable {
  /// The daily mean; negative where something always takes heat away.
  public var mean: Watts
  /// Amplitudes of sin and cos of one and of two periods a day: `[sin1, cos1, sin2, cos2]`.
  public var harmonics: [Watts]

  /// A profile; fewer than four harmonics count as zero.
  public init(mean: Watts, harmonics: [Watts] = []) {
    self.mean = mean
    self.harmonics = harmonics
  }

  /// Nothing at any hour.
  public static let none = DailyGainProfile(mean: .zero)

  /// The gain at a local hour of the day, `0 ..< 24` with fractions.
  public func gain(atLocalHour hour: Double) -> Watts {
    zip(harmonics, Self.waves(atLocalHour: hour)).reduce(mean) { $0 + $1.0 * $1.1 }
  }

  /// `[sin, cos, sin 2, cos 2]` of the local hour: what the harmonics multiply.
  static func waves(atLocalHour hour: Double) -> [Double] {
    let angle = 2 * Double.pi * hour / 24
    return [sin(angle), cos(angle), sin(2 * angle), cos(2 * angle)]
  }
}
