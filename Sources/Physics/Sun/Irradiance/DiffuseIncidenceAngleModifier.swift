// SPDX-License-Identifier: MIT
import Foundation

/// What a module's glass lets through of light from all over the sky, the horizon or the ground.
///
/// Source: B. Marion, Numerical method for angle-of-incidence correction factors for diffuse radiation
/// incident photovoltaic modules, Solar Energy 147 (2017) 344, doi:10.1016/j.solener.2017.03.027.
public enum DiffuseIncidenceAngleModifier {
  /// Where diffuse light comes from.
  public enum Region: String, Sendable, Hashable, CaseIterable {
    /// The dome above the horizon.
    case sky
    /// A band of half a degree above the horizon.
    case horizon
    /// Everything below the horizon.
    case ground
  }

  /// The modifier, weighted by the cosine of incidence over a region of even brightness, 0…1; 0 where
  /// the plane does not see the region at all.
  ///
  /// Sums over patches of one degree (0.1° for the horizon) as the source does. Cost 32 000 values of
  /// the modifier; compute it once for an array.
  public static func value(
    _ modifier: IncidenceAngleModifier, tiltDegrees: Double, region: Region
  ) -> Double {
    let bands = region == .horizon ? 1_800 : 180
    let size = Double.pi / Double(bands)
    let (sinTilt, cosTilt) = (sin(tiltDegrees.inRadians), cos(tiltDegrees.inRadians))
    var (passed, fallen) = (0.0, 0.0)
    for band in zenithBands(region, bands) {
      let zenith = Double(band) * size
      let middle = zenith + 0.5 * size
      let area = size * (cos(zenith) - cos(zenith + size))
      for patch in 0..<2 * bands {
        let azimuth = (Double(patch) + 0.5) * size
        let cosIncidence = cosTilt * cos(middle) + sinTilt * sin(middle) * cos(azimuth)
        guard cosIncidence > 0 else { continue }
        passed += modifier.value(cosIncidence: cosIncidence) * cosIncidence * area
        fallen += cosIncidence * area
      }
    }
    return fallen == 0 ? 0 : passed / fallen
  }

  /// Bands of zenith angles, counted from straight up.
  private static func zenithBands(_ region: Region, _ bands: Int) -> Range<Int> {
    switch region {
    case .sky: 0..<bands / 2
    case .horizon: bands / 2 - 5..<bands / 2
    case .ground: bands / 2..<bands
    }
  }
}
