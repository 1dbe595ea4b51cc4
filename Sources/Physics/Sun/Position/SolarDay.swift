// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// When the sun rises, stands highest and sets around one UTC day.
public struct SolarDay: Sendable, Hashable {
  /// Whether and when the sun crosses the horizon.
  public enum Light: Sendable, Hashable {
    /// It rises and sets. Far from Greenwich sunrise may lie before the UTC day or sunset after it.
    case risesAndSets(sunrise: Date, sunset: Date)
    /// It stays above the horizon.
    case polarDay
    /// It stays below the horizon.
    case polarNight
  }

  /// When the sun crosses the meridian.
  public let transit: Date
  /// Sunrise and sunset: the upper edge of the disc on a level horizon with ordinary refraction, which
  /// is the sun's centre at −0.8333°.
  public let light: Light

  /// Sunrise, if there is one.
  public var sunrise: Date? {
    if case .risesAndSets(let sunrise, _) = light { sunrise } else { nil }
  }

  /// Sunset, if there is one.
  public var sunset: Date? {
    if case .risesAndSets(_, let sunset) = light { sunset } else { nil }
  }

  /// The sun's day that holds the transit of the UTC day that `instant` lies in.
  ///
  /// Good to a few seconds where the sun crosses the horizon steeply; one step of interpolation as in
  /// the report, so within days of the beginning or end of a polar day it may be minutes off.
  /// Source: NREL/TP-560-34302, A.2.
  public init(holding instant: Date, location: Location, deltaT: Duration? = nil) {
    let midnight = (instant.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
    let deltaTSeconds = deltaT?.seconds ?? DeltaT.seconds(unixSeconds: midnight)
    let path = SolarPath(
      midnight: midnight, deltaTSeconds: deltaTSeconds,
      latitudeDegrees: location.latitude.rawValue, longitudeDegrees: location.longitude.rawValue)
    func date(_ dayFraction: Double) -> Date {
      Date(timeIntervalSince1970: midnight + dayFraction * 86_400)
    }
    transit = date(path.transitDayFraction)
    let cosine = path.cosineOfHalfDay
    if abs(cosine) <= 1 {
      let halfDay = acos(cosine).inDegrees / 360
      light = .risesAndSets(
        sunrise: date(path.horizonDayFraction(-halfDay)),
        sunset: date(path.horizonDayFraction(halfDay)))
    } else {
      light = cosine < 0 ? .polarDay : .polarNight
    }
  }
}

/// The sun's coordinates over three days, interpolated as in NREL/TP-560-34302, A.2.
private struct SolarPath {
  /// The height of the sun's centre at sunrise.
  static let horizonDegrees = -0.8333

  let deltaTSeconds: Double
  let sinLatitude: Double
  let cosLatitude: Double
  let longitudeDegrees: Double
  let siderealDegrees: Double
  let days: [GeocentricSun]
  let approximateTransit: Double

  init(
    midnight: Double, deltaTSeconds: Double, latitudeDegrees: Double, longitudeDegrees: Double
  ) {
    let today = GeocentricSun(unixSeconds: midnight, deltaTSeconds: deltaTSeconds)
    days = [-86_400.0, 0, 86_400].map {
      GeocentricSun(unixSeconds: midnight - deltaTSeconds + $0, deltaTSeconds: deltaTSeconds)
    }
    self.deltaTSeconds = deltaTSeconds
    self.longitudeDegrees = longitudeDegrees
    sinLatitude = sin(latitudeDegrees.inRadians)
    cosLatitude = cos(latitudeDegrees.inRadians)
    siderealDegrees = SolarTime.meanSiderealDegrees(midnight) + today.equinoxDegrees
    approximateTransit =
      (days[1].rightAscensionDegrees - longitudeDegrees - siderealDegrees).wrapped360 / 360
  }

  /// Beyond ±1 the sun does not cross the horizon.
  var cosineOfHalfDay: Double {
    let declination = days[1].declinationDegrees.inRadians
    return (sin(Self.horizonDegrees.inRadians) - sinLatitude * sin(declination))
      / (cosLatitude * cos(declination))
  }

  var transitDayFraction: Double {
    approximateTransit - coordinates(at: approximateTransit).hourAngleDegrees / 360
  }

  /// The crossing at an approximate distance from the transit, counted from midnight; it may lie
  /// outside 0…1.
  func horizonDayFraction(_ distance: Double) -> Double {
    let wholeDays = (approximateTransit + distance).rounded(.down)
    let fraction = approximateTransit + distance - wholeDays
    let (hourAngleDegrees, declinationDegrees) = coordinates(at: fraction)
    let (hourAngle, declination) = (hourAngleDegrees.inRadians, declinationDegrees.inRadians)
    let sine = sinLatitude * sin(declination) + cosLatitude * cos(declination) * cos(hourAngle)
    let missing = asin(sine).inDegrees - Self.horizonDegrees
    return fraction + missing / (360 * cos(declination) * cosLatitude * sin(hourAngle)) + wholeDays
  }

  private func coordinates(
    at dayFraction: Double
  ) -> (hourAngleDegrees: Double, declinationDegrees: Double) {
    let n = dayFraction + deltaTSeconds / 86_400
    let alpha = interpolate(days.map(\.rightAscensionDegrees), at: n)
    let delta = interpolate(days.map(\.declinationDegrees), at: n)
    let hourAngle =
      (siderealDegrees + 360.985647 * dayFraction + longitudeDegrees - alpha).wrapped360
    return (hourAngle >= 180 ? hourAngle - 360 : hourAngle, delta)
  }

  /// Through yesterday, today and tomorrow; a right ascension that passes 360° advances all the same.
  private func interpolate(_ values: [Double], at n: Double) -> Double {
    func advance(_ difference: Double) -> Double {
      abs(difference) > 2 ? difference - difference.rounded(.down) : difference
    }
    let (a, b) = (advance(values[1] - values[0]), advance(values[2] - values[1]))
    return values[1] + n * (a + b + (b - a) * n) / 2
  }
}
