// SPDX-License-Identifier: MIT
import Foundation

/// The geocentric sun of a span of time, tabulated once a day and interpolated between.
///
/// The 250 periodic terms change over days, so one exact sun a day carries all steps of the day. The
/// polynomial of the fifth degree through six of them is within 10⁻⁸ degrees of the exact one: the
/// shortest strong terms of the nutation, of 14 and 9 days, leave 4·10⁻⁹ degrees each.
struct SolarEphemeris {
  /// What an observer needs of the sun at an instant.
  struct Sun {
    /// Greenwich apparent sidereal time minus right ascension, without the mean sidereal time.
    let siderealOffsetDegrees: Double
    let sinDeclination: Double
    let distanceAstronomicalUnits: Double
  }

  private static let stepSeconds = 86_400.0
  /// Knots before and after the interval that holds an instant.
  private static let margin = 2
  private let start: Double
  private let knots: [Sun]

  /// - Parameter deltaTSeconds: `nil` for the observed one.
  init(covering range: ClosedRange<Double>, deltaTSeconds: Double?) {
    let first = (range.lowerBound / Self.stepSeconds).rounded(.down) - Double(Self.margin)
    let last = (range.upperBound / Self.stepSeconds).rounded(.down) + 1 + Double(Self.margin)
    start = first * Self.stepSeconds
    let fixed = deltaTSeconds
    var previous = 0.0
    knots = (0...Int(last - first)).map { index in
      let time = (first + Double(index)) * Self.stepSeconds
      let exact = GeocentricSun(
        unixSeconds: time, deltaTSeconds: fixed ?? DeltaT.seconds(unixSeconds: time))
      let offset = exact.equinoxDegrees - exact.rightAscensionDegrees
      // right ascension grows all year: take off a turn where it passes 360°
      let turns = index == 0 ? 0 : ((previous - offset) / 360).rounded()
      previous = offset + 360 * turns
      return Sun(
        siderealOffsetDegrees: previous, sinDeclination: sin(exact.declinationDegrees.inRadians),
        distanceAstronomicalUnits: exact.distanceAstronomicalUnits)
    }
  }

  /// The sun at an instant inside the span.
  @inline(__always)
  func sun(_ unixSeconds: Double) -> Sun {
    let position = (unixSeconds - start) / Self.stepSeconds
    let index = Int(position)
    let t = position - Double(index)
    // Lagrange's weights of the knots −2 … 3
    let (a, b, c, d, e) = (t + 2, t + 1, t - 1, t - 2, t - 3)
    let (bt, cd) = (b * t, c * d)
    let weights = (
      -bt * cd * e / 120, a * t * cd * e / 24, -a * b * cd * e / 12, a * bt * d * e / 12,
      -a * bt * c * e / 24, a * bt * cd / 120
    )
    return knots.withUnsafeBufferPointer { knots in
      var (offset, declination, distance) = (0.0, 0.0, 0.0)
      func add(_ weight: Double, _ knot: Sun) {
        offset += weight * knot.siderealOffsetDegrees
        declination += weight * knot.sinDeclination
        distance += weight * knot.distanceAstronomicalUnits
      }
      add(weights.0, knots[index - 2])
      add(weights.1, knots[index - 1])
      add(weights.2, knots[index])
      add(weights.3, knots[index + 1])
      add(weights.4, knots[index + 2])
      add(weights.5, knots[index + 3])
      return Sun(
        siderealOffsetDegrees: offset, sinDeclination: declination,
        distanceAstronomicalUnits: distance)
    }
  }
}
