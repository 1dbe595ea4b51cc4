// SPDX-License-Identifier: MIT
import Forecasting
import Household
import Planning
import TimeSeries

extension PlanningProblem.ScenarioSet {
  /// Little, usual and much of sun, load and price, each with each; `nil` where nothing is uncertain.
  ///
  /// The three courses of a quantity are its P10, a middle one, and its P90 with weights 0.3, 0.4 and
  /// 0.3 (`ThreeCourses`). A trained model of production knows courses that go together as past days
  /// did, a weather ensemble those that go together as its members do; they take the place of its
  /// quantiles.
  init?(home: Home, forecast: HomeForecast) {
    let dark = Course(probability: 1, values: forecast.grid.indices.map { _ in 0 })
    let known = (forecast.pvCourses ?? []).map { course in
      Course(probability: course.probability.rawValue, values: course.power.map(\.rawValue))
    }
    let pv =
      home.inverter == nil ? [dark] : known.isEmpty ? Self.courses(of: forecast.pvPower) : known
    let load = Self.courses(of: forecast.baseLoadPower)
    let price = Self.courses(of: forecast.spotPrice)
    var scenarios: [PlanningProblem.Scenario] = []
    for sun in pv {
      for use in load {
        for market in price {
          let prices = home.tariff.prices(
            spot: Series(
              grid: forecast.grid, values: market.values.map { PricePerKilowattHour($0) }),
            calendar: home.site.calendar)
          guard let imports = prices.import.completeRawValues,
            let exports = prices.export.completeRawValues
          else { return nil }
          scenarios.append(
            PlanningProblem.Scenario(
              probability: sun.probability * use.probability * market.probability,
              pvKilowatts: sun.values.map { $0 / 1_000 },
              baseLoadKilowatts: use.values.map { $0 / 1_000 },
              importPrices: imports, exportPrices: exports))
        }
      }
    }
    guard scenarios.count > 1 else { return nil }
    self.init(
      scenarios: scenarios, riskWeight: home.preferences.planning.riskWeight.rawValue)
  }

  private struct Course {
    let probability: Double
    let values: [Double]
  }

  /// Three courses; one where the quantiles fall together in every step.
  private static func courses<Value: Quantity>(of forecast: QuantileForecast<Value>) -> [Course] {
    guard let courses = forecast.threeCourses else {
      return [Course(probability: 1, values: forecast.mean.map(\.rawValue))]
    }
    return zip(ThreeCourses.shares, courses).map { Course(probability: $0, values: $1) }
  }
}
