// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What the features of one hour of load are made of.
struct LoadContext: Sendable {
  let past: LoadPast
  /// The place of the target's local day.
  let day: Int
  /// The hour of the wall, 0…23.
  let hour: Int
  /// Hours from the issue to the start of the target.
  let lead: Int
  /// The weather forecast of the target, where there is one.
  let weather: LoadWeather?

  var wall: LoadPast.Hour { past.hours[hour] }
  var today: SiteHours.Day { past.known.day(day) }
  var ofClass: LoadPast.OfClass { wall.classes[today.isOff ? 1 : 0] }

  func lag(_ days: Int) -> Double? { past.known.value(day: day - days, hour: hour) }

  /// The hour of the wall `offset` hours away, at the ends of the day the end itself.
  func neighbour(_ offset: Int) -> LoadPast.Hour? {
    (0..<24).contains(hour + offset) ? past.hours[hour + offset] : nil
  }
}

/// Forecast weather of one hour, for homes whose base load follows it.
struct LoadWeather: Sendable {
  let temperature: Double?
  let temperatureDayMean: Double?
  let temperatureThreeDayMean: Double?
  let irradiance: Double?
}

/// The features of base load. Powers are shares of the home's level, so that homes are alike and a
/// home that changes its level stays itself.
enum LoadFeatures {
  static let declarations = all.map(\.declaration)
  /// The eleven that carry most; a second model on these alone errs differently.
  static let compactNames: Set<String> = [
    "hour", "is_off", "lag_newest", "lag_7d", "mean_7d", "mean_28d", "median_28d", "class_mean_8d",
    "last_24h", "mean_28d_hour_before", "mean_28d_hour_after",
  ]
  static let compact = all.filter { compactNames.contains($0.declaration.name) }
  static let withoutWeather = all.filter { !weather.map(\.declaration).contains($0.declaration) }

  static let all: [Feature<LoadContext>] = lags + profile + recentLevel + calendar + weather

  private static func power(
    _ name: String, _ knowledge: FeatureKnowledge = .measuredBeforeIssue,
    _ value: @escaping @Sendable (LoadContext) -> Double?
  ) -> Feature<LoadContext> {
    Feature(name, "share of level", knowledge) { context in
      value(context).map { $0 / context.past.level }
    }
  }

  private static let lags: [Feature<LoadContext>] = [
    power("lag_newest") { $0.past.known.newest(hour: $0.hour, before: $0.day) },
    power("lag_2d") { $0.lag(2) },
    power("lag_3d") { $0.lag(3) },
    power("lag_7d") { $0.lag(7) },
    power("lag_14d") { $0.lag(14) },
    power("weekday_mean_4w") { context in
      let weeks = [7, 14, 21, 28].compactMap(context.lag)
      return weeks.count >= 2 ? weeks.mean : nil
    },
  ]

  private static let profile: [Feature<LoadContext>] = [
    power("mean_7d", .learnedBeforeIssue) { $0.wall.mean7 },
    power("mean_28d", .learnedBeforeIssue) { $0.wall.mean28 },
    power("median_28d", .learnedBeforeIssue) { $0.wall.median28 },
    power("p10_28d", .learnedBeforeIssue) { $0.wall.low28 },
    power("p90_28d", .learnedBeforeIssue) { $0.wall.high28 },
    power("class_mean_8d", .learnedBeforeIssue) { $0.ofClass.mean8 },
    power("class_median_8w", .learnedBeforeIssue) { $0.ofClass.median },
    power("class_fading_mean", .learnedBeforeIssue) { $0.ofClass.fading },
    power("mean_28d_hour_before", .learnedBeforeIssue) { $0.neighbour(-1)?.mean28 },
    power("mean_28d_hour_after", .learnedBeforeIssue) { $0.neighbour(1)?.mean28 },
  ]

