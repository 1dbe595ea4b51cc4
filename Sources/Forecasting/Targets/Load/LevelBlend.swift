// SPDX-License-Identifier: MIT

/// How far a forecast day is moved towards the level of the last 24 hours, learned by each home.
///
/// The factor of a day is (1 − w) + w·E₂₄/Ê. The share w is the least-squares solution of
/// E − Ê = w·(E₂₄ − Ê) over the days of the last year, with a ridge towards a start that counts as much
/// as three weeks: homes differ, some gain much from it and some lose, and each shows which it is
/// (`docs/models/load-forecast.md`).
struct LevelBlend: Sendable, Hashable, Codable {
  static let windowDays = 365
  /// Half way between the shares that were right in homes in California and in Western Europe.
  static let startShare = 0.3
  static let shares = 0.0...0.6
  static let factors = 0.4...2.5
  /// The prior counts as much as this many days.
  static let priorDays = 20.0
  static let fewestDays = 6

  private struct Day: Sendable, Hashable, Codable {
    let lastDayMinusForecast: Double
    let actualMinusForecast: Double
  }

  private var days: [Day] = []

  /// Takes a day that is over; mean powers, all in one unit.
  mutating func observe(forecast: Double, actual: Double, last24: Double) {
    days.append(
      Day(
        lastDayMinusForecast: last24 - forecast, actualMinusForecast: actual - forecast))
    if days.count > Self.windowDays { days.removeFirst() }
  }

  /// The share w.
  var share: Double {
    guard days.count >= Self.fewestDays else { return Self.startShare }
    let square = days.reduce(0) { $0 + $1.lastDayMinusForecast * $1.lastDayMinusForecast }
    let product = days.reduce(0) { $0 + $1.lastDayMinusForecast * $1.actualMinusForecast }
    let ridge = Self.priorDays * square / Double(days.count)
    guard square > 0 else { return Self.startShare }
    let share = (product + Self.startShare * ridge) / (square + ridge)
    return min(Self.shares.upperBound, max(Self.shares.lowerBound, share))
  }

  /// What a day whose mean power is forecast as `forecast` is multiplied by.
  func factor(forecast: Double, last24: Double) -> Double {
    guard forecast > 0 else { return 1 }
    let factor = (1 - share) + share * last24 / forecast
    return min(Self.factors.upperBound, max(Self.factors.lowerBound, factor))
  }
}
