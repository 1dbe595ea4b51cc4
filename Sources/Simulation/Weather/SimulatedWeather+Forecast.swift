// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

extension SimulatedWeather: WeatherForecasting {
  /// The forecast of the newest run, one every six hours at 0, 6, 12 and 18 h UTC.
  ///
  /// Steps before the issue are given with the error of the issue time. Deterministic for seed,
  /// issue and step.
  public func weather(issuedBefore time: Date, on grid: TimeGrid) -> Weather? {
    let issuedAt = TimeGrid.floor(time, stepSeconds: ForecastError.issueSeconds)
    var days = DayCache()
    return assemble(on: grid, issuedAt: issuedAt) { number in
      days.day(number) { forecastDay($0, issuedAt: issuedAt) }
    }
  }

  /// A UTC day as a run sees it.
  func forecastDay(_ number: Int, issuedAt: Date) -> WeatherDay {
    var latent = latentWeather(ofDay: number)
    let error = ForecastError(self, issuedAt: issuedAt, day: number)
    for step in 0..<Self.stepsADay {
      let lead = error.leadHours(step)
      let keep = ForecastError.cloudSkill(leadHours: lead)
      latent.cloud[step] =
        keep * latent.cloud[step] + (1 - keep * keep).squareRoot() * error.cloud[step]
        + 0.15 * error.cloudBias[step]
      latent.wind[step] =
        keep * latent.wind[step] + (1 - keep * keep).squareRoot() * error.wind[step]
      latent.wetness[step] *= keep
      latent.flicker[step] = 0
    }
    var day = day(number, latent: latent)
    for step in 0..<Self.stepsADay {
      day.celsius[step] +=
        ForecastError.temperatureDeviation(leadHours: error.leadHours(step))
        * error.temperature[step] + 0.4 * error.temperatureBias[step]
        - latent.unevenness[step] * min(1, error.leadHours(step) / 24)
    }
    return day
  }
}

/// What a run gets wrong on one UTC day: half of it belongs to the weather (all runs err alike),
/// half to the run.
struct ForecastError {
  /// Time between runs.
  static let issueSeconds = 6 * 3_600

  let temperature: [Double]
  let temperatureBias: [Double]
  let cloud: [Double]
  let cloudBias: [Double]
  let wind: [Double]
  private let hoursFromIssue: Double

  init(_ weather: SimulatedWeather, issuedAt: Date, day: Int) {
    let issue = Int(issuedAt.timeIntervalSince1970) / Self.issueSeconds
    hoursFromIssue = Double(day) * 24 - issuedAt.timeIntervalSince1970 / 3_600
    func ofRun(_ stream: SeededNoise.Stream, memory: Double) -> [Double] {
      let seed = weather.seed ^ SeededNoise(seed: weather.seed, stream: stream).bits(issue)
      let run = SimulatedWeather(location: weather.location, climate: weather.climate, seed: seed)
      return run.hourly(stream, day: day, memory: memory)
    }
    func joined(
      _ common: SeededNoise.Stream, _ own: SeededNoise.Stream, memory: Double
    ) -> [Double] {
      zip(weather.hourly(common, day: day, memory: memory), ofRun(own, memory: memory))
        .map { 0.775 * $0 + 0.632 * $1 }
    }
    temperature = joined(.forecastTemperature, .forecastTemperatureIssue, memory: 9)
    temperatureBias = weather.daily(.forecastTemperatureBias, day: day, memory: 12)
    cloud = joined(.forecastCloud, .forecastCloudIssue, memory: 6)
    cloudBias = weather.daily(.forecastCloudBias, day: day, memory: 12)
    wind = ofRun(.forecastWind, memory: 8)
  }

  /// Hours from the run to the middle of a step, not below zero.
  func leadHours(_ step: Int) -> Double { max(0, hoursFromIssue + (Double(step) + 0.5) / 4) }

  /// Standard deviation of the temperature error without bias, K: 0.9 at 12 h, 1.9 at 48 h.
  ///
  /// Of the size of limited-area models over central Europe.
  static func temperatureDeviation(leadHours: Double) -> Double { 0.57 + 0.028 * leadHours }

  /// Correlation of forecast and true cloudiness: 0.93 at once, 0.90 at 12 h, 0.79 at 48 h.
  static func cloudSkill(leadHours: Double) -> Double { max(0, 0.93 - 0.003 * leadHours) }
}
