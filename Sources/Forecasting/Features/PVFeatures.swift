// SPDX-License-Identifier: MIT
import Foundation

/// What the features of one hour of production are made of.
struct PVContext: Sendable {
  let history: PVHistory
  let past: PVPast
  let day: PVDay
  /// The hour of the grid.
  let index: Int
  /// Hours from the issue to the start of the target.
  let lead: Int

  var hour: Int { history.hours.hour[index] }
  var wall: PVPast.Hour { past.hours[hour] }
  var elevation: Double? { history.sun.elevation?[index] }

  /// A share of the capacity.
  func share(_ power: Double?) -> Double? { power.map { $0 / history.capacity } }

  func physics(_ offset: Int = 0) -> Double? {
    let place = index + offset
    return history.physics.indices.contains(place) ? history.physics[place] : nil
  }

  /// Physics over what the height of the sun would give: clouds without knowing the plant.
  func clearness(_ offset: Int = 0) -> Double? {
    let place = index + offset
    guard let physics = physics(offset), let elevation = history.sun.elevation,
      elevation.indices.contains(place)
    else { return nil }
    let height = max(0.02, sin(elevation[place] * .pi / 180))
    return min(3, physics / history.capacity / height)
  }

  /// Irradiance over that of a clear sky: clouds alone, whatever the modules face.
  func skyIndex(_ offset: Int = 0) -> Double? {
    let place = index + offset
    guard let irradiance = weather(history.weather.globalHorizontal, offset),
      let elevation = history.sun.elevation, elevation.indices.contains(place)
    else { return nil }
    return min(1.5, irradiance / max(20, PVDay.clearSky(elevation[place])))
  }

  func weather(_ values: [Double?]?, _ offset: Int = 0) -> Double? {
    let place = index + offset
    guard let values, values.indices.contains(place) else { return nil }
    return values[place]
  }
}

/// What all hours of one target day share.
struct PVDay: Sendable {
  /// Expected energy of the day, of the day before and of the day after, full-load hours.
  let energy: Double?
  let energyBefore: Double?
  let energyAfter: Double?
  /// Expected energy over what the height of the sun would give.
  let clearness: Double?
  /// The spread of hourly clearness while the sun is up.
  let clearnessSpread: Double?
  /// Irradiance of the day over that of a clear sky.
  let skyIndex: Double?
  /// The range of hours.
  let hours: Range<Int>
  /// Rain of the day, mm, and hours of snow lying.
  let precipitation: Double?
  let snowfall: Double?

  init(_ history: PVHistory, day: Int) {
    let range = history.hours.hours(ofDay: day)
    hours = range
    func energy(_ range: Range<Int>) -> Double? {
      let values = history.physics[range].compactMap { $0 }
      return values.isEmpty ? nil : values.reduce(0, +) / history.capacity
    }
    self.energy = energy(range)
    energyBefore = energy(history.hours.hours(ofDay: day - 1))
    energyAfter = energy(history.hours.hours(ofDay: day + 1))
    precipitation = history.weather.precipitation.map { $0[range].compactMap { $0 }.reduce(0, +) }
    snowfall = history.weather.snowfall.map { $0[range].compactMap { $0 }.reduce(0, +) }
    skyIndex = Self.skyIndex(history, range)
    guard let elevation = history.sun.elevation, let expected = self.energy else {
      clearness = nil
      clearnessSpread = nil
      return
    }
    let heights = range.map { max(0, sin(elevation[$0] * .pi / 180)) }
    let total = heights.reduce(0, +)
    clearness = total > 0 ? expected / total : nil
    let ratios = zip(range, heights).compactMap { index, height in
      height > 0.09 ? history.physics[index].map { $0 / history.capacity / height } : nil
    }
    if let mean = ratios.mean, ratios.count > 2 {
      clearnessSpread =
        (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count)).squareRoot()
    } else {
      clearnessSpread = nil
    }
  }
}

extension PVDay {
  /// Global irradiance under a clear sky, W/m², by the sun's height in degrees.
  ///
  /// Source: B. Haurwitz, Insolation in relation to cloudiness and cloud density, J. Meteorology 2
  /// (1945) 154.
  static func clearSky(_ elevation: Double) -> Double {
    let height = sin(elevation * .pi / 180)
    return height > 0.01 ? 1_098 * height * exp(-0.057 / height) : 0
  }

