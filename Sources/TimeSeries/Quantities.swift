// SPDX-License-Identifier: MIT

/// Power. The sign convention of the house: grid import, battery discharge and PV production are
/// positive, loads are positive when they consume.
@frozen public struct Watts: Quantity {
  /// The unit as people write it.
  public static let unit = "W"
  /// The number in W.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Energy; a state of energy or an amount over a step.
@frozen public struct KilowattHours: Quantity {
  /// The unit as people write it.
  public static let unit = "kWh"
  /// The number in kWh.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// A temperature. A difference of two temperatures is in `Kelvins`.
@frozen public struct Celsius: Quantity {
  /// The unit as people write it.
  public static let unit = "°C"
  /// The number in °C.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// A temperature difference.
@frozen public struct Kelvins: Quantity {
  /// The unit as people write it.
  public static let unit = "K"
  /// The number in K.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Irradiance on a plane that the name of the value states.
@frozen public struct WattsPerSquareMetre: Quantity {
  /// The unit as people write it.
  public static let unit = "W/m²"
  /// The number in W/m².
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Money of the site's currency for one kilowatt-hour.
@frozen public struct PricePerKilowattHour: Quantity {
  /// The unit as people write it.
  public static let unit = "/kWh"
  /// The number in /kWh.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// An amount in the site's currency. Costs are positive, revenue is negative.
@frozen public struct Money: Quantity {
  /// The unit as people write it.
  public static let unit = ""
  /// The number in the unit of the type.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// A share, 0…1 and never a percentage. Values outside are possible for ratios such as a bias.
@frozen public struct Fraction: Quantity {
  /// The unit as people write it.
  public static let unit = ""
  /// The number in the unit of the type.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Wind speed.
@frozen public struct MetresPerSecond: Quantity {
  /// The unit as people write it.
  public static let unit = "m/s"
  /// The number in m/s.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Height of water or snow.
@frozen public struct Millimetres: Quantity {
  /// The unit as people write it.
  public static let unit = "mm"
  /// The number in mm.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// An angle. Azimuths count clockwise from north, elevations up from the horizon.
@frozen public struct Degrees: Quantity {
  /// The unit as people write it.
  public static let unit = "°"
  /// The number in °.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// A length or an altitude.
@frozen public struct Metres: Quantity {
  /// The unit as people write it.
  public static let unit = "m"
  /// The number in m.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Heat flow for one kelvin of difference: a heat-loss coefficient or a conductance.
@frozen public struct WattsPerKelvin: Quantity {
  /// The unit as people write it.
  public static let unit = "W/K"
  /// The number in W/K.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Heat that warms a body by one kelvin.
@frozen public struct KilowattHoursPerKelvin: Quantity {
  /// The unit as people write it.
  public static let unit = "kWh/K"
  /// The number in kWh/K.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// An area, for example the effective window area through which the sun heats a room.
@frozen public struct SquareMetres: Quantity {
  /// The unit as people write it.
  public static let unit = "m²"
  /// The number in m².
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Electric current a phase.
@frozen public struct Amperes: Quantity {
  /// The unit as people write it.
  public static let unit = "A"
  /// The number in A.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// Electric tension between phase and neutral.
@frozen public struct Volts: Quantity {
  /// The unit as people write it.
  public static let unit = "V"
  /// The number in V.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// A length of time as a number of hours, such as a time constant.
@frozen public struct Hours: Quantity {
  /// The unit as people write it.
  public static let unit = "h"
  /// The number in h.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// How fast a temperature moves; positive is warming unless the name says otherwise.
@frozen public struct KelvinsPerHour: Quantity {
  /// The unit as people write it.
  public static let unit = "K/h"
  /// The number in K/h.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}
