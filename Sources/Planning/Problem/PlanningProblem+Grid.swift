// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// The connection to the grid.
  public struct Grid: Sendable, Equatable {
    /// The main fuse: highest import, kW, ≥ 0.
    public var importLimitKilowatts: Double
    /// Highest export, kW, ≥ 0.
    public var exportLimitKilowatts: Double
    /// What a kWh from the grid costs, each step, all layers summed.
    public var importPrices: [Double]
    /// What a kWh into the grid earns, each step.
    public var exportPrices: [Double]
    /// The part of both prices that scenarios scale, each step; empty where none is.
    public var spotPrices: [Double] = []
    /// Price wedge against export, currency/kWh, ≥ 0: what self-consumption is worth beside the bill.
    public var exportPenaltyPerKilowattHour = 0.0
    /// Cost of PV energy that is not used, currency/kWh.
    public var curtailmentPenaltyPerKilowattHour = 0.0
    /// The import peak that costs nothing more, kW: highest quarter-hour already measured.
    public var peakFreeKilowatts = 0.0
    /// Cost of each kW of import peak above the free one, currency/kW.
    public var peakPricePerKilowatt = 0.0
    /// Emissions of imported energy, each step, kg/kWh; empty where they do not count.
    public var emissionsKilogramsPerKilowattHour: [Double] = []
    /// What a kilogram of emissions weighs in the objective, currency/kg.
    public var emissionPricePerKilogram = 0.0
    /// Limits of the single phases; `nil` where only the sum is limited.
    public var phases: PhaseLimits?

    /// A connection with its limits and prices.
    public init(
      importLimitKilowatts: Double, exportLimitKilowatts: Double, importPrices: [Double],
      exportPrices: [Double]
    ) {
      self.importLimitKilowatts = importLimitKilowatts
      self.exportLimitKilowatts = exportLimitKilowatts
      self.importPrices = importPrices
      self.exportPrices = exportPrices
    }

    /// What one more imported kWh weighs in the objective, emissions included.
    func importCost(_ step: Int) -> Double {
      emissionsKilogramsPerKilowattHour.isEmpty
        ? importPrices[step]
        : importPrices[step]
          + emissionsKilogramsPerKilowattHour[step] * emissionPricePerKilogram
    }

    /// What one more exported kWh earns in the objective, the self-consumption wedge deducted.
    func exportValue(_ step: Int) -> Double { exportPrices[step] - exportPenaltyPerKilowattHour }
  }

  /// How much each of the three phases may carry.
  public struct PhaseLimits: Sendable, Equatable {
    /// Highest import on each phase, kW.
    public var importLimitKilowatts: Double
    /// Share of the base load on each phase; sums to 1.
    public var baseLoadShares: [Double]

    /// Limits of the phases; everything without a phase of its own is spread evenly.
    public init(
      importLimitKilowatts: Double, baseLoadShares: [Double] = [1.0 / 3, 1.0 / 3, 1.0 / 3]
    ) {
      self.importLimitKilowatts = importLimitKilowatts
      self.baseLoadShares = baseLoadShares
    }
  }
}
