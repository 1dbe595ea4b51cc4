// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// Where the weather of a plan comes from when services fail: the last run while it is valid, then
/// climatology of the last weeks, then yesterday once more. Every step down is told.
public struct WeatherLadder: Sendable, WeatherForecasting {
  /// What stands behind an answer.
  public enum Rung: String, Sendable, Hashable {
    /// A run young enough to be trusted.
    case forecast
    /// The mean of the same time of day over the last weeks.
    case climatology
    /// The same time of day of the last day that was measured.
    case persistence
  }

  /// An answer with where each part of it came from.
  public struct Answer: Sendable {
    /// The weather.
    public let weather: Weather
    /// The lowest rung that had to be used.
    public let rung: Rung
    /// What a person should know.
    public let diagnostics: [Diagnostic]
  }

  private static let day = 86_400.0
  /// Fewer days than this are no climate.
  private static let fewestDays = 5
  private static let mostDays = 21

  private let run: (any WeatherForecasting & Sendable)?
  private let longestAgeSeconds: Double
  private let measuredIrradiance: Series<WattsPerSquareMetre>?
  private let measuredTemperature: Series<Celsius>?

  /// A ladder over the newest run and what was measured.
  ///
  /// - Parameter longestAge: older runs are not trusted; 36 h by default, after which a run's skill
  ///   over climatology for the rest of its horizon is small.
  public init(
    run: (any WeatherForecasting & Sendable)?, longestAge: Duration = .hours(36),
    measuredIrradiance: Series<WattsPerSquareMetre>?, measuredTemperature: Series<Celsius>?
  ) {
    self.run = run
    longestAgeSeconds = longestAge.seconds
    self.measuredIrradiance = measuredIrradiance
    self.measuredTemperature = measuredTemperature
  }

  /// The best weather there is, without saying how good.
  public func weather(issuedBefore time: Date, on grid: TimeGrid) -> Weather? {
    answer(at: time, on: grid)?.weather
  }

  /// The best weather there is; `nil` when nothing was forecast or measured.
  public func answer(at now: Date, on grid: TimeGrid) -> Answer? {
    let newest = run?.weather(issuedBefore: now, on: grid)
    let age = newest.map { now.timeIntervalSince($0.issuedAt) }
    let trusted = (age ?? .infinity) <= longestAgeSeconds ? newest : nil
    var rung = Rung.forecast
    var missing = 0
    func filled<Value>(_ known: Series<Value>?, _ measured: Series<Value>?) -> Series<Value> {
      let known = known ?? Series(grid: grid, constant: nil)
      let values = grid.indices.map { index -> Value? in
        if let value = known[index] { return value }
        missing += 1
        let time = grid.middle(at: index)
        if let value = Self.climate(measured, at: time, before: now) {
          if rung == .forecast { rung = .climatology }
          return value
        }
        guard let value = Self.lastDay(measured, at: time, before: now) else { return nil }
        rung = .persistence
        return value
      }
      return Series(grid: grid, values: values)
    }
    let irradiance = filled(trusted?.globalHorizontalIrradiance, measuredIrradiance)
    let temperature = filled(trusted?.temperature, measuredTemperature)
    guard irradiance.missingCount < grid.count, temperature.missingCount < grid.count else {
      return nil
    }
    let weather = Weather(
      issuedAt: trusted?.issuedAt ?? now, globalHorizontalIrradiance: irradiance,
      temperature: temperature, windSpeed: trusted?.windSpeed, snowfall: trusted?.snowfall)
    return Answer(
      weather: weather, rung: rung,
      diagnostics: rung == .forecast ? [] : [Self.diagnostic(rung, missing, age)])
  }

  private static func diagnostic(_ rung: Rung, _ missing: Int, _ age: Double?) -> Diagnostic {
    let reason =
      age.map { "the newest run is \(Int($0 / 3_600)) h old" } ?? "no run has been received"
    let source =
      rung == .climatology ? "the mean of the last weeks" : "the last day that was measured"
    return Diagnostic(
      .warning, subject: "weather",
      message: "\(missing) values come from \(source): \(reason); check the weather services")
  }

  /// The mean of the same time of day over the days before `now`.
  private static func climate<Value>(
    _ measured: Series<Value>?, at time: Date, before now: Date
  ) -> Value? {
    let values = pastValues(measured, at: time, before: now)
    guard values.count >= fewestDays else { return nil }
    return Value(rawValue: values.reduce(0) { $0 + $1.rawValue } / Double(values.count))
  }

  private static func lastDay<Value>(
    _ measured: Series<Value>?, at time: Date, before now: Date
  ) -> Value? { pastValues(measured, at: time, before: now).first }

  /// Up to three weeks of measured values at the same time of day, the newest first.
  private static func pastValues<Value>(
    _ measured: Series<Value>?, at time: Date, before now: Date
  ) -> [Value] {
    guard let measured else { return [] }
    let daysBack = max(1, (time.timeIntervalSince(now) / day).rounded(.up))
    return (0..<mostDays).compactMap { offset in
      measured.value(at: time.addingTimeInterval(-(daysBack + Double(offset)) * day))
    }
  }
}
