// SPDX-License-Identifier: MIT
import Learning
import TimeSeries

/// One forecast of prices: everything up to the newest published day is known, some hours after it
/// are asked for.
struct PriceIssue: Sendable {
  /// The first hour that is not known.
  let limit: Int
  /// The hours of the grid that are forecast.
  let targets: [Int]
  /// Local days from the newest published one to each target.
  let daysAhead: [Int]
  let level: PriceLevel
  let features: FeatureMatrix
  /// The usual course at each target.
  let course: [QuantileTrees.Prediction]

  /// - Returns: `nil` while fewer than seven days are known, or where the usual course has no answer.
  init?(_ history: PriceHistory, newest: Int, targets: [Int]) {
    let hours = history.hours
    limit = hours.hours(ofDay: newest).upperBound
    let known = KnownPast(history.table, issueHour: limit)
    guard let level = PriceLevel(known, newest: newest),
      let course = PriceCourse(
        [history.series(days: newest - PriceCourse.windowDays + 1...newest)],
        calendar: history.calendar)
    else { return nil }
    self.level = level
    var features = FeatureMatrix(names: PriceFeatures.declarations.names)
    var (kept, expected): ([Int], [QuantileTrees.Prediction]) = ([], [])
    for index in targets {
      guard let price = course.price(at: history.times[index]) else { return nil }
      let prediction = QuantileTrees.Prediction(
        p10: price.low, p50: price.middle, p90: price.high, mean: price.middle)
      let context = PriceContext(
        known: known, level: level, newest: newest, day: hours.day[index],
        hour: hours.hour[index], course: prediction)
      features.append(PriceFeatures.all.map { $0.value(context) })
      kept.append(index)
      expected.append(prediction)
    }
    self.targets = kept
    self.features = features
    self.course = expected
    daysAhead = kept.map { hours.day[$0] - newest }
  }

  /// The targets that follow a published day in training and trials: two whole days.
  static func targets(after newest: Int, _ history: PriceHistory) -> [Int] {
    Array(history.hours.hours(ofDay: newest + 1)) + Array(history.hours.hours(ofDay: newest + 2))
  }

  /// What can be learned: how far prices were from the usual course, in units of their spread.
  func examples(_ history: PriceHistory, before limit: Int, into rows: inout TrainingExamples) {
    for (row, index) in targets.enumerated()
    where index < limit && (row + self.limit / 24).isMultiple(of: Self.stride) {
      guard let actual = history.actual(index) else { continue }
      let target = (actual - course[row].p50) / level.spread
      rows.append(
        row: row, of: features, target: min(Self.farthest, max(-Self.farthest, target)))
    }
  }

  /// Every other hour carries what its neighbour does.
  private static let stride = 2
  /// A spike further off than this many spreads teaches no more than that it was one.
  private static let farthest = 5.0
}
