// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TimeSeries

/// What has become known since a plan was made, and whether it is worth a new one before its time.
struct ForecastNews {
  /// A horizon that moves on shows one more step of a day that was published before.
  private static let gainedSeconds = 3_600.0
  /// Prices are corrected, or counted with another rate of exchange, when one is off by this share
  /// of what they cost on the average.
  private static let priceShare = 0.01
  /// What counts is the weather of the next day.
  private static let lookAheadSeconds = 86_400.0
  /// Off by so much on the average: some two hundred watts of heating in a house.
  private static let kelvin = 2.0
  /// Off by so much in a day, and by the share that counts for measured PV.
  private static let sunWattHoursPerSquareMetre = 300.0

  private let forecast: HomeForecast
  private let known: ForecastInputs
  private let sunShare: Double
  private let paysSpotPrices: Bool

  /// - Parameters:
  ///   - forecast: what the plan was made for.
  ///   - known: what is known now.
  ///   - sunShare: the deviation of the sun that counts, 0…1.
  ///   - paysSpotPrices: whether the tariff follows published prices; otherwise they are no news.
  init(
    since forecast: HomeForecast, in known: ForecastInputs, sunShare: Double,
    paysSpotPrices: Bool
  ) {
    self.forecast = forecast
    self.known = known
    self.sunShare = sunShare
    self.paysSpotPrices = paysSpotPrices
  }

  /// The cause of a new plan; `nil` when there is none.
  var cause: String? { prices ?? weather }

  private var prices: String? {
    guard paysSpotPrices, let until = HomeForecaster.end(of: known.publishedSpotPrice)
    else { return nil }
    guard let before = forecast.pricesPublishedUntil else { return "new prices" }
    let gained = until.timeIntervalSince(before)
    if gained > known.issuedAt.timeIntervalSince(forecast.issuedAt) + Self.gainedSeconds {
      return "new prices"
    }
    return haveChanged(until: before) ? "changed prices" : nil
  }

  private func haveChanged(until end: Date) -> Bool {
    var (worst, sum, count) = (0.0, 0.0, 0)
    for index in known.grid.indices where known.grid.date(at: index) < end {
      guard let price = known.publishedSpotPrice[index]?.rawValue,
        let step = forecast.grid.index(of: known.grid.date(at: index))
      else { continue }
      worst = max(worst, abs(price - forecast.spotPrice.mean[step].rawValue))
      sum += abs(price)
      count += 1
    }
    return count > 0 && worst > Self.priceShare * sum / Double(count)
  }

  private var weather: String? {
    guard let weather = known.weather else { return nil }
    var (warmth, count, sun, expectedSun) = (0.0, 0, 0.0, 0.0)
    let stepHours = Double(known.grid.stepSeconds) / 3_600
    let end = known.grid.start.addingTimeInterval(Self.lookAheadSeconds)
    for index in known.grid.indices where known.grid.date(at: index) < end {
      guard let step = forecast.grid.index(of: known.grid.date(at: index)) else { continue }
      if let now = weather.temperature[index], let then = forecast.outdoorTemperature[step] {
        warmth += now.rawValue - then.rawValue
        count += 1
      }
      sun += (weather.globalHorizontalIrradiance[index]?.rawValue ?? 0) * stepHours
      expectedSun += (forecast.irradiance[step]?.rawValue ?? 0) * stepHours
    }
    let difference = count > 0 ? warmth / Double(count) : 0
    if abs(difference) > Self.kelvin {
      return String(format: "new weather: %+.1f K for the next day", difference)
    }
    let change = sun - expectedSun
    guard
      abs(change)
        > max(Self.sunWattHoursPerSquareMetre, sunShare * max(sun, expectedSun))
    else { return nil }
    return String(
      format: "new weather: %.1f kWh/m² of sun instead of %.1f", sun / 1_000, expectedSun / 1_000)
  }
}
