// SPDX-License-Identifier: MIT
import Foundation

/// The weight of the air above a place.
public enum AtmosphericPressure {
  /// The mean at sea level.
  public static let seaLevelPascals = 101_325.0

  /// The mean pressure at an altitude of −500…11 000 m in the standard atmosphere.
  ///
  /// Source: Portland State Aerospace Society, A quick derivation relating altitude to air pressure,
  /// 2004, from the 1976 standard atmosphere.
  public static func pascals(altitudeMetres: Double) -> Double {
    100 * pow((44_331.514 - altitudeMetres) / 11_880.516, 1 / 0.1902632)
  }
}
