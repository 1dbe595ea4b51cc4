// SPDX-License-Identifier: MIT
import Foundation

/// How much air the light of the sun passes, in units of the air straight above.
///
/// All take the zenith angle in degrees, −90…90, and give NaN beyond. Those fitted to observations
/// take the apparent zenith.
public enum Airmass {
  /// F. Kasten, A. Young, Applied Optics 28 (1989) 4735, doi:10.1364/AO.28.004735. Apparent zenith.
  @inline(__always)
  public static func kastenYoung1989(apparentZenithDegrees z: Double) -> Double {
    kastenYoung1989(apparentZenithDegrees: z, cosZenith: cos(z.inRadians))
  }

  /// The same where the cosine is known already.
  @inline(__always)
  static func kastenYoung1989(apparentZenithDegrees z: Double, cosZenith: Double) -> Double {
    guard z <= 90 else { return .nan }
    return 1 / (cosZenith + 0.50572 * pow(6.07995 + (90 - z), -1.6364))
  }

  /// F. Kasten, A new table and approximate formula for relative optical air mass, Archiv für
  /// Meteorologie B 14 (1965) 206, in the form of 1966. Apparent zenith.
  @inline(__always)
  public static func kasten1966(apparentZenithDegrees z: Double) -> Double {
    guard z <= 90 else { return .nan }
    return 1 / (cos(z.inRadians) + 0.15 * pow(93.885 - z, -1.253))
  }

  /// The secant of the zenith: a flat earth; grows without limit at the horizon. Apparent zenith.
  public static func secant(apparentZenithDegrees z: Double) -> Double {
    guard z <= 90 else { return .nan }
    return 1 / cos(z.inRadians)
  }

  /// K. Pickering, The southern limits of the ancient star catalog, DIO 12 (2002) 20. Apparent zenith.
  public static func pickering2002(apparentZenithDegrees z: Double) -> Double {
    guard z <= 90 else { return .nan }
    return 1 / sin((90 - z + 244 / (165 + 47 * pow(90 - z, 1.1))).inRadians)
  }

  /// A. Young, W. Irvine, Multicolor photoelectric photometry of the brighter planets, Astronomical
  /// Journal 72 (1967) 945, doi:10.1086/110366. True zenith; poor beyond 80°.
  public static func youngIrvine1967(zenithDegrees z: Double) -> Double {
    guard z <= 90 else { return .nan }
    let secant = 1 / cos(z.inRadians)
    return secant * (1 - 0.0012 * (secant * secant - 1))
  }

  /// A. Young, Air mass and refraction, Applied Optics 33 (1994) 1108, doi:10.1364/AO.33.001108.
  /// True zenith.
  public static func young1994(zenithDegrees z: Double) -> Double {
    guard z <= 90 else { return .nan }
    let c = cos(z.inRadians)
    return (1.002432 * c * c + 0.148386 * c + 0.0096467)
      / (c * c * c + 0.149864 * c * c + 0.0102963 * c + 0.000303978)
  }

  /// C. Gueymard, Critical analysis and performance assessment of clear sky solar irradiance models,
  /// Solar Energy 51 (1993) 121, doi:10.1016/0038-092X(93)90074-X. Apparent zenith.
  public static func gueymard1993(apparentZenithDegrees z: Double) -> Double {
    guard z <= 90 else { return .nan }
    return 1 / (cos(z.inRadians) + 0.00176759 * z * pow(94.37515 - z, -1.21563))
  }

  /// The relative airmass scaled by the pressure at the place.
  @inline(__always)
  public static func absolute(relative: Double, pressurePascals: Double) -> Double {
    relative * pressurePascals / AtmosphericPressure.seaLevelPascals
  }
}
