// SPDX-License-Identifier: MIT

/// ΔT, terrestrial time minus universal time: the slowing of the earth's turning.
///
/// Nobody can compute it; it is observed. An error of 1 s moves the sun by less than 0.00002° across
/// the sky, because the earth turns by universal time and only the orbit needs terrestrial time.
public enum DeltaT {
  /// ΔT at an instant from observations up to 2025, held afterwards (and before 1970).
  ///
  /// Source: International Earth Rotation and Reference Systems Service, TT − UT1 at the beginning of
  /// the year, rounded to 0.1 s.
  public static func seconds(unixSeconds: Double) -> Double {
    let position = (SolarTime.decimalYear(unixSeconds) - 1970) / 5
    guard position > 0 else { return observedSeconds[0] }
    let index = Int(position)
    guard index + 1 < observedSeconds.count else {
      return observedSeconds[observedSeconds.count - 1]
    }
    let share = position - Double(index)
    return observedSeconds[index] + share * (observedSeconds[index + 1] - observedSeconds[index])
  }

  /// The constant that the reference vectors and pvlib use.
  public static let referenceSeconds = 67.0

  /// Every five years from 1970.
  private static let observedSeconds = [
    40.2, 45.5, 50.5, 54.3, 56.9, 60.8, 63.8, 64.7, 66.1, 67.6, 69.4, 69.1,
  ]
}
