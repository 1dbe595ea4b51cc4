// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What the features of one hour's price are made of.
struct PriceContext: Sendable {
  let known: KnownPast
  /// What the last weeks say of the level and its changes.
  let level: PriceLevel
  /// The newest published local day.
  let newest: Int
  /// The local day and the hour of the wall of the target.
  let day: Int
  let hour: Int
  /// What the usual course says.
  let course: QuantileTrees.Prediction

  var today: SiteHours.Day { known.day(day) }

  /// The price of a day and hour, beside the level of the last week, in units of the usual spread.
  func relative(_ day: Int, _ hour: Int) -> Double? {
    guard (0..<24).contains(hour) else { return nil }
    return known.value(day: day, hour: hour).map(level.relative)
  }

  /// The mean over some hours of the newest day.
  func newestMean(_ hours: Range<Int>) -> Double? {
    known.mean(day: newest, hours: hours, fewest: hours.count / 2).map(level.relative)
  }
}

/// The level of prices and how much they spread: what prices of all markets and years are made alike
/// with.
struct PriceLevel: Sendable {
  /// The mean of the last seven days.
  let week: Double
  /// The mean of the last 28 days.
  let month: Double
  /// The standard deviation of the hours of the last 28 days.
  let spread: Double

  /// Prices that hardly move still have a spread: a twentieth of the level, or a thousandth of the
  /// currency.
  private static let leastShare = 0.05
  private static let leastSpread = 0.001

  init?(_ known: KnownPast, newest: Int) {
    let means = (0..<28).map { known.mean(day: newest - $0, fewest: 20) }
    let values = (0..<28).flatMap { back in
      (0..<24).compactMap { known.value(day: newest - back, hour: $0) }
    }
    guard let week = means.prefix(7).compactMap({ $0 }).mean,
      let month = values.mean, values.count >= 7 * 24 - 8
    else { return nil }
    self.week = week
    self.month = month
    let square = values.reduce(0) { $0 + ($1 - month) * ($1 - month) } / Double(values.count)
    spread = max(square.squareRoot(), Self.leastShare * abs(month), Self.leastSpread)
  }

  func relative(_ price: Double) -> Double { (price - week) / spread }
}

/// The features of prices that are not published yet: prices alone, so that they are there in every home.
enum PriceFeatures {
  static let declarations = all.map(\.declaration)
  static let all: [Feature<PriceContext>] = (course + lags + level + calendar).map { feature in
    let declaration = feature.declaration
    return Feature(
      "price_\(declaration.name)", declaration.unit, declaration.knowledge, feature.value)
  }

  private static func price(
    _ name: String, _ knowledge: FeatureKnowledge = .forecastAtIssue,
    _ value: @escaping @Sendable (PriceContext) -> Double?
  ) -> Feature<PriceContext> { Feature(name, "spreads", knowledge, value) }

  private static let course: [Feature<PriceContext>] = [
    price("course", .learnedBeforeIssue) { $0.level.relative($0.course.p50) },
    price("course_low", .learnedBeforeIssue) { $0.level.relative($0.course.p10) },
    price("course_high", .learnedBeforeIssue) { $0.level.relative($0.course.p90) },
    price("mean_7d", .learnedBeforeIssue) { context in
      (0..<7).compactMap { context.relative(context.newest - $0, context.hour) }.mean
    },
    price("mean_28d", .learnedBeforeIssue) { context in
      (0..<28).compactMap { context.relative(context.newest - $0, context.hour) }.mean
    },
    price("weekday_mean_4w", .learnedBeforeIssue) { context in
      [7, 14, 21, 28].compactMap { context.relative(context.day - $0, context.hour) }.mean
    },
  ]

  private static let lags: [Feature<PriceContext>] = [
    price("newest_same_hour") { $0.relative($0.newest, $0.hour) },
    price("newest_hour_before") { $0.relative($0.newest, $0.hour - 1) },
    price("newest_hour_after") { $0.relative($0.newest, $0.hour + 1) },
    price("before_newest_same_hour") { $0.relative($0.newest - 1, $0.hour) },
    price("two_before_newest_same_hour") { $0.relative($0.newest - 2, $0.hour) },
    price("lag_7d") { $0.relative($0.day - 7, $0.hour) },
    price("lag_14d") { $0.relative($0.day - 14, $0.hour) },
  ]

  private static let level: [Feature<PriceContext>] = [
    price("newest_mean") { $0.newestMean(0..<24) },
    price("newest_night") { $0.newestMean(0..<6) },
    price("newest_noon") { $0.newestMean(11..<16) },
    price("newest_evening") { $0.newestMean(18..<22) },
    price("newest_last_hours") { $0.newestMean(21..<24) },
    price("before_newest_mean") { context in
      context.known.mean(day: context.newest - 1, fewest: 20).map(context.level.relative)
    },
    price("lag_7d_day_mean") { context in
      context.known.mean(day: context.day - 7, fewest: 20).map(context.level.relative)
    },
    price("level_28d", .learnedBeforeIssue) { $0.level.relative($0.level.month) },
    Feature("spread_share", "", .learnedBeforeIssue) { context in
      context.level.month > 0 ? min(5, context.level.spread / context.level.month) : nil
    },
    Feature("negative_hours_7d", "h", .learnedBeforeIssue) { context in
      Double(
        (0..<7).reduce(0) { sum, back in
          sum
            + (0..<24).count {
              context.known.value(day: context.newest - back, hour: $0).map { $0 < 0 } ?? false
            }
        })
    },
  ]

  private static let calendar: [Feature<PriceContext>] = [
    Feature("hour", "h", .always) { Double($0.hour) },
    Feature("weekday", "", .always) { Double($0.today.weekday) },
    Feature("is_off", "", .always) { $0.today.isOff ? 1 : 0 },
    Feature("is_holiday", "", .always) { $0.today.isHoliday ? 1 : 0 },
    Feature("is_off_yesterday", "", .always) { $0.known.day($0.day - 1).isOff ? 1 : 0 },
    Feature("is_off_tomorrow", "", .always) { $0.known.day($0.day + 1).isOff ? 1 : 0 },
    Feature("newest_is_off", "", .always) { $0.known.day($0.newest).isOff ? 1 : 0 },
    Feature("season_sine", "", .always) { sin(2 * .pi * $0.today.yearShare) },
    Feature("season_cosine", "", .always) { cos(2 * .pi * $0.today.yearShare) },
    Feature("days_ahead", "d", .always) { Double($0.day - $0.newest) },
  ]
}
