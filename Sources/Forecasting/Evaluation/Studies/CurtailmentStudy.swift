// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// What days of held-down production in the training do to the forecasts of the year after.
///
/// On a share of the days before the split, drawn with a seed, the hours around noon are cut to 8 or
/// 30 % of the capacity. Trees learn from these days only; the days after are forecast and whole.
public struct CurtailmentStudy: Sendable {
  /// How the held-down hours are treated.
  public enum Treatment: String, Sendable, Hashable, Codable, CaseIterable {
    /// As if they were all the sun gave.
    case asMeasured = "as measured"
    /// Marked as held down: physics stands in for them.
    case censored
  }

  /// One training.
  public struct Row: Sendable, Hashable, Codable {
    /// The share of days that were held down.
    public let curtailedDays: Double
    /// The share of daylight hours that were.
    public let curtailedHours: Double
    /// How they were treated.
    public let treatment: Treatment
    /// The root mean square error over the capacity.
    public let error: Double
    /// Forecast energy over real energy, minus 1.
    public let energyBias: Double
  }

  /// The shares of days that are held down.
  public var shares = [0, 0.35]
  /// The hours of the wall in which a day is held down.
  public var wallHours = 10..<16
  /// The limits, as shares of the capacity.
  public var limits = [0.08, 0.3]
  /// The seed of the draws.
  public var seed: UInt64 = 5
  /// How trees are grown.
  public var boosting = PVBoosting()

  /// The defaults.
  public init() {}

  /// The rows for a plant.
  ///
  /// - Parameter split: training before, forecasts from here for a year.
  public func rows(
    _ history: PVHistory, split: Date, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> [Row] {
    guard let splitHour = history.hours.grid.index(of: split) else { return [] }
    let range = max(0, splitHour - 365 * 24)..<splitHour + 365 * 24
    var rows: [Row] = []
    let cases = shares.flatMap { share in
      Treatment.allCases.filter { share > 0 || $0 == .censored }.map { (share, $0) }
    }
    for (number, (share, treatment)) in cases.enumerated() {
      progress(number, cases.count)
      let (production, isCensored) = curtailed(history, before: splitHour, share: share)
      let part = history.part(
        range, production: production,
        isCensored: treatment == .censored ? isCensored : nil)
      var settings = PVWalkForward.Settings()
      settings.refitDays = 1_000
      settings.boosting = boosting
      settings.warmUpDays = 1
      let outcomes = try PVWalkForward(part, settings: settings).forecasts(from: split)
        .compactMap(\.outcome)
      guard let scores = ForecastScores(outcomes), scores.meanActual > 0 else { continue }
      let daylight = range.prefix(while: { $0 < splitHour }).filter { history.sun.isDay[$0] }
      rows.append(
        Row(
          curtailedDays: share,
          curtailedHours: Double(daylight.count { isCensored[$0] })
            / Double(max(1, daylight.count)), treatment: treatment,
          error: scores.rootMeanSquareError / history.capacity,
          energyBias: scores.bias / scores.meanActual))
    }
    progress(1, 1)
    return rows
  }

  private func curtailed(
    _ history: PVHistory, before split: Int, share: Double
  ) -> (production: [Double?], isCensored: [Bool]) {
    var generator = SplitMix64(seed: seed)
    var production = history.production.values
    var isCensored = Array(repeating: false, count: production.count)
    var limitOfDay: [Int: Double] = [:]
    for day in Set(history.hours.day.prefix(split)).sorted()
    where Double.random(in: 0..<1, using: &generator) < share {
      limitOfDay[day] = (limits.randomElement(using: &generator) ?? 0) * history.capacity
    }
    for index in 0..<split where wallHours.contains(history.hours.hour[index]) {
      guard let limit = limitOfDay[history.hours.day[index]], let value = production[index],
        value >= limit
      else { continue }
      production[index] = limit
      isCensored[index] = true
    }
    return (production, isCensored)
  }
}
