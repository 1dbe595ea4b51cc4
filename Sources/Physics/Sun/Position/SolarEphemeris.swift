// SPDX-License-Identifier: MIT
import Foundation

/// The geocentric sun of a span of time, tabulated every six hours and interpolated between.
///
/// The 250 periodic terms change over days, so four exact suns a day carry all steps of the day. The
/// cubic through four of them is within 10⁻⁹ degrees of the exact one (measured in the tests).
struct SolarEphemeris {
  /// What an observer needs of the sun at an instant.
  struct Sun {
    /// Greenwich apparent sidereal time minus right ascension, without the mean sidereal time.
    let siderealOffsetDegrees: Double
    let sinDeclination: Double
    let distanceAstronomicalUnits: Double
  }

  private static let stepSeconds = 21_600.0
  private let start: Double
  private let knots: [Sun]

  /// - Parameter deltaTSeconds: `nil` for the observed one.
  init(covering range: ClosedRange<Double>, deltaTSeconds: Double?) {
    let first = (range.lowerBound / Self.stepSeconds).rounded(.down) - 1
    let last = (range.upperBound / Self.stepSeconds).rounded(.down) + 2
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
    // Lagrange's cubic through the knots −1, 0, 1, 2
    let before = -t * (t - 1) * (t - 2) / 6
    let here = (t + 1) * (t - 1) * (t - 2) / 2
    let next = -(t + 1) * t * (t - 2) / 2
    let after = (t + 1) * t * (t - 1) / 6
    let (a, b, c, d) = (knots[index - 1], knots[index], knots[index + 1], knots[index + 2])
    return Sun(
      siderealOffsetDegrees: before * a.siderealOffsetDegrees + here * b.siderealOffsetDegrees
        + next * c.siderealOffsetDegrees + after * d.siderealOffsetDegrees,
      sinDeclination: before * a.sinDeclination + here * b.sinDeclination
        + next * c.sinDeclination + after * d.sinDeclination,
      distanceAstronomicalUnits: before * a.distanceAstronomicalUnits
        + here * b.distanceAstronomicalUnits + next * c.distanceAstronomicalUnits
        + after * d.distanceAstronomicalUnits)
  }
}
