// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// The air that bends the light of a low sun.
public struct RefractingAir: Sendable, Hashable {
  /// Pressure at the observer, above 0 hPa.
  public let pressureHectopascals: Double
  /// Temperature at the observer, above −273 °C.
  public let temperatureCelsius: Double
  /// Refraction at sunrise and sunset: below the horizon by this and the sun's radius nothing bends.
  public let horizonRefractionDegrees: Double

  /// Air of a pressure and a temperature.
  public init(
    pressureHectopascals: Double, temperatureCelsius: Double = 12,
    horizonRefractionDegrees: Double = 0.5667
  ) {
    self.pressureHectopascals = pressureHectopascals
    self.temperatureCelsius = temperatureCelsius
    self.horizonRefractionDegrees = horizonRefractionDegrees
  }

  /// The mean air of an altitude; 12 °C stands for the mean of the year.
  public init(altitude: Metres, temperatureCelsius: Double = 12) {
    self.init(
      pressureHectopascals: AtmosphericPressure.pascals(altitudeMetres: altitude.rawValue) / 100,
      temperatureCelsius: temperatureCelsius)
  }

  /// How much higher the sun is seen than it stands. Source: NREL/TP-560-34302, 3.14.2.
  public func refractionDegrees(elevationDegrees: Double) -> Double {
    guard elevationDegrees >= -(Self.sunRadiusDegrees + horizonRefractionDegrees) else { return 0 }
    let angle = (elevationDegrees + 10.3 / (elevationDegrees + 5.11)) * (.pi / 180)
    return pressureHectopascals / 1_010 * (283 / (273 + temperatureCelsius)) * 1.02
      / (60 * tan(angle))
  }

  /// Half the width of the sun's disc.
  public static let sunRadiusDegrees = 0.26667
}
