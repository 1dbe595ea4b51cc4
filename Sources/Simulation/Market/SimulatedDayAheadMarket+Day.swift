// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

extension SimulatedDayAheadMarket {
  /// The price of each quarter-hour of a UTC day, EUR/MWh.
  ///
  /// A merit order over residual load: what demand leaves after sun and wind, in GW of a
  /// zone about the size of Germany, whose prices the Czech ones follow.
  func eurosPerMegawattHour(ofDay day: Int) -> [Double] {
    let latent = weather.latentWeather(ofDay: day)
    let truth = weather.day(day, latent: latent)
    let level = noise(.priceLevel).persistent(from: day, count: 1, memory: 25)[0]
    let daily = noise(.priceDaily).persistent(from: day, count: 2, memory: 1.5)
    let hourly = noise(.priceHourly).persistent(from: day * 24, count: 25, memory: 3)
    let quarter = noise(.priceQuarter)
    let start = Date(timeIntervalSince1970: Double(day) * 86_400)
    let warmth = truth.celsius.reduce(0, +) / Double(truth.celsius.count)
    return (0..<SimulatedWeather.stepsADay).map { step in
      let time = calendar.wallTime(at: start.addingTimeInterval(Double(step) * 900))
      let regionalSun = 0.55 * truth.irradiance[step] + 0.45 * 0.65 * truth.clearSkyIrradiance[step]
      let sun = Self.solarGigawatts * regionalSun / 900
      let wind = Self.windGigawatts(latent.wind[step])
      let residual =
        Self.demandGigawatts(at: time, dailyMeanCelsius: warmth) - sun - wind + 2.5 * daily[0]
      let share = Double(step % 4) / 4
      let local = hourly[step / 4] * (1 - share) + hourly[step / 4 + 1] * share
      return Self.meritOrder(residual) * exp(0.14 * level - 0.01) + 4 * local
        + 2.5 * quarter.normal(day * SimulatedWeather.stepsADay + step)
    }
  }

  private func noise(_ stream: SeededNoise.Stream) -> SeededNoise {
    SeededNoise(seed: seed, stream: stream)
  }

  /// Solar power at 900 W/m² over the whole region.
  private static let solarGigawatts = 46.0

  /// Wind power: a tenth of the time below 3 GW, in the mean 15 GW.
  private static func windGigawatts(_ latent: Double) -> Double {
    let share = SeededNoise.normalProbability(below: 1.1 * latent - 0.75)
    return 1.5 + 46 * share
  }

  /// Demand by the hour, lower on days off and with the cold of the day.
  private static func demandGigawatts(
    at time: SiteCalendar.WallTime, dailyMeanCelsius: Double
  ) -> Double {
    let hour = time.hour
    func bump(_ centre: Double, _ width: Double) -> Double {
      exp(-((hour - centre) / width) * ((hour - centre) / width))
    }
    let workday = 44 + 13 * bump(8.5, 2.4) + 12 * bump(13, 3.2) + 15 * bump(18.8, 2.6)
    let dayOff = 41 + 3 * bump(9.5, 2.2) + 9 * bump(12.5, 3.2) + 12 * bump(19, 2.6)
    let heating = 0.42 * max(0, 16 - dailyMeanCelsius)
    return (time.isDayOff ? dayOff : workday) + heating
  }

  /// The price that residual load leads to, EUR/MWh: flat in the middle, steep towards scarcity,
  /// falling below zero where must-run plants do not give way.
  private static func meritOrder(_ residual: Double) -> Double {
    let middle = 8 + 2.35 * residual
    let scarcity = max(0, residual - 52)
    let surplus = max(0, 3 - residual)
    return min(950, max(-250, middle + 0.5 * scarcity * scarcity - 1.6 * surplus))
  }
}
