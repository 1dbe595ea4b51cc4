// SPDX-License-Identifier: MIT
import Foundation

/// How much of the extraterrestrial irradiance reaches the ground.
public enum ClearnessIndex {
  /// Below this cosine (a sun under 3.7°) the level plane outside the atmosphere stops shrinking, so
  /// that a few watts at sunrise do not count as a brilliant sky.
  public static let smallestCosZenith = 0.065

  /// kt, global horizontal over extraterrestrial horizontal irradiance, 0…`limit`.
  ///
  /// A negative irradiance counts as 0, the brightening between clouds as `limit`.
  @inline(__always)
  public static func kt(
    globalHorizontal: Double, cosZenith: Double, extraterrestrial: Double, limit: Double = 1
  ) -> Double {
    let kt = globalHorizontal / (extraterrestrial * max(cosZenith, smallestCosZenith))
    return min(max(kt, 0), limit)
  }

  /// kt′, the clearness index made independent of the airmass, 0…1; NaN without an airmass.
  ///
  /// Source: R. Perez et al., Making full use of the clearness index for parameterizing hourly
  /// insolation conditions, Solar Energy 45 (1990) 111, doi:10.1016/0038-092X(90)90036-C.
  @inline(__always)
  public static func ktPrime(kt: Double, airmass: Double) -> Double {
    let ratio = kt / (1.031 * exp(-1.4 / (0.9 + 9.4 / airmass)) + 0.1)
    return ratio.isNaN ? .nan : min(max(ratio, 0), 1)
  }
}
