// SPDX-License-Identifier: MIT
import Foundation

/// The anisotropic sky of Perez with the coefficients "all sites composite 1990".
///
/// Source: R. Perez, P. Ineichen, R. Seals, J. Michalsky, R. Stewart, Modeling daylight availability
/// and irradiance components from direct and global irradiance, Solar Energy 44 (1990) 271, eqs. 1, 9
/// and Table 6, doi:10.1016/0038-092X(90)90055-H.
public enum Perez {
  /// Weight of the cubed zenith in the clearness ε, rad⁻³.
  static let kappa = 1.041
  /// cos 85°: the sun does not count as lower when its halo is projected.
  static let smallestCosZenith = cos(85.0.inRadians)

  /// The diffuse light on a plane, W/m².
  ///
  /// As published: 0 without an airmass (the sun below the horizon), NaN where the sun is up but
  /// neither diffuse nor beam light comes in, because the clearness ε is 0/0 there.
  public static func diffuse(_ plane: Plane, _ sky: Transposition.Sky) -> Transposition.Diffuse {
    guard !sky.airmass.isNaN else { return .none }
    let z = sky.zenithDegrees.inRadians
    let cubed = kappa * z * z * z
    let epsilon =
      ((sky.diffuseHorizontal + sky.beamNormal) / sky.diffuseHorizontal + cubed) / (1 + cubed)
    guard let bin = bin(epsilon: epsilon) else { return .undefined }
    let delta = sky.diffuseHorizontal * sky.airmass / sky.extraterrestrial
    let f = coefficients[bin]
    let F1 = max(f.f11 + f.f12 * delta + f.f13 * z, 0)
    let F2 = f.f21 + f.f22 * delta + f.f23 * z
    return parts(plane, sky, F1: F1, F2: F2, zeroesParts: true)
  }

  /// Circumsolar brightness F1 and horizon brightness F2 as light on the plane (eq. 9).
  @inline(__always)
  static func parts(
    _ plane: Plane, _ sky: Transposition.Sky, F1: Double, F2: Double, zeroesParts: Bool
  ) -> Transposition.Diffuse {
    let a = max(plane.cosIncidence(sky.sun), 0)
    let b = max(sky.sun.up, smallestCosZenith)
    let isotropic = (1 - F1) * plane.skyView
    let circumsolar = F1 * a / b
    let horizon = F2 * plane.sinTilt
    let total = max(sky.diffuseHorizontal * (isotropic + circumsolar + horizon), 0)
    if zeroesParts, total == 0 { return .none }
    return Transposition.Diffuse(
      total: total, isotropic: sky.diffuseHorizontal * isotropic,
      circumsolar: sky.diffuseHorizontal * circumsolar,
      horizon: sky.diffuseHorizontal * horizon)
  }

  /// The category of the sky's clearness, overcast 0 … clear 7; `nil` for an undefined clearness.
  static func bin(epsilon: Double) -> Int? {
    guard epsilon >= 0 else { return nil }
    return limits.firstIndex { epsilon < $0 } ?? limits.count
  }

  private static let limits = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2]

  struct Coefficients {
    let f11: Double
    let f12: Double
    let f13: Double
    let f21: Double
    let f22: Double
    let f23: Double

    init(
      _ f11: Double, _ f12: Double, _ f13: Double, _ f21: Double, _ f22: Double, _ f23: Double
    ) {
      (self.f11, self.f12, self.f13) = (f11, f12, f13)
      (self.f21, self.f22, self.f23) = (f21, f22, f23)
    }
  }

  /// Table 6, from overcast to clear.
  static let coefficients: [Coefficients] = [
    Coefficients(-0.008, 0.588, -0.062, -0.060, 0.072, -0.022),
    Coefficients(0.130, 0.683, -0.151, -0.019, 0.066, -0.029),
    Coefficients(0.330, 0.487, -0.221, 0.055, -0.064, -0.026),
    Coefficients(0.568, 0.187, -0.295, 0.109, -0.152, -0.014),
    Coefficients(0.873, -0.392, -0.362, 0.226, -0.462, 0.001),
    Coefficients(1.132, -1.237, -0.412, 0.288, -0.823, 0.056),
    Coefficients(1.060, -1.600, -0.359, 0.264, -1.127, 0.131),
    Coefficients(0.678, -0.327, -0.250, 0.156, -1.377, 0.251),
  ]
}
