// SPDX-License-Identifier: MIT
import Foundation

/// A plane in space that light falls on.
public struct Plane: Sendable, Hashable {
  /// 0° lies flat, 90° stands upright.
  public let tiltDegrees: Double
  /// Where it faces, clockwise from north.
  public let azimuthDegrees: Double
  /// The unit vector that stands on it.
  let east: Double
  let north: Double
  let up: Double
  let sinTilt: Double
  /// sin³ of half the tilt, of Klucher's and Reindl's horizon terms.
  let horizonFactor: Double

  /// A plane by its tilt, 0…180°, and azimuth, any angle.
  public init(tiltDegrees: Double, azimuthDegrees: Double) {
    let (tilt, azimuth) = (tiltDegrees.inRadians, azimuthDegrees.inRadians)
    self.tiltDegrees = tiltDegrees
    self.azimuthDegrees = azimuthDegrees
    sinTilt = sin(tilt)
    east = sin(tilt) * sin(azimuth)
    north = sin(tilt) * cos(azimuth)
    up = cos(tilt)
    let half = sin(tilt / 2)
    horizonFactor = half * half * half
  }

  /// The share of the sky's dome that the plane sees, weighted by the cosine.
  public var skyView: Double { 0.5 * (1 + cosTilt) }

  /// The cosine of the tilt.
  public var cosTilt: Double { up }

  /// The cosine of the angle between the sun and the plane's normal, −1…1; negative from behind.
  @inline(__always)
  public func cosIncidence(_ sun: SkyDirection) -> Double {
    min(max(east * sun.east + north * sun.north + up * sun.up, -1), 1)
  }

  /// The angle of incidence, 0…180°; beyond 90° the sun is behind.
  public func incidenceDegrees(_ sun: SkyDirection) -> Double {
    acos(cosIncidence(sun)).inDegrees
  }
}

extension SkyDirection {
  /// The direction of a zenith and an azimuth, clockwise from north.
  public init(zenithDegrees: Double, azimuthDegrees: Double) {
    let (zenith, azimuth) = (zenithDegrees.inRadians, azimuthDegrees.inRadians)
    self.init(east: sin(zenith) * sin(azimuth), north: sin(zenith) * cos(azimuth), up: cos(zenith))
  }
}
