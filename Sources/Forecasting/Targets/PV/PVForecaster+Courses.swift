// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

extension PVForecaster {
  /// Past days whose errors are lent.
  static let lentDays = 50
  /// With fewer days of error there are no courses.
  static let fewestErrorDays = 10
  /// The shares of the poor, the usual and the rich courses.
  ///
  /// Source: D. L. Keefer, S. E. Bodily, Management Science 29 (1983) 595, "extended Swanson–Megill".
  static let courseShares = [0.3, 0.4, 0.3]

  /// A forecast, and three courses that go together over the whole horizon: the means of the poorest
  /// three tenths, the middle and the richest three tenths of what the errors of past days make of the
  /// forecast. Their weighted mean is the forecast's as far as the limit of the plant allows.
  ///
  /// Quantiles of hours do not add up: a day on which every hour is at its P10 is much rarer than one in
  /// ten.
  ///
  /// - Parameters: those of `forecast`.
  /// - Returns: no courses while fewer than ten days of error are known.
  public func forecastWithCourses(
    _ history: PVHistory, issuedAt: Date, grid: TimeGrid, shape: Series<Watts>? = nil
  ) throws(LearningError) -> (forecast: QuantileForecast<Watts>, courses: [PVCourse]) {
    let span = HourSpan(grid: grid, hours: history.hours)
    let predictions = try hourly(history, issuedAt: issuedAt, span.hours)
    let shape = shape.flatMap { $0.grid == grid ? $0.values.map { $0?.rawValue ?? 0 } : nil }
    let forecast = span.forecast(predictions, issuedAt: issuedAt, shape: shape)
    let lent = errors.courses(
      around: predictions, hours: span.hours, history: history, count: Self.lentDays)
    guard lent.count >= Self.fewestErrorDays else { return (forecast, []) }
    let strata = Self.strata(lent)
    let courses = zip(Self.courseShares, strata).map { share, stratum in
      let certain = stratum.indices.map { hour in
        let mean = zip(Self.courseShares, strata).reduce(0) { $0 + $1.0 * $1.1[hour] }
        let wanted = predictions[hour].mean
        let value = mean > 0 ? stratum[hour] * wanted / mean : wanted
        return min(history.limit, max(0, value))
      }.map { QuantileTrees.Prediction(p10: $0, p50: $0, p90: $0, mean: $0) }
      return PVCourse(
        probability: Fraction(share),
        power: span.forecast(certain, issuedAt: issuedAt, shape: shape).mean)
    }
    return (forecast, courses)
  }

  /// The mean courses of the strata of all courses by their energy.
  private static func strata(_ courses: [[Double]]) -> [[Double]] {
    let sorted = courses.map { ($0, $0.reduce(0, +)) }.sorted { $0.1 < $1.1 }.map(\.0)
    var begin = 0
    var share = 0.0
    return courseShares.map { part in
      share += part
      let end = max(begin + 1, Int((share * Double(sorted.count)).rounded()))
      let own = sorted[min(begin, sorted.count - 1)..<min(end, sorted.count)]
      begin = end
      return own[own.startIndex].indices.map { hour in
        own.reduce(0) { $0 + $1[hour] } / Double(own.count)
      }
    }
  }
}
