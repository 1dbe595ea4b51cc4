// SPDX-License-Identifier: MIT
import Foundation

/// Perez's sky without bins: the coefficients are quadratic splines of the clearness.
///
/// Source: A. Driesse, J. Jensen, R. Perez, A continuous form of the Perez diffuse sky model for
/// forward and reverse transposition, Solar Energy 267 (2024) 112093,
/// doi:10.1016/j.solener.2023.112093, eqs. 9–11 and Table 3.
public enum PerezDriesse {
  /// The diffuse light on a plane, W/m²; defined wherever the sun is above the horizon.
  public static func diffuse(_ plane: Plane, _ sky: Transposition.Sky) -> Transposition.Diffuse {
    let z = sky.zenithDegrees.inRadians
    let airmass = sky.zenithDegrees >= 90 ? horizonAirmass : sky.airmass
    let delta = sky.diffuseHorizontal / (sky.extraterrestrial / airmass)
    let f = coefficients(zeta: zeta(sky, zenith: z))
    let F1 = min(max(f.f11 + f.f12 * delta + f.f13 * z, 0), 0.9)
    let F2 = f.f21 + f.f22 * delta + f.f23 * z
    return Perez.parts(plane, sky, F1: F1, F2: F2, zeroesParts: false)
  }

  private static let horizonAirmass = Airmass.kastenYoung1989(apparentZenithDegrees: 90)

  /// The clearness as 0…1: 1 − 1/ε.
  private static func zeta(_ sky: Transposition.Sky, zenith: Double) -> Double {
    guard sky.diffuseHorizontal != 0 else { return 0 }
    let beamShare = sky.beamNormal / (sky.diffuseHorizontal + sky.beamNormal)
    return beamShare / (1 - Perez.kappa * zenith * zenith * zenith * (beamShare - 1))
  }

  /// The splines at a clearness, by de Boor's recursion for the second degree.
  private static func coefficients(zeta: Double) -> Perez.Coefficients {
    var span = 2
    while span < rows.count - 1, zeta >= knots[span + 1] { span += 1 }
    func weight(_ knot: Int, _ degree: Int) -> Double {
      (zeta - knots[knot]) / (knots[knot + degree] - knots[knot])
    }
    let (u, v) = (weight(span - 1, 2), weight(span, 2))
    let w = (zeta - knots[span]) / (knots[span + 1] - knots[span])
    let first = (1 - w) * (1 - u)
    let second = (1 - w) * u + w * (1 - v)
    let third = w * v
    let (a, b, c) = (rows[span - 2], rows[span - 1], rows[span])
    return Perez.Coefficients(
      first * a.f11 + second * b.f11 + third * c.f11,
      first * a.f12 + second * b.f12 + third * c.f12,
      first * a.f13 + second * b.f13 + third * c.f13,
      first * a.f21 + second * b.f21 + third * c.f21,
      first * a.f22 + second * b.f22 + third * c.f22,
      first * a.f23 + second * b.f23 + third * c.f23)
  }

  private static let knots = [
    0, 0, 0, 0.061, 0.187, 0.333, 0.487, 0.643, 0.778, 0.839, 1, 1, 1,
  ]

  /// Table 3; the last row of the paper's table serves two knots.
  private static let rows: [Perez.Coefficients] = [
    Perez.Coefficients(-0.053, 0.529, -0.028, -0.071, 0.061, -0.019),
    Perez.Coefficients(-0.008, 0.588, -0.062, -0.060, 0.072, -0.022),
    Perez.Coefficients(0.131, 0.770, -0.167, -0.026, 0.106, -0.032),
    Perez.Coefficients(0.328, 0.471, -0.216, 0.069, -0.105, -0.028),
    Perez.Coefficients(0.557, 0.241, -0.300, 0.086, -0.085, -0.012),
    Perez.Coefficients(0.861, -0.323, -0.355, 0.240, -0.467, -0.008),
    Perez.Coefficients(1.212, -1.239, -0.444, 0.305, -0.797, 0.047),
    Perez.Coefficients(1.099, -1.847, -0.365, 0.275, -1.132, 0.124),
    Perez.Coefficients(0.544, 0.157, -0.213, 0.118, -1.455, 0.292),
    Perez.Coefficients(0.544, 0.157, -0.213, 0.118, -1.455, 0.292),
  ]
}
