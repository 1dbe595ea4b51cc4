// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Simulated weather") struct SimulatedWeatherTests {
  private let weather = TestHome.weather

  private func quarterHours(_ start: String, days: Int) -> TimeGrid {
    TimeGrid(start: instant(start), stepSeconds: 900, count: 96 * days)
  }

  @Test("is the same for a seed and another for another seed")
  func seeds() {
    let grid = quarterHours("2026-03-01T00:00:00Z", days: 3)
    let again = SimulatedWeather(location: TestHome.location, seed: 1)
    let other = SimulatedWeather(location: TestHome.location, seed: 2)
    #expect(weather.truth(on: grid) == again.truth(on: grid))
    #expect(weather.truth(on: grid) != other.truth(on: grid))
  }

  @Test("does not depend on the span that is asked for")
  func anySpan() {
    let year = weather.truth(on: quarterHours("2026-01-01T00:00:00Z", days: 365))
    let hour = TimeGrid(start: instant("2026-10-07T09:00:00Z"), stepSeconds: 900, count: 4)
    let short = weather.truth(on: hour)
    #expect(short.temperature.values == year.temperature.slice(hour.range).values)
    #expect(
      short.globalHorizontalIrradiance.values
        == year.globalHorizontalIrradiance.slice(hour.range).values)
  }

  /// Monthly means and sums of six years of five seeds, from the climate table of Brno.
  @Test("keeps to the climate of Brno in every month")
  func climate() {
    var celsius = [Double](repeating: 0, count: 12)
    var counts = celsius
    var irradiation = celsius
    for seed in UInt64(1)...5 {
      let truth = SimulatedWeather(location: TestHome.location, seed: seed)
        .truth(
          on: TimeGrid(
            start: instant("2020-01-01T00:00:00Z"), stepSeconds: 3_600, count: 24 * 2_192))
      for (index, date) in truth.temperature.grid.dates.enumerated() {
        let month = Self.month(of: date) - 1
        celsius[month] += truth.temperature.values[index]?.rawValue ?? .nan
        irradiation[month] +=
          (truth.globalHorizontalIrradiance.values[index]?.rawValue ?? .nan) / 1_000
        counts[month] += 1
      }
    }
    for month in 0..<12 {
      let mean = celsius[month] / counts[month]
      let sum = irradiation[month] / 30
      #expect(abs(mean - Climate.brno.meanCelsius[month]) < 1.2, "month \(month + 1): \(mean) °C")
      #expect(
        abs(sum / Climate.brno.irradiationKilowattHours[month] - 1) < 0.12,
        "month \(month + 1): \(sum) kWh/m²")
    }
    let yearly = zip(celsius, counts).map { $0 / $1 }.reduce(0, +) / 12
    let normal = Climate.brno.meanCelsius.reduce(0, +) / 12
    #expect(abs(yearly - normal) < 0.5, "yearly mean \(yearly) °C")
  }

  private static func month(of date: Date) -> Int {
    SiteCalendar(timeZone: .gmt).wallTime(at: date).date.month
  }

  /// Measured daily means of central Europe correlate by about 0.8 from day to day.
  @Test("remembers yesterday")
  func persistence() {
    let days = TimeGrid(start: instant("2020-01-01T00:00:00Z"), stepSeconds: 86_400, count: 1_460)
    let truth = weather.truth(on: days)
    let warmth = days.indices.map { index -> Double in
      let dayOfYear = Double(index % 365)
      return (truth.temperature.values[index]?.rawValue ?? .nan)
        - Climate.value(Climate.brno.meanCelsius, dayOfYear: dayOfYear)
    }
    #expect((0.65...0.92).contains(Statistics.correlation(warmth, lag: 1)))
    #expect(Statistics.correlation(warmth, lag: 20) < 0.35)
    #expect((2.8...5).contains(Statistics.deviation(warmth)))
  }

  @Test("is dark at night, never brighter than a sky with bright clouds, and snows in frost only")
  func plausibility() {
    for number in [20_454, 20_600, 20_650] {
      let day = weather.trueDay(number)
      for step in day.celsius.indices {
        #expect(day.irradiance[step] <= 1.1 * day.clearSkyIrradiance[step] + 1e-9)
        #expect(day.irradiance[step] >= 0)
        #expect(day.snowfall[step] == 0 || day.celsius[step] < 1.5)
        #expect(day.wind[step] > 0)
      }
      #expect(day.irradiance.prefix(8).allSatisfy { $0 == 0 })
    }
  }

  @Test("snows in winter and never in summer")
  func snow() {
    let months = TimeGrid(start: instant("2020-01-01T00:00:00Z"), stepSeconds: 86_400, count: 1_461)
    let snow = weather.truth(on: months).snowfall
    var (winter, summer) = (0.0, 0.0)
    for (index, date) in months.dates.enumerated() {
      let fresh = snow?.values[index]?.rawValue ?? 0
      let month = Self.month(of: date)
      if [12, 1, 2].contains(month) { winter += fresh }
      if (5...9).contains(month) { summer += fresh }
    }
    #expect(summer == 0)
    // Fresh snow of Brno's winters is about 0.2 to 0.7 m.
    #expect((200...900).contains(winter / 4), "\(winter / 4) mm a winter")
  }

  @Test("forecasts with an error that grows with the lead time", arguments: [12, 48])
  func forecastError(lead: Int) throws {
    var errors: [Double] = []
    for run in 0..<700 {
      let issue = instant("2025-01-01T00:00:00Z").addingTimeInterval(Double(run) * 6 * 3_600 * 2)
      let hour = TimeGrid(
        start: issue.addingTimeInterval(Double(lead) * 3_600), stepSeconds: 3_600, count: 1)
      let forecast = try #require(weather.weather(issuedBefore: issue, on: hour)).temperature
      let truth = weather.truth(on: hour).temperature
      errors.append(
        try #require(forecast.values[0]).rawValue - (try #require(truth.values[0])).rawValue)
    }
    let expected = lead == 12 ? 0.8...1.4 : 1.6...2.4
    #expect(expected.contains(Statistics.deviation(errors)), "\(Statistics.deviation(errors)) K")
    #expect(abs(Statistics.mean(errors)) < 0.3)
  }

  @Test("gives the newest run not after the asking, and the same whenever it is asked")
  func runs() throws {
    let grid = quarterHours("2026-05-04T00:00:00Z", days: 2)
    let early = try #require(
      weather.weather(issuedBefore: instant("2026-05-04T06:00:00Z"), on: grid))
    let late = try #require(
      weather.weather(issuedBefore: instant("2026-05-04T11:59:00Z"), on: grid))
    let next = try #require(
      weather.weather(issuedBefore: instant("2026-05-04T12:00:00Z"), on: grid))
    #expect(early.issuedAt == instant("2026-05-04T06:00:00Z"))
    #expect(early == late)
    #expect(next.issuedAt == instant("2026-05-04T12:00:00Z"))
    #expect(next.temperature != early.temperature)
  }
}
