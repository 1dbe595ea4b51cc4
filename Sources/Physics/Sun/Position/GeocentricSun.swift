// SPDX-License-Identifier: MIT
import Foundation

/// Where the sun stands for somebody at the centre of the earth: what depends on time alone.
///
/// Source: I. Reda, A. Andreas, Solar position algorithm for solar radiation applications, Solar
/// Energy 76 (2004) 577, doi:10.1016/j.solener.2003.12.003, with the corrigendum 81 (2007) 838, in the
/// revision NREL/TP-560-34302 of 2008. The names of steps (3.2 …) are those of the report.
public struct GeocentricSun: Sendable, Hashable {
  /// Apparent right ascension α, 0 ..< 360°.
  public let rightAscensionDegrees: Double
  /// Apparent declination δ, −23.5…23.5°.
  public let declinationDegrees: Double
  /// Distance of earth and sun R, 0.983…1.017 astronomical units.
  public let distanceAstronomicalUnits: Double
  /// Nutation in right ascension Δψ·cos ε, which takes mean to apparent sidereal time.
  public let equinoxDegrees: Double

  /// The sun at an instant; accurate to 0.0003° for the years −2000…6000. Cost about 250 cosines.
  ///
  /// - Parameters:
  ///   - unixSeconds: seconds since 1970-01-01T00:00Z.
  ///   - deltaTSeconds: terrestrial time minus universal time; see `DeltaT`.
  public init(unixSeconds: Double, deltaTSeconds: Double) {
    let century = (SolarTime.daysSince2000(unixSeconds) + deltaTSeconds / 86_400) / 36_525
    let millennium = century / 10
    // 3.2: heliocentric longitude L, latitude B and radius R
    let longitude = Self.polynomial(Self.longitudeTerms, millennium)
    let latitude = Self.polynomial(Self.latitudeTerms, millennium)
    let radius = Self.polynomial(Self.radiusTerms, millennium)
    // 3.4, 3.5: nutation and the true obliquity of the ecliptic
    let nutation = Self.nutationDegrees(century)
    let epsilon = Self.meanObliquityDegrees(millennium) + nutation.obliquity
    // 3.3, 3.6, 3.7: geocentric apparent longitude λ, latitude β
    let aberration = -20.4898 / (3_600 * radius)
    let lambda = (longitude.inDegrees + 180 + nutation.longitude + aberration).inRadians
    let beta = -latitude
    // 3.9, 3.10: right ascension and declination
    let (sinEpsilon, cosEpsilon) = (sin(epsilon.inRadians), cos(epsilon.inRadians))
    let (sinLambda, cosLambda) = (sin(lambda), cos(lambda))
    let alpha = atan2(sinLambda * cosEpsilon - tan(beta) * sinEpsilon, cosLambda)
    let delta = asin(sin(beta) * cosEpsilon + cos(beta) * sinEpsilon * sinLambda)
    rightAscensionDegrees = alpha.inDegrees.wrapped360
    declinationDegrees = delta.inDegrees
    distanceAstronomicalUnits = radius
    equinoxDegrees = nutation.longitude * cosEpsilon
  }

  /// The equation of time (apparent minus mean solar time), −20…20 min. Source: NREL report, A.1.
  public func equationOfTimeMinutes(unixSeconds: Double, deltaTSeconds: Double) -> Double {
    let tau = (SolarTime.daysSince2000(unixSeconds) + deltaTSeconds / 86_400) / 365_250
    let meanLongitude =
      280.4664567
      + tau
      * (360_007.6982779
        + tau * (0.03032028 + tau * (1 / 49_931.0 - tau * (1 / 15_300.0 + tau / 2_000_000))))
    let minutes =
      (meanLongitude - 0.0057183 - rightAscensionDegrees + equinoxDegrees).wrapped360 * 4
    return minutes > 20 ? minutes - 1_440 : minutes
  }

  private static let longitudeTerms = [
    EarthLongitudeTerms.power0, EarthLongitudeTerms.power1, EarthLongitudeTerms.power2,
    EarthLongitudeTerms.power3, EarthLongitudeTerms.power4, EarthLongitudeTerms.power5,
  ]
  private static let latitudeTerms = [EarthLatitudeTerms.power0, EarthLatitudeTerms.power1]
  private static let radiusTerms = [
    EarthRadiusTerms.power0, EarthRadiusTerms.power1, EarthRadiusTerms.power2,
    EarthRadiusTerms.power3, EarthRadiusTerms.power4,
  ]

  /// 3.2.1…3.2.6: Σₙ τⁿ Σᵢ Aᵢ cos(Bᵢ + Cᵢ τ), in rad or astronomical units.
  private static func polynomial(_ powers: [[Double]], _ tau: Double) -> Double {
    var result = 0.0
    for terms in powers.reversed() {
      result = result * tau
      for index in stride(from: 0, to: terms.count, by: 3) {
        result += terms[index] * cos(terms[index + 1] + terms[index + 2] * tau)
      }
    }
    return result / 1e8
  }

  /// 3.4: nutation in longitude Δψ and in obliquity Δε.
  private static func nutationDegrees(
    _ century: Double
  ) -> (longitude: Double, obliquity: Double) {
    let T = century
    let arguments = (
      297.85036 + T * (445_267.111480 + T * (-0.0019142 + T / 189_474)),
      357.52772 + T * (35_999.050340 + T * (-0.0001603 - T / 300_000)),
      134.96298 + T * (477_198.867398 + T * (0.0086972 + T / 56_250)),
      93.27191 + T * (483_202.017538 + T * (-0.0036825 + T / 327_270)),
      125.04452 + T * (-1_934.136261 + T * (0.0020708 + T / 450_000))
    )
    let rows = NutationTerms.rows
    var (longitude, obliquity) = (0.0, 0.0)
    for row in stride(from: 0, to: rows.count, by: 9) {
      let degrees =
        rows[row] * arguments.0 + rows[row + 1] * arguments.1 + rows[row + 2] * arguments.2
        + rows[row + 3] * arguments.3 + rows[row + 4] * arguments.4
      let angle = degrees.inRadians
      longitude += (rows[row + 5] + rows[row + 6] * T) * sin(angle)
      obliquity += (rows[row + 7] + rows[row + 8] * T) * cos(angle)
    }
    return (longitude / 36_000_000, obliquity / 36_000_000)
  }

  /// 3.5.1: the mean obliquity of the ecliptic ε₀.
  private static func meanObliquityDegrees(_ millennium: Double) -> Double {
    let U = millennium / 10
    let coefficients = [
      84_381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67, -39.05, 7.12, 27.87, 5.79, 2.45,
    ]
    return coefficients.reversed().reduce(0) { $0 * U + $1 } / 3_600
  }
}
