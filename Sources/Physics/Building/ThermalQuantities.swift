// SPDX-License-Identifier: MIT
public import TimeSeries

/// A thermal conductance: heat that flows for one kelvin of difference.
@frozen public struct WattsPerKelvin: Quantity {
  /// The unit as people write it.
  public static let unit = "W/K"
  /// The number in W/K.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// A heat capacity: energy that warms something by one kelvin. 1 kWh/K is 3.6 MJ/K.
@frozen public struct KilowattHoursPerKelvin: Quantity {
  /// The unit as people write it.
  public static let unit = "kWh/K"
  /// The number in kWh/K.
  public var rawValue: Double

  /// Wraps a number that is already in this unit.
  @inlinable public init(rawValue: Double) { self.rawValue = rawValue }
}

/// An area. Of a solar aperture: the area that, facing the irradiance without any loss, would
/// let in the same heat.
@frozen public struct SquareMetres: Quantity {
  /// The unit as people write it.
  public static let unit = "m²"
  /// The number in m².
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
