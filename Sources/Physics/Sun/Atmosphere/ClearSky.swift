// SPDX-License-Identifier: MIT
import Foundation

/// What the sun gives through air without clouds.
public enum ClearSky {
  /// Global and diffuse on the level and beam facing the sun, in W/m²; `global` equals
  /// `beam` · cos(zenith) + `diffuse`.
  public struct Irradiance: Sendable, Hashable {
    /// Global horizontal irradiance, W/m².
    public let globalHorizontal: Double
    /// Beam (direct normal) irradiance, W/m².
    public let beamNormal: Double
    /// Diffuse horizontal irradiance, W/m².
    public let diffuseHorizontal: Double

    /// The night.
    public static let none = Irradiance(
      globalHorizontal: 0, beamNormal: 0, diffuseHorizontal: 0)
  }

  /// The model of Ineichen and Perez.
  ///
  /// Source: P. Ineichen, R. Perez, A new airmass independent formulation for the Linke turbidity
  /// coefficient, Solar Energy 73 (2002) 151, doi:10.1016/S0038-092X(02)00045-2; the enhancement for
  /// high airmass from R. Perez et al., Solar Energy 73 (2002) 307, doi:10.1016/S0038-092X(02)00122-6.
  ///
  /// - Parameters:
  ///   - cosZenith: cosine of the apparent zenith; the night (0 or less) gives nothing.
  ///   - absoluteAirmass: Kasten–Young with the place's pressure; NaN (the night) gives nothing.
  ///   - linkeTurbidity: 1 (no dust, no water) … 8 (hazy); see `LinkeTurbidity`.
  ///   - altitudeMetres: 0…4000 m above sea level.
  ///   - extraterrestrial: W/m² facing the sun.
  ///   - isEnhanced: Perez's correction, which raises the global irradiance of a low sun.
  public static func ineichen(
    cosZenith: Double, absoluteAirmass: Double, linkeTurbidity: Double, altitudeMetres: Double,
    extraterrestrial: Double, isEnhanced: Bool = false
  ) -> Irradiance {
    guard cosZenith > 0, !absoluteAirmass.isNaN else { return .none }
    let fh1 = exp(-altitudeMetres / 8_000)
    let fh2 = exp(-altitudeMetres / 1_250)
    let cg1 = 5.09e-5 * altitudeMetres + 0.868
    let cg2 = 3.92e-5 * altitudeMetres + 0.0387
    let haze = linkeTurbidity - 1
    var transmission = exp(-cg2 * absoluteAirmass * (fh1 + fh2 * haze))
    if isEnhanced { transmission *= exp(0.01 * pow(absoluteAirmass, 1.8)) }
    let global = cg1 * extraterrestrial * cosZenith * transmission
    let b = 0.664 + 0.163 / fh1
    let beam = extraterrestrial * b * exp(-0.09 * absoluteAirmass * haze)
    // the diffuse part is never less than that of a clean sky
    let share = (1 - (0.1 - 0.2 * exp(-linkeTurbidity)) / (0.1 + 0.882 / fh1)) / cosZenith
    let mostBeam = global * min(max(share, 0), 1e20)
    let limited = min(beam, mostBeam)
    return Irradiance(
      globalHorizontal: global, beamNormal: limited,
      diffuseHorizontal: global - limited * cosZenith)
  }

  /// Global irradiance in W/m² from the apparent zenith alone, for a mid-latitude sky.
  ///
  /// Source: B. Haurwitz, Insolation in relation to cloudiness and cloud density, Journal of
  /// Meteorology 2 (1945) 154.
  public static func haurwitz(cosZenith: Double) -> Double {
    cosZenith > 0 ? 1_098 * cosZenith * exp(-0.059 / cosZenith) : 0
  }
}
