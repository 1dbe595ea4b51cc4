// SPDX-License-Identifier: MIT
import Forecasting
import Household
import Planning
import TimeSeries

extension PlanningProblem.ScenarioSet {
  /// Little, usual and much of sun, load and price, each with each; `nil` where nothing is uncertain.
  ///
  /// The three courses of a quantity are its P10, a middle one, and its P90 with weights 0.3, 0.4 and
  /// 0.3; the middle is chosen so that the mean is kept. Hours go together, which overstates how
  /// much a whole day may differ: cautious by intention. A trained model of production knows courses
  /// that go together as past days did; they take the place of its quantiles.
  /// Source: D. L. Keefer, S. E. Bodily, Management Science 29 (1983) 595, "extended Swanson–Megill".
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

  private static let outerWeight = 0.3

  /// Three courses; one where the quantiles fall together in every step.
  private static func courses<Value: Quantity>(of forecast: QuantileForecast<Value>) -> [Course] {
    let mean = forecast.mean.map(\.rawValue)
    let low = forecast.p10.map(\.rawValue)
    let high = forecast.p90.map(\.rawValue)
    let spread = zip(low, high).map { $1 - $0 }.max() ?? 0
    guard spread > 1e-6 else { return [Course(probability: 1, values: mean)] }
    let inner = 1 - 2 * outerWeight
    let middle = mean.indices.map { step in
      let kept = (mean[step] - outerWeight * (low[step] + high[step])) / inner
      return min(high[step], max(low[step], kept))
    }
    return [
      Course(probability: outerWeight, values: low), Course(probability: inner, values: middle),
      Course(probability: outerWeight, values: high),
    ]
  }
}
