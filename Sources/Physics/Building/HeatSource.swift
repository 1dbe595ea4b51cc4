// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// How a room's heater turns what the home controls into heat.
public enum HeatSource: Sendable, Hashable, Codable {
  /// Heat equals electric power: foils, cables, convectors.
  case electric
  /// A heat pump: heat is electric power times the coefficient of performance.
  case heatPump(HeatPumpCurve)
  /// A radiator or floor circuit of which only the water temperature is known.
  case water(WaterHeater)

  /// Heat from electric power; `nil` for water, where power says nothing about the room.
  public func heat(fromPower power: Watts, outdoor: Celsius) -> Watts? {
    switch self {
    case .electric: power
    case .heatPump(let curve): power * curve.coefficientOfPerformance(outdoor: outdoor)
    case .water: nil
    }
  }
}

/// The coefficient of performance of a heat pump, from the temperature lift.
///
/// A polynomial of the lift `ΔT = flow − outdoor`, held inside `1 ... maximum`. Source: I. Staffell, D. Brett,
/// N. Brandon, A. Hawkes, Energy Environ. Sci. 5 (2012) 9291, doi:10.1039/c2ee22653g, figure 6:
/// COP = 6.81 − 0.121 ΔT + 0.000630 ΔT².
public struct HeatPumpCurve: Sendable, Hashable, Codable {
  /// Coefficients of lift⁰, lift¹ and lift².
  public let coefficients: [Double]
  /// The flow temperature that the heating asks for.
  public let flow: Celsius
  /// The highest value the machine reaches.
  public let maximum: Double

  /// A curve; the air-source curve of the cited field review unless coefficients are given.
  public init(
    flow: Celsius, coefficients: [Double] = [6.81, -0.121, 0.000_630], maximum: Double = 6
  ) {
    self.flow = flow
    self.coefficients = coefficients
    self.maximum = maximum
  }

  /// Heat for each unit of electricity at an outdoor temperature, at least 1.
  public func coefficientOfPerformance(outdoor: Celsius) -> Double {
    let lift = max(0, (flow - outdoor).rawValue)
    let value = coefficients.reversed().reduce(0) { $0 * lift + $1 }
    return min(maximum, max(1, value))
  }
}

/// Heat from water into a room, `UA · max(0, Twater − Troom)ⁿ`.
///
/// n is 1.3 for radiators and 1.1 for floors. Source: EN 442-2 (radiators), EN 1264-2 (floors).
public struct WaterHeater: Sendable, Hashable, Codable {
  /// Heat at 1 K of difference.
  public let conductance: WattsPerKelvin
  /// The power of the difference.
  public let exponent: Double

  /// A heater; a linear one unless an exponent is given.
  public init(conductance: WattsPerKelvin, exponent: Double = 1) {
    self.conductance = conductance
    self.exponent = exponent
  }

  /// Heat into a room from water of a temperature; 0 when the water is not warmer.
  public func heat(water: Celsius, room: Celsius) -> Watts {
    let difference = max(0, (water - room).rawValue)
    return Watts(conductance.rawValue * pow(difference, exponent))
  }
}
