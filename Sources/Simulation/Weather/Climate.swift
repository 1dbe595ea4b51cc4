// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What the weather of a place is in the mean of many years, month by month: the truth that
/// simulated weather fluctuates around.
public struct Climate: Sendable, Hashable {
  /// Mean air temperature of each month, January first, °C.
  public let meanCelsius: [Double]
  /// Mean difference between the day's highest and lowest temperature of each month, K.
  public let dailyRangeKelvins: [Double]
  /// Standard deviation of daily mean temperatures about the month's mean, K.
  public let dailyDeviationKelvins: [Double]
  /// Global horizontal irradiation of each month, kWh/m².
  public let irradiationKilowattHours: [Double]
  /// Mean wind speed of each month at ten metres, m/s.
  public let windMetresPerSecond: [Double]
  /// How much a cloudless day is warmer than an overcast one in each month, K; negative in winter.
  public let clearSkyWarmthKelvins: [Double]
  /// The latent middle of cloudiness, found so that mean irradiation comes out as above.
  let cloudiness: [Double]

  /// Brno, Czech Republic, 49.2° N 16.6° E, 240 m.
  ///
  /// Temperatures after the 1991–2020 normals of Brno-Tuřany (Czech Hydrometeorological
  /// Institute), irradiation after PVGIS-SARAH (European Commission, JRC), both rounded.
  public static let brno = Climate(
    meanCelsius: [-1.0, 0.7, 4.6, 10.2, 14.6, 18.2, 20.1, 19.7, 14.7, 9.3, 4.4, 0.1],
    dailyRangeKelvins: [5.0, 6.5, 8.5, 11.0, 11.0, 11.2, 12.0, 12.0, 10.5, 8.5, 5.5, 4.5],
    dailyDeviationKelvins: [4.4, 4.0, 3.8, 3.7, 3.6, 3.4, 3.2, 3.2, 3.2, 3.4, 3.8, 4.2],
    irradiationKilowattHours: [30, 50, 92, 135, 162, 172, 172, 148, 104, 65, 33, 24],
    windMetresPerSecond: [4.2, 4.2, 4.3, 4.0, 3.6, 3.4, 3.4, 3.2, 3.4, 3.6, 4.0, 4.1],
    clearSkyWarmthKelvins: [-3.0, -2.0, 0.0, 2.0, 3.0, 3.5, 3.5, 3.5, 2.0, 0.0, -2.0, -3.0],
    cloudiness: [0.80, 0.54, 0.47, 0.17, 0.35, 0.23, 0.16, 0.06, 0.15, 0.45, 0.81, 0.78])

  /// A monthly value at a day of the year: a straight line between the middles of the months.
  static func value(_ monthly: [Double], dayOfYear day: Double) -> Double {
    let position = day / 365.25 * 12 - 0.5
    let lower = position.rounded(.down)
    let share = position - lower
    let index = (Int(lower) % 12 + 12) % 12
    return monthly[index] * (1 - share) + monthly[(index + 1) % 12] * share
  }
}
