// SPDX-License-Identifier: MIT
import Foundation

extension PlanningProblem {
  /// A room, or a group of rooms, heated through one relay.
  ///
  /// Over a step of the reference length
  /// `T' = a·T + b·P·u + bₒ·Tₒ + bₛ·S + Σ cₙ·(Tₙ − T)`, u being the relay.
  public struct Room: Sendable, Equatable {
    /// Its name in plans and explanations.
    public var name: String
    /// Electric heating power while the relay is on, kW, ≥ 0.
    public var powerKilowatts: Double
    /// The step length that the coefficients belong to, hours.
    public var referenceStepHours: Double
    /// a: part of a temperature difference that is left after a reference step, 0 < a ≤ 1.
    public var retention: Double
    /// b: warming by one kW of heat over a reference step, K/kW.
    public var kelvinPerKilowatt: Double
    /// bₒ: weight of the outdoor temperature, usually 1 − a.
    public var outdoorWeight: Double
    /// bₛ: warming by irradiance over a reference step, K/(kW/m²).
    public var kelvinPerSolarKilowatt: Double
    /// Rooms beside it and the exchange over a reference step.
    public var neighbours: [Neighbour] = []
    /// Further warming in each step, K, for example people or an estimated disturbance; empty for none.
    public var extraKelvin: [Double] = []
    /// Heat for each kW of heating power in each step, of a heat pump or of warm water; empty for an
    /// electric heater.
    public var heatFactors: [Double] = []
    /// Temperature now, °C; may lie outside its band.
    public var initialCelsius: Double
    /// Whether the relay is on right before step 0.
    public var isOnInitially = false
    /// For how many steps the relay has been in this state.
    public var stepsInState = 1
    /// Fewest steps on, ≥ 1.
    public var minimumOnSteps = 1
    /// Fewest steps off, ≥ 1.
    public var minimumOffSteps = 1
    /// Cost of switching on.
    public var switchOnCost = 0.0
    /// Lower comfort limit at the end of each step, °C.
    public var lowerCelsius: [Double]
    /// Upper comfort limit at the end of each step, °C.
    public var upperCelsius: [Double]
    /// Cost of being too cold, currency/(K·h).
    public var coldPenalty = Penalty(first: 3, second: 12)
    /// Cost of being too warm, currency/(K·h).
    public var warmPenalty = Penalty(first: 1, second: 5)
    /// The violation from which the second part of the penalties counts too, K.
    public var penaltyTierKelvin = 0.5
    /// Temperature below which missing heat costs at the end of the horizon, °C.
    public var terminalCelsius: Double
    /// Value of the heat missing at the end, currency/kWh.
    public var terminalHeatValuePerKilowattHour = 0.0
    /// Heat capacity, kWh/K.
    public var capacityKilowattHoursPerKelvin: Double
    /// The phase its heating hangs on, 0…2; `nil` when spread over all.
    public var phase: Int?
    /// Steps in which the relay is not free, for example a person's override.
    public var fixedRelay: [Int: Bool] = [:]

    /// A room with its coefficients and its comfort band.
    public init(
      name: String, powerKilowatts: Double, referenceStepHours: Double, retention: Double,
      kelvinPerKilowatt: Double, outdoorWeight: Double, kelvinPerSolarKilowatt: Double,
      initialCelsius: Double, lowerCelsius: [Double], upperCelsius: [Double],
      terminalCelsius: Double, capacityKilowattHoursPerKelvin: Double
    ) {
      self.name = name
      self.powerKilowatts = powerKilowatts
      self.referenceStepHours = referenceStepHours
      self.retention = retention
      self.kelvinPerKilowatt = kelvinPerKilowatt
      self.outdoorWeight = outdoorWeight
      self.kelvinPerSolarKilowatt = kelvinPerSolarKilowatt
      self.initialCelsius = initialCelsius
      self.lowerCelsius = lowerCelsius
      self.upperCelsius = upperCelsius
      self.terminalCelsius = terminalCelsius
      self.capacityKilowattHoursPerKelvin = capacityKilowattHoursPerKelvin
    }
  }

  /// A room beside another.
  public struct Neighbour: Sendable, Equatable {
    /// Its place in `rooms`.
    public var room: Int
    /// Part of the temperature difference exchanged over a reference step.
    public var exchange: Double

    /// The room at a place, with the exchange.
    public init(room: Int, exchange: Double) {
      self.room = room
      self.exchange = exchange
    }
  }

  /// A price of discomfort in two parts, currency/(K·h).
  public struct Penalty: Sendable, Equatable {
    /// For the whole violation.
    public var first: Double
    /// For the part above the tier, added to the first.
    public var second: Double

    /// A price in two parts, each ≥ 0.
    public init(first: Double, second: Double) {
      self.first = first
      self.second = second
    }
  }
}
