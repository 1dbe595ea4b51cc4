// SPDX-License-Identifier: MIT
import Foundation

/// What a room's model leaves out, as the filter that follows the room has to know it.
public struct TrackingNoise: Sendable, Hashable, Codable {
  /// Variance that the air gains by itself, K²/h.
  public var air: Double
  /// Variance that walls and slab gain by themselves, K²/h.
  public var mass: Double
  /// How fast the unknown heat wanders, K²/h³; 0 for none.
  public var disturbance: Double
  /// How fast the unknown heat fades, 1/h; above 0.
  public var fading: Double

  /// The noise of a room.
  public init(air: Double, mass: Double, disturbance: Double, fading: Double) {
    self.air = air
    self.mass = mass
    self.disturbance = disturbance
    self.fading = fading
  }

  /// For a room that was described and not identified: half a watt for each square metre that
  /// nobody wrote down, an open door or a visitor, is 0.05 K/h and lasts some hours.
  public static let described = TrackingNoise(
    air: 2e-3, mass: 5e-4, disturbance: 1e-3, fading: 0.2)

  /// Variance that the unknown heat gives the air after some hours, K².
  ///
  /// The integral of a noise that fades: `q/λ³ (λ t − 1 + e^{−λ t})` for one in its usual state.
  /// Source: G. Uhlenbeck, L. Ornstein, Phys. Rev. 36 (1930) 823, doi:10.1103/PhysRev.36.823.
  func wanderingVariance(hours: Double) -> Double {
    let faded = fading * hours
    return disturbance / (fading * fading * fading) * (faded - 1 + exp(-faded))
  }
}
