// SPDX-License-Identifier: MIT
import Foundation

/// How much of the light that reaches a module's glass gets through, against light falling straight in.
public enum IncidenceAngleModifier: Sendable, Hashable {
  /// Everything gets through.
  case none
  /// Reflection and absorption of a pane, with or without a coating.
  case physical(Glass)
  /// One coefficient b, about 0.05. Source: A. Souka, H. Safwat, Solar Energy 10 (1966) 170.
  case ashrae(b: Double)
  /// One coefficient a, above 0: clean glass 0.16, soiled 0.2. Source: N. Martin, J. Ruiz, Solar
  /// Energy Materials 70 (2001) 25, doi:10.1016/S0927-0248(00)00408-6.
  case martinRuiz(a: Double)

  /// A pane of glass. Source: W. De Soto, S. Klein, W. Beckman, Solar Energy 80 (2006) 78,
  /// doi:10.1016/j.solener.2005.06.010; the coating from A. Dobos, NREL/TP-6A20-62641, 2014.
  public struct Glass: Sendable, Hashable {
    /// Index of refraction of the glass, above 1.
    public let refractiveIndex: Double
    /// Share of light lost for a metre of glass, 1/m.
    public let extinctionPerMetre: Double
    /// How thick the glass is, m.
    public let thicknessMetres: Double
    /// Index of refraction of the coating against reflection, if there is one.
    public let coatingIndex: Double?
    /// 1 / the transmission of light falling straight in.
    let normalisation: Double

    /// A pane; the defaults are ordinary solar glass.
    public init(
      refractiveIndex: Double = 1.526, extinctionPerMetre: Double = 4,
      thicknessMetres: Double = 0.002, coatingIndex: Double? = nil
    ) {
      self.refractiveIndex = refractiveIndex
      self.extinctionPerMetre = extinctionPerMetre
      self.thicknessMetres = thicknessMetres
      self.coatingIndex = coatingIndex
      func normal(_ from: Double, _ into: Double) -> Double {
        let ratio = (from - into) / (from + into)
        return ratio * ratio
      }
      let outer = normal(1, coatingIndex ?? refractiveIndex)
      var transmission = 1 - outer
      if let coatingIndex {
        let inner = normal(coatingIndex, refractiveIndex)
        transmission *= (1 - inner) / (1 - inner * outer)
      }
      normalisation = 1 / (transmission * exp(-extinctionPerMetre * thicknessMetres))
    }

    /// Ordinary solar glass.
    public static let plain = Glass()
    /// Solar glass with a coating of index 1.29.
    public static let coated = Glass(coatingIndex: 1.29)
  }

  /// The modifier, 0…1, for the cosine of the angle of incidence; 0 for light from behind.
  @inline(__always)
  public func value(cosIncidence: Double) -> Double {
    switch self {
    case .none: cosIncidence > 0 ? 1 : 0
    case .physical(let glass): Self.physical(glass, cosIncidence)
    case .ashrae(let b): cosIncidence > 0 ? max(0, 1 - b * (1 / cosIncidence - 1)) : 0
    case .martinRuiz(let a):
      cosIncidence > 0 ? (1 - exp(-cosIncidence / a)) / (1 - exp(-1 / a)) : 0
    }
  }

  /// The modifier for an angle of incidence in degrees, on either side; 0 beyond 90°.
  public func value(incidenceDegrees: Double) -> Double {
    abs(incidenceDegrees) >= 90 ? 0 : value(cosIncidence: cos(incidenceDegrees.inRadians))
  }

  /// Fresnel's reflection at each surface, then absorption along the way through the glass.
  private static func physical(_ glass: Glass, _ cosIncidence: Double) -> Double {
    guard cosIncidence > 0 else { return cosIncidence.isNaN ? .nan : 0 }
    let first = glass.coatingIndex ?? glass.refractiveIndex
    let sine = (1 - cosIncidence * cosIncidence).squareRoot()
    var (inside, sineInside) = refracted(sine, from: 1, into: first)
    let outer = reflections(1, cosIncidence, first, inside)
    var (perpendicular, parallel) = (1 - outer.perpendicular, 1 - outer.parallel)
    if glass.coatingIndex != nil {
      let outside = inside
      (inside, sineInside) = refracted(sineInside, from: first, into: glass.refractiveIndex)
      let inner = reflections(first, outside, glass.refractiveIndex, inside)
      perpendicular *= (1 - inner.perpendicular) / (1 - inner.perpendicular * outer.perpendicular)
      parallel *= (1 - inner.parallel) / (1 - inner.parallel * outer.parallel)
    }
    let absorption = exp(-glass.extinctionPerMetre * glass.thicknessMetres / inside)
    return (perpendicular + parallel) / 2 * absorption * glass.normalisation
  }

  /// Snell's law: cosine and sine of the refracted ray.
  @inline(__always)
  private static func refracted(
    _ sine: Double, from: Double, into: Double
  ) -> (cosine: Double, sine: Double) {
    let refracted = from / into * sine
    return ((1 - refracted * refracted).squareRoot(), refracted)
  }

  /// Reflected shares of light polarised across and along the plane of incidence.
  @inline(__always)
  private static func reflections(
    _ n1: Double, _ cosine1: Double, _ n2: Double, _ cosine2: Double
  ) -> (perpendicular: Double, parallel: Double) {
    let s = (n1 * cosine1 - n2 * cosine2) / (n1 * cosine1 + n2 * cosine2)
    let p = (n1 * cosine2 - n2 * cosine1) / (n1 * cosine2 + n2 * cosine1)
    return (s * s, p * p)
  }
}
