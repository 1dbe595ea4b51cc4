// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// A stationary battery with its inverter; powers are on the AC side.
  public struct Battery: Sendable, Equatable {
    /// Its name in plans and explanations.
    public var name: String
    /// Energy it holds when full, kWh, > 0.
    public var capacityKilowattHours: Double
    /// Highest charging power, kW, ≥ 0.
    public var chargeLimitKilowatts: Double
    /// Highest discharging power, kW, ≥ 0.
    public var dischargeLimitKilowatts: Double
    /// Stored energy for each kWh taken in, 0 < η ≤ 1.
    public var chargeEfficiency: Double
    /// Energy given out for each stored kWh, 0 < η ≤ 1.
    public var dischargeEfficiency: Double
    /// Lowest state of charge, fraction.
    public var minimumFraction = 0.0
    /// Highest state of charge, fraction.
    public var maximumFraction = 1.0
    /// State of charge now, fraction; may lie outside its band.
    public var initialFraction: Double
    /// Wear for each kWh in and for each kWh out, currency/kWh, ≥ 0.
    public var wearPerKilowattHour = 0.0
    /// Value of each kWh that is stored at the end of the horizon.
    public var terminalValuePerKilowattHour = 0.0
    /// Part of both power limits that is available, each step, 0…1, for example in the cold; empty for all.
    public var powerFactors: [Double] = []
    /// The state of charge from which the charging power falls in a straight line; `nil` for none.
    public var taperFromFraction: Double?
    /// Part of the charging power that is left when full, 0…1; matters with a taper only.
    public var taperEndFactor = 0.1
    /// Whether energy from the grid may be stored.
    public var chargesFromGrid = true
    /// Whether stored energy may be exported.
    public var dischargesToGrid = true

    /// A battery with its ratings; η for each direction.
    public init(
      name: String, capacityKilowattHours: Double, chargeLimitKilowatts: Double,
      dischargeLimitKilowatts: Double, chargeEfficiency: Double, dischargeEfficiency: Double,
      initialFraction: Double
    ) {
      self.name = name
      self.capacityKilowattHours = capacityKilowattHours
      self.chargeLimitKilowatts = chargeLimitKilowatts
      self.dischargeLimitKilowatts = dischargeLimitKilowatts
      self.chargeEfficiency = chargeEfficiency
      self.dischargeEfficiency = dischargeEfficiency
      self.initialFraction = initialFraction
    }

    /// Energy stored now, kWh.
    var initialKilowattHours: Double { initialFraction * capacityKilowattHours }
    /// Highest energy it should hold, kWh.
    var highestKilowattHours: Double { maximumFraction * capacityKilowattHours }
    /// Lowest energy it should hold, kWh.
    var lowestKilowattHours: Double { minimumFraction * capacityKilowattHours }

    /// Part of the power limits that is available in a step.
    func powerFactor(_ step: Int) -> Double { powerFactors.isEmpty ? 1 : powerFactors[step] }
  }
}
