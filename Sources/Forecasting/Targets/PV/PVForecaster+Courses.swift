// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

extension PVForecaster {
  /// Past days whose errors are lent.
  static let lentDays = 50
  /// With fewer days of error there are no courses.
  static let fewestErrorDays = 10
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
    let reduced = ThreeCourses.reduced(lent, mean: predictions.map(\.mean), limit: history.limit)
    let courses = zip(ThreeCourses.shares, reduced).map { share, course in
      let certain = course.map { QuantileTrees.Prediction(p10: $0, p50: $0, p90: $0, mean: $0) }
      return PVCourse(
        probability: Fraction(share),
        power: span.forecast(certain, issuedAt: issuedAt, shape: shape).mean)
    }
    return (forecast, courses)
  }
}