  private static let recentLevel: [Feature<LoadContext>] = [
    power("last_24h") { $0.past.last24 },
    power("last_12h") { $0.past.known.last(hours: 12).mean },
    power("last_6h") { $0.past.known.last(hours: 6).mean },
    power("last_3h") { $0.past.known.last(hours: 3).mean },
    power("night_minimum") { context in
      let known = context.past.known
      return (0..<6).compactMap { known.newest(hour: $0, before: known.issueDay + 1) }.min()
    },
    power("evening_before") { context in
      let known = context.past.known
      return known.mean(day: known.issueDay - 1, hours: 16..<23, fewest: 4)
    },
    power("day_before_issue") { $0.past.known.mean(day: $0.past.known.issueDay - 1, fewest: 16) },
    power("two_days_before_issue") {
      $0.past.known.mean(day: $0.past.known.issueDay - 2, fewest: 16)
    },
    power("same_weekday_day_mean") { $0.past.known.mean(day: $0.day - 7, fewest: 16) },
    power("usual_last_12h", .learnedBeforeIssue) { context in
      let issueWallHour = context.past.known.issueWallHour
      return (1...12).compactMap { offset -> Double? in
        context.past.hours[(((issueWallHour - offset) % 24) + 24) % 24].mean28
      }.mean
    },
    power("level_28d", .learnedBeforeIssue) { $0.past.level28 },
  ]

  private static let calendar: [Feature<LoadContext>] = [
    Feature("hour", "h", .always) { Double($0.hour) },
    Feature("weekday", "", .always) { Double($0.today.weekday) },
    Feature("is_off", "", .always) { $0.today.isOff ? 1 : 0 },
    Feature("is_holiday", "", .always) { $0.today.isHoliday ? 1 : 0 },
    Feature("is_off_yesterday", "", .always) { $0.past.known.day($0.day - 1).isOff ? 1 : 0 },
    Feature("is_off_tomorrow", "", .always) { $0.past.known.day($0.day + 1).isOff ? 1 : 0 },
    Feature("is_bridge", "", .always) { context in
      let known = context.past.known
      return !context.today.isOff && known.day(context.day - 1).isOff
        && known.day(context.day + 1).isOff ? 1 : 0
    },
    Feature("is_year_end", "", .always) { context in
      let date = context.today.date
      return (date.month == 12 && date.day >= 24) || (date.month == 1 && date.day == 1) ? 1 : 0
    },
    Feature("season_sine", "", .always) { sin(2 * .pi * $0.today.yearShare) },
    Feature("season_cosine", "", .always) { cos(2 * .pi * $0.today.yearShare) },
    Feature("lead", "h", .always) { Double($0.lead) },
    Feature("is_vacation", "", .learnedBeforeIssue) { context in
      let known = context.past.known
      guard let usual = context.past.level28,
        let yesterday = known.mean(day: known.issueDay - 1, fewest: 16),
        let before = known.mean(day: known.issueDay - 2, fewest: 16)
      else { return nil }
      return max(yesterday, before) < vacationShare * usual ? 1 : 0
    },
  ]

  /// A home is away when two days in a row stay below this share of its usual level.
  private static let vacationShare = 0.35
  /// The outdoor temperatures at which people begin to heat and to cool, °C.
  private static let heatingLimit = 15.0
  private static let coolingLimit = 22.0

  static let weather: [Feature<LoadContext>] = [
    Feature("temperature", "°C", .forecastAtIssue) { $0.weather?.temperature },
    Feature("temperature_day_mean", "°C", .forecastAtIssue) { $0.weather?.temperatureDayMean },
    Feature("temperature_three_day_mean", "°C", .forecastAtIssue) {
      $0.weather?.temperatureThreeDayMean
    },
    Feature("heating_degrees", "K", .forecastAtIssue) { context in
      context.weather?.temperatureDayMean.map { max(0, heatingLimit - $0) }
    },
    Feature("cooling_degrees", "K", .forecastAtIssue) { context in
      context.weather?.temperatureDayMean.map { max(0, $0 - coolingLimit) }
    },
    Feature("irradiance", "W/m²", .forecastAtIssue) { $0.weather?.irradiance },
  ]
}
