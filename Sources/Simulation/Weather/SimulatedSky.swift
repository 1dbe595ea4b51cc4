// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The sun under a cloudless sky.
enum SimulatedSky {
  /// Cosine of the sun's zenith angle.
  static func cosineOfZenith(at date: Date, location: Location) -> Double {
    let days = date.timeIntervalSince1970 / 86_400
    let dayOfYear = days.truncatingRemainder(dividingBy: 365.25)
    let declination = 0.409 * sin(2 * .pi * (284 + dayOfYear) / 365.25)
    let hour = (days - days.rounded(.down)) * 24 + location.longitude.rawValue / 15
    let angle = (hour - 12) * .pi / 12
    let latitude = location.latitude.radians
    return sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(angle)
  }

  /// Global horizontal irradiance, W/m².
  static func clearSkyIrradiance(at date: Date, location: Location) -> Double {
    let cosine = cosineOfZenith(at: date, location: location)
    return cosine > 0.01 ? 1_098 * cosine * exp(-0.057 / cosine) : 0
  }
}
