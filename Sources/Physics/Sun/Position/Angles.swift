// SPDX-License-Identifier: MIT

extension Double {
  /// Degrees as radians.
  @inline(__always) var inRadians: Double { self * (.pi / 180) }

  /// Radians as degrees.
  @inline(__always) var inDegrees: Double { self * (180 / .pi) }

  /// An angle in degrees brought to 0 ..< 360.
  @inline(__always) var wrapped360: Double {
    let rest = self - 360 * (self / 360).rounded(.down)
    return rest < 360 ? rest : 0
  }
}
