// SPDX-License-Identifier: MIT
import Household
public import TimeSeries

/// What trained models say of a grid, made before a decision and part of what it knew: the decision
/// can be made again without the models, which by then may be others.
public struct ModelledForecasts: Sendable, Hashable, Codable {
  /// Production; `nil` without a model.
  public var pv: QuantileForecast<Watts>?
  /// Base load; `nil` without a model.
  public var load: QuantileForecast<Watts>?
  /// What people should know of the models.
  public var notes: [Diagnostic]

  /// Forecasts, or none.
  public init(
    pv: QuantileForecast<Watts>? = nil, load: QuantileForecast<Watts>? = nil,
    notes: [Diagnostic] = []
  ) {
    self.pv = pv
    self.load = load
    self.notes = notes
  }
}

extension HomeForecaster {
  /// What the models say, for ``ForecastInputs/modelled``.
  ///
  /// - Parameter inputs: with histories as long as the models remember.
  public func modelled(_ inputs: ForecastInputs) -> ModelledForecasts {
    var result = ModelledForecasts()
    let calendar = home.site.calendar
    result.load = modelledLoad(inputs, calendar: calendar, &result.notes)
    if let weather = inputs.weather {
      result.pv = modelledPV(weather, inputs, calendar: calendar, &result.notes)
    }
    return result
  }
}