  private static func skyIndex(_ history: PVHistory, _ range: Range<Int>) -> Double? {
    guard let irradiance = history.weather.globalHorizontal, let elevation = history.sun.elevation
    else { return nil }
    let known = range.filter { irradiance[$0] != nil }
    let clear = known.reduce(0) { $0 + clearSky(elevation[$1]) }
    guard clear > 0 else { return nil }
    return known.reduce(0) { $0 + (irradiance[$1] ?? 0) } / clear
  }
}

/// The features of PV production. Powers are shares of the plant's capacity.
enum PVFeatures {
  static let all: [Feature<PVContext>] = expected + sun + past + weather
  static let declarations = all.map(\.declaration)

  private static func power(
    _ name: String, _ knowledge: FeatureKnowledge,
    _ value: @escaping @Sendable (PVContext) -> Double?
  ) -> Feature<PVContext> {
    Feature(name, "share of capacity", knowledge) { $0.share(value($0)) }
  }

  private static let expected: [Feature<PVContext>] = [
    power("physics", .forecastAtIssue) { $0.physics() },
    power("physics_2h_before", .forecastAtIssue) { $0.physics(-2) },
    power("physics_1h_before", .forecastAtIssue) { $0.physics(-1) },
    power("physics_1h_after", .forecastAtIssue) { $0.physics(1) },
    power("physics_2h_after", .forecastAtIssue) { $0.physics(2) },
    power("physics_unbiased", .forecastAtIssue) { context in
      context.physics().map { $0 * context.past.bias }
    },
    power("physics_shaded", .forecastAtIssue) { context in
      context.physics().map { $0 * context.wall.ratio }
    },
    Feature("physics_over_envelope", "", .forecastAtIssue) { context in
      guard let physics = context.physics(), let envelope = context.wall.envelope else {
        return nil
      }
      return min(2, physics / max(0.02 * context.history.capacity, envelope))
    },
    Feature("day_energy", "h", .forecastAtIssue) { $0.day.energy },
    Feature("day_energy_before", "h", .forecastAtIssue) { $0.day.energyBefore },
    Feature("day_energy_after", "h", .forecastAtIssue) { $0.day.energyAfter },
    Feature("day_clearness", "", .forecastAtIssue) { $0.day.clearness },
    Feature("day_clearness_spread", "", .forecastAtIssue) { $0.day.clearnessSpread },
    Feature("clearness", "", .forecastAtIssue) { $0.clearness() },
    Feature("clearness_1h_before", "", .forecastAtIssue) { $0.clearness(-1) },
    Feature("clearness_1h_after", "", .forecastAtIssue) { $0.clearness(1) },
    Feature("day_share_so_far", "", .forecastAtIssue) { context in
      guard let energy = context.day.energy, energy > 0 else { return nil }
      let before = context.history.physics[context.day.hours.lowerBound...context.index]
      return before.reduce(0) { $0 + ($1 ?? 0) } / context.history.capacity / energy
    },
  ]

  private static let sun: [Feature<PVContext>] = [
    Feature("sun_elevation", "°", .always) { $0.elevation },
    Feature("sun_azimuth", "°", .always) { $0.history.sun.azimuth($0.index) },
    Feature("wall_hour", "h", .always) { Double($0.hour) },
    Feature("year_sine", "", .always) { sin(2 * .pi * $0.yearShare) },
    Feature("year_cosine", "", .always) { cos(2 * .pi * $0.yearShare) },
    Feature("lead_pv", "h", .always) { Double($0.lead) },
  ]

