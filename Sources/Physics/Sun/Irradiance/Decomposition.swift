// SPDX-License-Identifier: MIT
import Foundation

/// Splits global horizontal irradiance into beam and diffuse by the clearness index.
///
/// All functions take W/m² and give W/m². Where the sun stands lower than 3° or the global irradiance
/// is negative, the beam is 0 and the diffuse part is the whole; that also holds at night.
public enum Decomposition {
  /// Beam and diffuse irradiance and the clearness index they come from.
  public struct Parts: Sendable, Hashable {
    /// Beam (direct normal) irradiance, W/m², 0 or more.
    public var beamNormal: Double
    /// Diffuse horizontal irradiance, W/m².
    public var diffuseHorizontal: Double
    /// The clearness index, 0…1.
    public var clearnessIndex: Double
  }

  /// The correlations of the diffuse fraction with the clearness index.
  public enum Model: String, Sendable, Hashable, CaseIterable {
    /// D. Erbs, S. Klein, J. Duffie, Solar Energy 28 (1982) 293, doi:10.1016/0038-092X(82)90302-4.
    case erbs
    /// J. Boland, B. Ridley, in Modeling solar radiation at the earth's surface, 2008, ch. 8,
    /// doi:10.1007/978-3-540-77455-6_8.
    case boland
    /// J. Orgill, K. Hollands, Solar Energy 19 (1977) 357, doi:10.1016/0038-092X(77)90006-8.
    case orgillHollands
    /// A. Driesse, J. Jensen, R. Perez, Solar Energy 277 (2024) 113093 (the continuous Erbs),
    /// doi:10.1016/j.solener.2024.113093.
    case erbsDriesse
  }

  /// The zenith beyond which there is no beam.
  public static let largestZenithDegrees = 87.0
  static let smallestCosZenith = cos(largestZenithDegrees.inRadians)

  /// Splits the global irradiance of one instant.
  ///
  /// - Parameters:
  ///   - model: the correlation.
  ///   - globalHorizontal: W/m².
  ///   - cosZenith: cosine of the true zenith.
  ///   - extraterrestrial: W/m² facing the sun.
  @inline(__always)
  public static func parts(
    _ model: Model, globalHorizontal: Double, cosZenith: Double, extraterrestrial: Double
  ) -> Parts {
    let global = model == .erbsDriesse ? max(globalHorizontal, 0) : globalHorizontal
    let kt = ClearnessIndex.kt(
      globalHorizontal: global, cosZenith: cosZenith, extraterrestrial: extraterrestrial)
    let diffuse = diffuseFraction(model, kt: kt) * global
    let beam = (global - diffuse) / cosZenith
    guard cosZenith >= smallestCosZenith, global >= 0, beam >= 0 else {
      return Parts(beamNormal: 0, diffuseHorizontal: global, clearnessIndex: kt)
    }
    return Parts(beamNormal: beam, diffuseHorizontal: diffuse, clearnessIndex: kt)
  }

  /// The share of the global irradiance that is diffuse, 0…1, at a clearness index of 0…1.
  @inline(__always)
  public static func diffuseFraction(_ model: Model, kt: Double) -> Double {
    switch model {
    case .erbs:
      if kt <= 0.22 { return 1 - 0.09 * kt }
      if kt > 0.8 { return 0.165 }
      return 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)))
    case .boland:
      return 1 / (1 + exp(8.645 * (kt - 0.613)))
    case .orgillHollands:
      if kt < 0.35 { return 1 - 0.249 * kt }
      return kt > 0.75 ? 0.177 : 1.557 - 1.84 * kt
    case .erbsDriesse:
      if kt <= 0.216 { return 1 - 0.09 * kt }
      if kt > 0.792 { return 0.165 }
      return 0.946296633571001
        + kt
        * (-0.11390583806313881
          + kt * (4.246926715218317 + kt * (-16.470508424697307 + kt * 12.26911439571261)))
    }
  }
}
