// SPDX-License-Identifier: MIT
import Foundation

/// Beam irradiance from global irradiance by the quasi-physical model DISC.
///
/// Source: E. Maxwell, A quasi-physical model for converting hourly global horizontal to direct normal
/// insolation, SERI/TR-215-3087, 1987.
public enum Disc {
  /// The beam and what it was found from.
  public struct Beam: Sendable, Hashable {
    /// Beam (direct normal) irradiance, W/m²: 0 beyond a zenith of 87°.
    public let beamNormal: Double
    /// The clearness index, 0…1.
    public let clearnessIndex: Double
    /// Absolute airmass, at most 12; NaN while the sun is below the horizon.
    public let airmass: Double
  }

  /// The solar constant that the model was fitted with.
  static let solarConstantWattsPerSquareMetre = 1_370.0
  /// The correlation holds up to this airmass.
  static let largestAirmass = 12.0

  /// The beam of one hour.
  ///
  /// - Parameters:
  ///   - globalHorizontal: W/m².
  ///   - zenithDegrees: the true zenith.
  ///   - dayOfYear: 1…366.
  ///   - pressurePascals: at the place.
  public static func beam(
    globalHorizontal: Double, zenithDegrees: Double, dayOfYear: Double,
    pressurePascals: Double = AtmosphericPressure.seaLevelPascals
  ) -> Beam {
    let outside = ExtraterrestrialIrradiance.spencer(
      dayOfYear: dayOfYear, solarConstant: solarConstantWattsPerSquareMetre)
    let kt = ClearnessIndex.kt(
      globalHorizontal: globalHorizontal, cosZenith: cos(zenithDegrees.inRadians),
      extraterrestrial: outside)
    let airmass = Airmass.absolute(
      relative: Airmass.kasten1966(apparentZenithDegrees: zenithDegrees),
      pressurePascals: pressurePascals)
    let limited = airmass.isNaN ? .nan : min(airmass, largestAirmass)
    let beam = transmission(kt: kt, airmass: limited) * outside
    let isDark = zenithDegrees > Decomposition.largestZenithDegrees || globalHorizontal < 0
    return Beam(
      beamNormal: isDark || beam < 0 ? 0 : beam, clearnessIndex: kt, airmass: limited)
  }

  /// Kn, the share of the beam that comes through: Kₙc of clear air less ΔKₙ.
  private static func transmission(kt: Double, airmass am: Double) -> Double {
    let (a, b, c): (Double, Double, Double)
    if kt <= 0.6 {
      a = 0.512 + kt * (-1.56 + kt * (2.286 - 2.222 * kt))
      b = 0.37 + 0.962 * kt
      c = -0.28 + kt * (0.932 - 2.048 * kt)
    } else {
      a = -5.743 + kt * (21.77 + kt * (-27.49 + 11.56 * kt))
      b = 41.4 + kt * (-118.5 + kt * (66.05 + 31.9 * kt))
      c = -47.01 + kt * (184.2 + kt * (-222.0 + 73.81 * kt))
    }
    let clear = 0.866 + am * (-0.122 + am * (0.0121 + am * (-0.000653 + 1.4e-5 * am)))
    return clear - (a + b * exp(c * am))
  }
}
