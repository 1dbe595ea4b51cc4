// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// A charge point and the vehicles that will stand at it.
  public struct Charger: Sendable, Equatable {
    /// Its name in plans and explanations.
    public var name: String
    /// Lowest charging power other than 0, kW, ≥ 0.
    public var minimumKilowatts: Double
    /// Highest charging power, kW.
    public var maximumKilowatts: Double
    /// Energy in the vehicle for each kWh from the house, 0 < η ≤ 1.
    public var efficiency: Double
    /// Cost of each kWh missing at departure, currency/kWh, ≥ 0.
    public var shortfallPenaltyPerKilowattHour: Double
    /// Cost of each start of charging.
    public var startCost = 0.0
    /// Whether it charges right before step 0.
    public var isChargingInitially = false
    /// When a vehicle stands there; in order, not overlapping.
    public var sessions: [Session]
    /// Highest power back into the house, kW; 0 where charger or vehicle cannot.
    public var dischargeLimitKilowatts = 0.0
    /// Energy in the house for each kWh from the vehicle, 0 < η ≤ 1.
    public var dischargeEfficiency = 0.9
    /// Wear of the vehicle for each kWh given back, currency/kWh, ≥ 0.
    public var dischargeWearPerKilowattHour = 0.0

    /// A charge point with its ratings.
    public init(
      name: String, minimumKilowatts: Double, maximumKilowatts: Double, efficiency: Double,
      shortfallPenaltyPerKilowattHour: Double, sessions: [Session]
    ) {
      self.name = name
      self.minimumKilowatts = minimumKilowatts
      self.maximumKilowatts = maximumKilowatts
      self.efficiency = efficiency
      self.shortfallPenaltyPerKilowattHour = shortfallPenaltyPerKilowattHour
      self.sessions = sessions
    }

    /// One stay of a vehicle.
    public struct Session: Sendable, Equatable {
      /// First step in which it can charge.
      public var start: Int
      /// First step in which it cannot charge any more.
      public var end: Int
      /// Energy in the vehicle when it comes, kWh.
      public var initialKilowattHours: Double
      /// Energy wanted when it leaves, kWh.
      public var targetKilowattHours: Double
      /// Highest energy, kWh.
      public var maximumKilowattHours: Double
      /// Energy below which nothing is given back to the house, kWh.
      public var reserveKilowattHours = 0.0
      /// Energy from which the charging power falls in a straight line to `minimumKilowatts`; `nil` for none.
      ///
      /// The straight line stands for the constant-voltage phase of CC–CV charging.
      public var taperFromKilowattHours: Double?

      /// One stay with its energies.
      public init(
        start: Int, end: Int, initialKilowattHours: Double, targetKilowattHours: Double,
        maximumKilowattHours: Double
      ) {
        self.start = start
        self.end = end
        self.initialKilowattHours = initialKilowattHours
        self.targetKilowattHours = targetKilowattHours
        self.maximumKilowattHours = maximumKilowattHours
      }
    }
  }
}
