// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The hidden normal variables behind a day's weather, in steps of 15 minutes.
struct LatentWeather {
  /// Deviation of the air temperature from climate, in units of the daily standard deviation.
  var warmth: [Double]
  /// Unevenness of the temperature within a day, K.
  var unevenness: [Double]
  /// Cloudiness without the passing of single clouds, unit variance.
  var cloud: [Double]
  /// The passing of single clouds, unit variance; zero in a forecast, which does not know it.
  var flicker: [Double]
  /// Wind, unit variance.
  var wind: [Double]
  /// Readiness for rain and snow, unit variance.
  var wetness: [Double]
}

extension SimulatedWeather {
  /// How long weather remembers itself.
  private enum Memory {
    /// Weeks that stay too warm or too cold, days.
    static let slowTemperature = 18.0
    /// Passing highs and lows, days.
    static let fastTemperature = 2.5
    /// Fronts and local effects, hours.
    static let hourlyTemperature = 4.0
    /// Cloudy and clear spells, days.
    static let dailyCloud = 1.6
    /// Breaks in the cloud, hours.
    static let hourlyCloud = 3.0
    /// Windy spells, days.
    static let dailyWind = 1.3
    /// Gusty hours.
    static let hourlyWind = 4.0
    /// Showers, hours.
    static let wetness = 4.0
  }

  /// What stands behind the weather of a UTC day.
  func latentWeather(ofDay number: Int) -> LatentWeather {
    let slow = daily(.temperatureSlow, day: number, memory: Memory.slowTemperature)
    let fast = daily(.temperatureFast, day: number, memory: Memory.fastTemperature)
    let cloud = daily(.cloudDaily, day: number, memory: Memory.dailyCloud)
    let wind = daily(.windDaily, day: number, memory: Memory.dailyWind)
    let uneven = hourly(.temperatureHourly, day: number, memory: Memory.hourlyTemperature)
    let cloudHours = hourly(.cloudHourly, day: number, memory: Memory.hourlyCloud)
    let windHours = hourly(.windHourly, day: number, memory: Memory.hourlyWind)
    let wetness = hourly(.wetness, day: number, memory: Memory.wetness)
    let flicker = SeededNoise(seed: seed, stream: .cloudQuarter)
      .persistent(from: number * Self.stepsADay, count: Self.stepsADay, memory: 1.5)
    // Shares of variance: 0.40 + 0.60, 0.64 + 0.36 and 0.72 + 0.28.
    return LatentWeather(
      warmth: zip(slow, fast).map { 0.632 * $0 + 0.775 * $1 },
      unevenness: uneven.map { 0.5 * $0 },
      cloud: zip(cloud, cloudHours).map { 0.8 * $0 + 0.6 * $1 },
      flicker: flicker,
      wind: zip(wind, windHours).map { 0.85 * $0 + 0.53 * $1 },
      wetness: wetness)
  }

  /// A sequence with one value a day, at noon UTC, read on straight lines between the noons.
  func daily(_ stream: SeededNoise.Stream, day: Int, memory: Double) -> [Double] {
    let noons = SeededNoise(seed: seed, stream: stream)
      .persistent(from: day - 1, count: 3, memory: memory)
    return (0..<Self.stepsADay).map { step in
      let position = (Double(step) + 0.5) / Double(Self.stepsADay) - 0.5
      return position < 0
        ? noons[1] * (1 + position) - noons[0] * position
        : noons[1] * (1 - position) + noons[2] * position
    }
  }

  /// A sequence with one value an hour, read on straight lines between the hours.
  func hourly(_ stream: SeededNoise.Stream, day: Int, memory: Double) -> [Double] {
    let hours = SeededNoise(seed: seed, stream: stream)
      .persistent(from: day * 24, count: 25, memory: memory)
    return (0..<Self.stepsADay).map { step in
      let position = (Double(step) + 0.5) / 4
      let hour = Int(position)
      let share = position - Double(hour)
      return hours[hour] * (1 - share) + hours[hour + 1] * share
    }
  }

