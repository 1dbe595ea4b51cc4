// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// Where the sun stands in the sky of a place.
public struct SolarPosition: Sendable, Hashable {
  /// The angle from straight up to the sun's centre without an atmosphere, 0…180°.
  public let zenith: Degrees
  /// The angle from straight up to where the sun is seen, lifted by refraction; equals `zenith` when
  /// the sun is more than 0.83° below the horizon.
  public let apparentZenith: Degrees
  /// Where it stands, clockwise from north, 0 ..< 360°. Undefined by nature straight overhead; at the
  /// poles it is counted from the meridian of the given longitude.
  public let azimuth: Degrees
  /// Apparent minus mean solar time, −20…20 min.
  public let equationOfTime: Duration

  /// The angle from the horizon up to the sun's centre without an atmosphere, −90…90°.
  public var elevation: Degrees { Degrees(90 - zenith.rawValue) }

  /// The angle from the horizon up to where the sun is seen, −90…90°.
  public var apparentElevation: Degrees { Degrees(90 - apparentZenith.rawValue) }

  /// The sun at an instant and a place by the NREL solar position algorithm.
  ///
  /// Valid for the years −2000…6000 and every place including the poles, with an uncertainty of
  /// 0.0003°; how far refraction may be off at the horizon (some 0.1°) is not in this figure.
  ///
  /// - Parameters:
  ///   - instant: any instant.
  ///   - location: where the observer stands.
  ///   - air: what bends the light; by default the mean air of the place's altitude at 12 °C.
  ///   - deltaT: terrestrial minus universal time; by default the observed one of `DeltaT`.
  public init(
    at instant: Date, location: Location, air: RefractingAir? = nil, deltaT: Duration? = nil
  ) {
    let unixSeconds = instant.timeIntervalSince1970
    let deltaTSeconds = deltaT?.seconds ?? DeltaT.seconds(unixSeconds: unixSeconds)
    let observer = SolarObserver(location)
    let sun = GeocentricSun(unixSeconds: unixSeconds, deltaTSeconds: deltaTSeconds)
    let seen = observer.direction(of: sun, unixSeconds: unixSeconds)
    let elevation = seen.elevationDegrees
    let refraction = (air ?? RefractingAir(altitude: location.altitude))
      .refractionDegrees(elevationDegrees: elevation)
    zenith = Degrees(90 - elevation)
    apparentZenith = Degrees(90 - elevation - refraction)
    azimuth = Degrees(seen.azimuthDegrees)
    equationOfTime = .seconds(
      60 * sun.equationOfTimeMinutes(unixSeconds: unixSeconds, deltaTSeconds: deltaTSeconds))
  }
}
