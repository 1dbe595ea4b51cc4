// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// What may come instead of the expected values, and how much bad cases weigh.
  public struct ScenarioSet: Sendable, Equatable {
    /// The scenarios; probabilities sum to 1.
    public var scenarios: [Scenario]
    /// α of the conditional value at risk: the mean of the worst 1 − α is looked at.
    public var riskLevel: Double
    /// Weight of the conditional value at risk against the expected cost, 0…1.
    public var riskWeight: Double

    /// Scenarios with the weight of risk.
    public init(scenarios: [Scenario], riskLevel: Double = 0.9, riskWeight: Double = 0.3) {
      self.scenarios = scenarios
      self.riskLevel = riskLevel
      self.riskWeight = riskWeight
    }
  }

  /// One possible course of what is uncertain.
  public struct Scenario: Sendable, Equatable {
    /// How likely it is, 0…1.
    public var probability: Double
    /// PV production that is available, each step, kW.
    public var pvKilowatts: [Double]
    /// Consumption that cannot be moved, each step, kW.
    public var baseLoadKilowatts: [Double]
    /// What a kWh from the grid costs, each step.
    public var importPrices: [Double]
    /// What a kWh into the grid earns, each step.
    public var exportPrices: [Double]

    /// One course with its probability.
    public init(
      probability: Double, pvKilowatts: [Double], baseLoadKilowatts: [Double],
      importPrices: [Double], exportPrices: [Double]
    ) {
      self.probability = probability
      self.pvKilowatts = pvKilowatts
      self.baseLoadKilowatts = baseLoadKilowatts
      self.importPrices = importPrices
      self.exportPrices = exportPrices
    }
  }

  /// The same problem when a scenario is certain.
  func assuming(_ scenario: Scenario) -> PlanningProblem {
    var problem = self
    problem.pvKilowatts = scenario.pvKilowatts
    problem.baseLoadKilowatts = scenario.baseLoadKilowatts
    problem.grid.importPrices = scenario.importPrices
    problem.grid.exportPrices = scenario.exportPrices
    problem.scenarios = nil
    return problem
  }
}