  private static let past: [Feature<PVContext>] = [
    power("power_newest", .measuredBeforeIssue) { $0.wall.newest },
    power("power_7d_ago", .measuredBeforeIssue) { context in
      context.past.known.value(
        day: context.history.hours.day[context.index] - 7, hour: context.hour)
    },
    power("power_mean_7d", .learnedBeforeIssue) { $0.wall.mean7 },
    power("power_mean_15d", .learnedBeforeIssue) { $0.wall.mean15 },
    power("power_envelope_28d", .learnedBeforeIssue) { $0.wall.envelope },
    power("error_newest", .measuredBeforeIssue) { $0.wall.newestError },
    power("error_mean_7d", .learnedBeforeIssue) { $0.wall.meanError7 },
    power("error_mean_30d", .learnedBeforeIssue) { $0.wall.meanError30 },
    power("error_absolute_30d", .learnedBeforeIssue) { $0.wall.absoluteError30 },
    Feature("bias_7d", "", .learnedBeforeIssue) { $0.past.bias7 },
    Feature("bias_30d", "", .learnedBeforeIssue) { $0.past.bias30 },
    Feature("bias_90d", "", .learnedBeforeIssue) { $0.past.bias90 },
    Feature("bias_7d_over_30d", "", .learnedBeforeIssue) { $0.past.bias7 / $0.past.bias30 },
    Feature("bias_hour_30d", "", .learnedBeforeIssue) { $0.wall.ratio },
    Feature("bias_today", "", .measuredBeforeIssue) { $0.past.biasToday },
    Feature("bias_yesterday", "", .measuredBeforeIssue) { $0.past.biasYesterday },
    Feature("bias_last_3h", "", .measuredBeforeIssue) { $0.past.biasLast3 },
  ]

  private static let weather: [Feature<PVContext>] = [
    Feature("ghi", "W/m²", .forecastAtIssue) { $0.weather($0.history.weather.globalHorizontal) },
    Feature("ghi_1h_before", "W/m²", .forecastAtIssue) {
      $0.weather($0.history.weather.globalHorizontal, -1)
    },
    Feature("ghi_1h_after", "W/m²", .forecastAtIssue) {
      $0.weather($0.history.weather.globalHorizontal, 1)
    },
    Feature("sky_index", "", .forecastAtIssue) { $0.skyIndex() },
    Feature("sky_index_2h_before", "", .forecastAtIssue) { $0.skyIndex(-2) },
    Feature("sky_index_1h_before", "", .forecastAtIssue) { $0.skyIndex(-1) },
    Feature("sky_index_1h_after", "", .forecastAtIssue) { $0.skyIndex(1) },
    Feature("sky_index_2h_after", "", .forecastAtIssue) { $0.skyIndex(2) },
    Feature("sky_index_day", "", .forecastAtIssue) { $0.day.skyIndex },
    Feature("air_temperature", "°C", .forecastAtIssue) {
      $0.weather($0.history.weather.temperature)
    },
    Feature("wind_speed", "m/s", .forecastAtIssue) { $0.weather($0.history.weather.windSpeed) },
    Feature("cloud_cover_day_mean", "%", .forecastAtIssue) { context in
      context.history.weather.cloudCover?[context.day.hours].compactMap { $0 }.mean
    },
    Feature("humidity_day_mean", "%", .forecastAtIssue) { context in
      context.history.weather.humidity?[context.day.hours].compactMap { $0 }.mean
    },
    Feature("wind_speed_day_highest", "m/s", .forecastAtIssue) { context in
      context.history.weather.windSpeed?[context.day.hours].compactMap { $0 }.max()
    },
    Feature("cloud_cover", "%", .forecastAtIssue) { $0.weather($0.history.weather.cloudCover) },
    Feature("cloud_cover_change", "%", .forecastAtIssue) { context in
      guard let before = context.weather(context.history.weather.cloudCover, -1),
        let now = context.weather(context.history.weather.cloudCover)
      else { return nil }
      return now - before
    },
    Feature("humidity", "%", .forecastAtIssue) { $0.weather($0.history.weather.humidity) },
    Feature("precipitation", "mm", .forecastAtIssue) {
      $0.weather($0.history.weather.precipitation)
    },
    Feature("precipitation_day", "mm", .forecastAtIssue) { $0.day.precipitation },
    Feature("snowfall_day", "mm", .forecastAtIssue) { $0.day.snowfall },
    power("other_forecast_mean", .forecastAtIssue) { context in
      context.history.others.compactMap { $0.values[context.index] }.mean
    },
    power("other_forecast_lowest", .forecastAtIssue) { context in
      context.history.others.compactMap { $0.values[context.index] }.min()
    },
    power("other_forecast_highest", .forecastAtIssue) { context in
      context.history.others.compactMap { $0.values[context.index] }.max()
    },
  ]
}

extension PVContext {
  /// 0 at the start of the year, 1 at its end.
  var yearShare: Double { history.hours.days[history.hours.day[index]].yearShare }
}
