// SPDX-License-Identifier: MIT
public import TimeSeries

/// The daily shape of a home's base load before the home itself has been measured.
///
/// Source: hourly means of two measured homes without electric heating, each divided by its own
/// mean and then averaged: a Dutch home 2018–2021 (sample export in the import tool of
/// P. Vorgers, MIT) and the German home residential4 of Open Power System Data, Household Data
/// (ISC Konstanz). The spread is the mean over the hours of the same two homes' quantiles.
public enum GenericLoadProfile {
  /// Power by local hour on working days as a share of the yearly mean.
  static let workingDayShares = [
    1.04, 0.86, 0.64, 0.56, 0.55, 0.54, 0.54, 0.67, 1.00, 1.04, 1.03, 0.97,
    0.99, 1.33, 1.29, 1.12, 1.04, 1.12, 1.31, 1.26, 1.25, 1.19, 1.13, 1.06,
  ]
  /// Power by local hour on days off as a share of the yearly mean.
  static let dayOffShares = [
    1.01, 0.91, 0.72, 0.61, 0.54, 0.55, 0.53, 0.54, 0.66, 0.89, 1.11, 1.16,
    1.34, 1.39, 1.39, 1.35, 1.18, 1.24, 1.58, 1.49, 1.38, 1.39, 1.22, 1.12,
  ]
  /// The tenth, fiftieth and ninetieth percentile of an hour as shares of its mean.
  static let spread = LoadSpread(p10: 0.46, p50: 0.79, p90: 1.77)
  private static let hoursPerYear = 8_766.0

  /// Power by local hour on a class of days as a share of the yearly mean.
  static func shares(isOff: Bool) -> [Double] { isOff ? dayOffShares : workingDayShares }

  /// The expected power at a time in a home that uses `yearly` energy.
  public static func power(
    at time: SiteCalendar.WallTime, yearly: KilowattHours
  ) -> Watts {
    let shares = shares(isOff: time.isDayOff)
    let mean = Watts.kilowatts(yearly.rawValue / hoursPerYear)
    return mean * shares[min(23, time.minuteOfDay / 60)]
  }
}

/// Quantiles of a load as shares of its mean.
struct LoadSpread: Sendable, Hashable {
  let p10: Double
  let p50: Double
  let p90: Double
}
