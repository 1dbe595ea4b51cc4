// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// A place on the earth's ellipsoid, ready to look at the sun from many times.
public struct SolarObserver: Sendable, Hashable {
  let longitudeDegrees: Double
  let sinLatitude: Double
  let cosLatitude: Double
  /// Distance from the earth's axis and above its equator, in equatorial radii (NREL 3.12.3, 3.12.4).
  let axisDistance: Double
  let equatorDistance: Double

  /// A place by numbers: latitude −90…90°, longitude −180…180°, altitude above sea level.
  public init(latitudeDegrees: Double, longitudeDegrees: Double, altitudeMetres: Double) {
    let latitude = latitudeDegrees.inRadians
    let reducedLatitude = atan(0.99664719 * tan(latitude))
    let radii = altitudeMetres / 6_378_140
    self.longitudeDegrees = longitudeDegrees
    sinLatitude = sin(latitude)
    cosLatitude = cos(latitude)
    axisDistance = cos(reducedLatitude) + radii * cos(latitude)
    equatorDistance = 0.99664719 * sin(reducedLatitude) + radii * sin(latitude)
  }

  /// A place.
  public init(_ location: Location) {
    self.init(
      latitudeDegrees: location.latitude.rawValue, longitudeDegrees: location.longitude.rawValue,
      altitudeMetres: location.altitude.rawValue)
  }

  /// Where the sun stands from here, without refraction.
  public func direction(of sun: GeocentricSun, unixSeconds: Double) -> SkyDirection {
    let sidereal = SolarTime.meanSiderealDegrees(unixSeconds) + sun.equinoxDegrees
    let declination = sun.declinationDegrees.inRadians
    return direction(
      hourAngleDegrees: sidereal + longitudeDegrees - sun.rightAscensionDegrees,
      sinDeclination: sin(declination), cosDeclination: cos(declination),
      distanceAstronomicalUnits: sun.distanceAstronomicalUnits)
  }

  /// The same from the geocentric hour angle, westward from south, and declination.
  ///
  /// The parallax is taken off as a vector, which equals the angles of NREL 3.12 (J. Meeus,
  /// Astronomical Algorithms, 1991, ch. 39) and needs no further trigonometry.
  @inline(__always)
  func direction(
    hourAngleDegrees: Double, sinDeclination: Double, cosDeclination: Double,
    distanceAstronomicalUnits: Double
  ) -> SkyDirection {
    let hourAngle = hourAngleDegrees.inRadians
    // 3.12.1: the equatorial horizontal parallax; its sine is the angle within 1e-14
    let parallax = (8.794 / (3_600 * distanceAstronomicalUnits)).inRadians
    let west = cosDeclination * sin(hourAngle)
    let outward = cosDeclination * cos(hourAngle) - axisDistance * parallax
    let polar = sinDeclination - equatorDistance * parallax
    let south = outward * sinLatitude - polar * cosLatitude
    let up = outward * cosLatitude + polar * sinLatitude
    let scale = 1 / (west * west + south * south + up * up).squareRoot()
    return SkyDirection(east: -west * scale, north: -south * scale, up: up * scale)
  }
}

/// A direction in the sky as a unit vector; the projection on a plane is one dot product.
public struct SkyDirection: Sendable, Hashable {
  /// The part towards the east, −1…1.
  public let east: Double
  /// The part towards the north, −1…1.
  public let north: Double
  /// The part straight up, −1…1: the cosine of the zenith angle.
  public let up: Double

  /// The angle above the horizon, −90…90°.
  public var elevationDegrees: Double {
    atan2(up, (east * east + north * north).squareRoot()).inDegrees
  }

  /// Clockwise from north, 0 ..< 360°.
  public var azimuthDegrees: Double { atan2(east, north).inDegrees.wrapped360 }
}
