// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The PV plant as it really is: dirty, behind a horizon, under snow in winter.
struct SimulatedPlant {
  let home: Home
  let truth: TruthParameters

  /// Production without snow and limits of each quarter-hour of a UTC day, W alternating current.
  func production(of day: WeatherDay, dayNumber: Int) -> [Double] {
    let efficiency = home.inverter?.efficiency.rawValue ?? 0
    return day.irradiance.indices.map { step in
      let middle = Date(
        timeIntervalSince1970: Double(dayNumber) * 86_400 + (Double(step) + 0.5) * 900)
      let cosine = SimulatedSky.cosineOfZenith(at: middle, location: home.site.location)
      guard cosine > 0.02, day.irradiance[step] > 0 else { return 0 }
      return home.pvArrays.reduce(0) { sum, array in
        let warmth = day.celsius[step] + 0.03 * day.irradiance[step] - 25
        let share =
          (1 + array.temperatureCoefficientPerKelvin * warmth)
          * (1 - array.losses.rawValue) * truth.soilingFactor * efficiency
        return sum + array.peakPower.rawValue * day.irradiance[step] / 1_000 * share
      }
    }
  }

  /// The share of the modules under snow after a quarter-hour: fresh snow covers them, and slides
  /// off when it is warm or sunny enough.
  ///
  /// Source: B. Marion et al., Solar Energy 97 (2013) 112, doi:10.1016/j.solener.2013.07.029:
  /// snow slides while T > −80 K·m²/W⁻¹ of irradiance, 0.197·sin(tilt) of the slope an hour.
  static func snowCover(
    before: Double, fresh: Double, celsius: Double, irradiance: Double, home: Home
  ) -> Double {
    var cover = min(1, before + fresh / 10)
    guard cover > 0, fresh < 0.5, celsius > -irradiance / 80 else { return cover }
    let tilt = home.pvArrays.map(\.tilt.radians).max() ?? 0.6
    cover -= 0.197 * 10 / 10 * sin(tilt) / 4 * 4 / 4
    return max(0, cover)
  }
}
