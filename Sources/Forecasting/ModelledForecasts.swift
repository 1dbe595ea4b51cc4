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
  /// Courses of production that go together, for plans over scenarios; empty without a model.
  public var pvCourses: [PVCourse] = []
  /// Day-ahead prices, the published ones among them; `nil` without a model.
  public var spotPrice: QuantileForecast<PricePerKilowattHour>?
  /// What is expected of each car whose stays were seen.
  public var vehicles: [String: VehicleOutlook] = [:]
  /// What is expected of each appliance whose demand was seen.
  public var appliances: [String: [ApplianceNeed]] = [:]
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

  private enum CodingKeys: CodingKey {
    case pv, load, pvCourses, spotPrice, vehicles, appliances, notes
  }

  /// Journals that were written before a part existed lack it.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    pv = try values.decodeIfPresent(QuantileForecast<Watts>.self, forKey: .pv)
    load = try values.decodeIfPresent(QuantileForecast<Watts>.self, forKey: .load)
    pvCourses = try values.decodeIfPresent([PVCourse].self, forKey: .pvCourses) ?? []
    spotPrice = try values.decodeIfPresent(
      QuantileForecast<PricePerKilowattHour>.self, forKey: .spotPrice)
    vehicles = try values.decodeIfPresent([String: VehicleOutlook].self, forKey: .vehicles) ?? [:]
    appliances =
      try values.decodeIfPresent([String: [ApplianceNeed]].self, forKey: .appliances) ?? [:]
    notes = try values.decode([Diagnostic].self, forKey: .notes)
  }
}

/// One course that production may take over the whole horizon, and how likely it is.
public struct PVCourse: Sendable, Hashable, Codable {
  /// How likely it is; the probabilities of all courses sum to 1.
  public let probability: Fraction
  /// Production in each step.
  public let power: [Watts]

  /// A course.
  public init(probability: Fraction, power: [Watts]) {
    self.probability = probability
    self.power = power
  }
}

extension HomeForecaster {
  /// What the models say, for ``ForecastInputs/modelled``.
  ///
  /// - Parameters:
  ///   - inputs: with histories as long as the models remember.
  ///   - past: what prices, cars and appliances did.
  public func modelled(
    _ inputs: ForecastInputs, past: LearningPast? = nil
  ) -> ModelledForecasts {
    var result = ModelledForecasts()
    let calendar = home.site.calendar
    result.load = modelledLoad(inputs, calendar: calendar, &result.notes)
    if let weather = inputs.weather,
      let modelled = modelledPV(weather, inputs, calendar: calendar, &result.notes)
    {
      result.pv = modelled.forecast
      if home.preferences.planning.uncertainty == .scenarios { result.pvCourses = modelled.courses }
    }
    result.spotPrice = modelledPrice(inputs, past?.price, &result.notes)
    let days = max(1, inputs.grid.count * inputs.grid.stepSeconds / 86_400)
    if let model = models.vehicles, let vehicles = past?.vehicles {
      result.vehicles = model.outlooks(
        vehicles, at: inputs.issuedAt, connected: inputs.vehicles.mapValues(\.isConnected),
        days: days)
    }
    if let model = models.appliances, let appliances = past?.appliances {
      result.appliances = model.needs(
        of: home.appliances, appliances, at: inputs.issuedAt, days: days)
    }
    return result
  }
}
