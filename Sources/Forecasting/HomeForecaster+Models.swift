// SPDX-License-Identifier: MIT
import Foundation
import Household
import Learning
import Physics
public import TimeSeries

extension HomeForecaster {
  /// Base load by the trained model; `nil` without one, or when it cannot answer, which is told.
  func modelledLoad(
    _ inputs: ForecastInputs, calendar: SiteCalendar, _ diagnostics: inout [Diagnostic]
  ) -> QuantileForecast<Watts>? {
    guard let model = models.load else { return nil }
    let grid = Self.hours(from: inputs.baseLoadHistory.grid.start, through: inputs.grid)
    let history = LoadHistory(
      load: inputs.baseLoadHistory.hourlyMeans(on: grid), calendar: calendar)
    do {
      return try model.forecast(history, issuedAt: inputs.issuedAt, grid: inputs.grid)
    } catch {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "load", message: "the trained model is not used: \(error)"))
      return nil
    }
  }

  /// Production by the trained model, with courses that go together; `nil` without a model, without
  /// its past, or when it cannot answer.
  func modelledPV(
    _ weather: Weather, _ inputs: ForecastInputs, calendar: SiteCalendar,
    _ diagnostics: inout [Diagnostic]
  ) -> (forecast: QuantileForecast<Watts>, courses: [PVCourse])? {
    guard let model = models.pv, let plant, let measured = inputs.pvHistory,
      let expected = inputs.pvExpectedHistory
    else { return nil }
    let grid = Self.hours(
      from: max(measured.grid.start, expected.grid.start), through: inputs.grid)
    let course = plant.power(in: weather).total
    let past = expected.hourlyMeans(on: grid)
    let ahead = course.hourlyMeans(on: grid)
    let physics = Series<Watts>(
      grid: grid,
      values: grid.indices.map { index in
        grid.date(at: index + 1) <= inputs.issuedAt ? past[index] : ahead[index]
      })
    let history = PVHistory(
      production: measured.hourlyMeans(on: grid), physics: physics,
      capacity: plant.peakPower, limit: min(plant.peakPower, plant.ratedPower),
      location: home.site.location, calendar: calendar,
      weather: Self.features(weather, on: grid))
    do {
      return try model.forecastWithCourses(
        history, issuedAt: inputs.issuedAt, grid: inputs.grid,
        shape: course.grid == inputs.grid ? course : nil)
    } catch {
      diagnostics.append(
        Diagnostic(.warning, subject: "pv", message: "the trained model is not used: \(error)"))
      return nil
    }
  }

  /// Prices by the trained model; `nil` without one, or when it cannot answer.
  func modelledPrice(
    _ inputs: ForecastInputs, _ past: PriceHistory?, _ diagnostics: inout [Diagnostic]
  ) -> QuantileForecast<PricePerKilowattHour>? {
    guard home.tariff.needsSpotPrice, let model = models.price, let past else { return nil }
    do {
      return try model.forecast(
        past.reaching(inputs.grid.end), issuedAt: inputs.issuedAt, grid: inputs.grid)
    } catch {
      diagnostics.append(
        Diagnostic(.warning, subject: "price", message: "the trained model is not used: \(error)"))
      return nil
    }
  }

  /// The weather of the horizon, for trees that were trained with it.
  private static func features(_ weather: Weather, on grid: TimeGrid) -> PVHistory.Weather {
    var features = PVHistory.Weather()
    features.globalHorizontal = weather.globalHorizontalIrradiance.hourlyMeans(on: grid)
      .values.map { $0?.rawValue }
    features.temperature = weather.temperature.hourlyMeans(on: grid).values.map { $0?.rawValue }
    features.windSpeed = weather.windSpeed?.hourlyMeans(on: grid).values.map { $0?.rawValue }
    return features
  }

  /// Whole hours from an instant to the end of a grid.
  private static func hours(from start: Date, through grid: TimeGrid) -> TimeGrid {
    TimeGrid(covering: min(start, grid.start)..<grid.end, stepSeconds: 3_600)
  }
}

extension Series {
  /// The mean of each hour of a grid over the steps inside it that are known; missing where none is.
  public func hourlyMeans(on hours: TimeGrid) -> Series {
    var (sums, counts) = (
      [Double](repeating: 0, count: hours.count), [Int](repeating: 0, count: hours.count)
    )
    for index in grid.indices {
      guard let value = self[index], let hour = hours.index(of: grid.date(at: index)) else {
        continue
      }
      sums[hour] += value.rawValue
      counts[hour] += 1
    }
    return Series(
      grid: hours,
      values: zip(sums, counts).map { $1 == 0 ? nil : Value(rawValue: $0 / Double($1)) })
  }
}
