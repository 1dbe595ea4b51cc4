// SPDX-License-Identifier: MIT
import Foundation

/// The irradiance outside the atmosphere on a plane that faces the sun, about 1321…1414 W/m².
public enum ExtraterrestrialIrradiance {
  /// The mean over the year that the other models of the chain were fitted with.
  ///
  /// Later measurements say 1361 W/m²; the clearness index divides by it, so it stays with them.
  public static let solarConstantWattsPerSquareMetre = 1_366.1

  /// Spencer's Fourier series of the day of the year, 1…366.
  ///
  /// Source: J. Spencer, Fourier series representation of the position of the sun, Search 2 (1971) 172.
  public static func spencer(
    dayOfYear: Double, solarConstant: Double = solarConstantWattsPerSquareMetre
  ) -> Double {
    let B = 2 * .pi * (dayOfYear - 1) / 365
    return solarConstant
      * (1.00011 + 0.034221 * cos(B) + 0.00128 * sin(B) + 0.000719 * cos(2 * B)
        + 7.7e-5 * sin(2 * B))
  }

  /// One cosine of the day of the year, 1…366.
  ///
  /// Source: ASCE standardized reference evapotranspiration equation, 2005, eq. 23.
  public static func asce(
    dayOfYear: Double, solarConstant: Double = solarConstantWattsPerSquareMetre
  ) -> Double {
    solarConstant * (1 + 0.033 * cos(2 * .pi * dayOfYear / 365))
  }

  /// From the distance R of earth and sun in astronomical units, by the inverse square.
  ///
  /// Source of R: `GeocentricSun`.
  public static func atDistance(
    astronomicalUnits: Double, solarConstant: Double = solarConstantWattsPerSquareMetre
  ) -> Double {
    solarConstant / (astronomicalUnits * astronomicalUnits)
  }
}