  /// The weather that follows from the hidden variables of a UTC day.
  func day(_ number: Int, latent: LatentWeather) -> WeatherDay {
    var day = WeatherDay(
      celsius: [], irradiance: [], clearSkyIrradiance: [], wind: [], snowfall: [])
    let start = Date(timeIntervalSince1970: Double(number) * 86_400)
    let sky = SimulatedSky(dayNumber: number, location: location)
    for step in 0..<Self.stepsADay {
      let middle = start.addingTimeInterval((Double(step) + 0.5) * Double(Self.stepSeconds))
      let season = Season(climate, at: middle, longitude: location.longitude.rawValue)
      let cover = SeededNoise.normalProbability(below: 1.4 * latent.cloud[step] + season.cloudiness)
      let clear = sky.irradiance[step]
      let celsius = season.celsius(
        cover: cover, warmth: latent.warmth[step], unevenness: latent.unevenness[step])
      day.celsius.append(celsius)
      day.clearSkyIrradiance.append(clear)
      day.irradiance.append(
        clear * Self.clearSkyIndex(cover: cover, flicker: latent.flicker[step]))
      day.wind.append(season.wind(latent.wind[step]))
      day.snowfall.append(
        Self.snowfall(
          celsius: celsius, readiness: 0.7 * latent.cloud[step] + 0.714 * latent.wetness[step]))
    }
    return day
  }

  /// The share of the cloudless irradiance that a cloud cover of 0…1 lets through.
  ///
  /// Source: F. Kasten, G. Czeplak, Solar Energy 24 (1980) 177, doi:10.1016/0038-092X(80)90391-6.
  static func clearSkyIndex(cover: Double, flicker: Double) -> Double {
    let mean = 1 - 0.75 * pow(cover, 3.4)
    let broken = 4 * cover * (1 - cover)
    return min(1.1, max(0.05, mean + 0.10 * broken * flicker))
  }

  /// Fresh snow of 15 minutes in mm: a tenth of all hours are wet, cold ones bring snow ten times
  /// as deep as its water.
  private static func snowfall(celsius: Double, readiness: Double) -> Double {
    let excess = readiness - 1.3
    guard excess > 0, celsius < 1.5 else { return 0 }
    let waterAnHour = 0.1 + 0.6 * excess
    return waterAnHour / 4 * 10 * min(1, (1.5 - celsius) / 2)
  }
}

/// Climate at one instant.
private struct Season {
  let meanCelsius: Double
  let halfRange: Double
  let deviation: Double
  let cloudiness: Double
  let clearWarmth: Double
  let meanWind: Double
  let solarHour: Double

  init(_ climate: Climate, at date: Date, longitude: Double) {
    let days = date.timeIntervalSince1970 / 86_400
    let dayOfYear = days.truncatingRemainder(dividingBy: 365.25)
    func now(_ monthly: [Double]) -> Double { Climate.value(monthly, dayOfYear: dayOfYear) }
    meanCelsius = now(climate.meanCelsius)
    halfRange = now(climate.dailyRangeKelvins) / 2
    deviation = now(climate.dailyDeviationKelvins)
    cloudiness = now(climate.cloudiness)
    clearWarmth = now(climate.clearSkyWarmthKelvins)
    meanWind = now(climate.windMetresPerSecond)
    solarHour = ((days - days.rounded(.down)) * 24 + longitude / 15)
      .truncatingRemainder(dividingBy: 24)
  }

  /// Air temperature: climate, persistent deviation, warm or cold clear skies, and the day's wave,
  /// highest at 14:30 by the sun, larger under clear skies.
  func celsius(cover: Double, warmth: Double, unevenness: Double) -> Double {
    let meanCover = SeededNoise.normalProbability(below: cloudiness / 1.72)
    let clearness = meanCover - cover
    let angle = 2 * Double.pi * (solarHour - 14.5) / 24
    let wave = cos(angle) + 0.15 * cos(2 * angle)
    return meanCelsius + deviation * warmth + unevenness + clearWarmth * clearness
      + halfRange * max(0.25, 1 + 0.9 * clearness) * wave
  }

  /// Wind speed: log-normal about the month's mean, stronger in the afternoon.
  func wind(_ latent: Double) -> Double {
    let daytime = 1 + 0.18 * cos(2 * .pi * (solarHour - 14) / 24)
    return max(0.2, meanWind * exp(0.5 * latent - 0.125) * daytime)
  }
}
