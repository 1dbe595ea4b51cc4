// SPDX-License-Identifier: MIT

extension PlanningProblem.ScenarioSet {
  /// The product of PV, price and load cases, in this order; `nil` without the object.
  init?(_ fields: JSONFields?, problem: PlanningProblem) throws(PlanningError) {
    guard let fields, let pv = try fields.object("pv") else { return nil }
    var pvCases: [(values: [Double], probability: Double)] = []
    let pvProbabilities = try fields.numbers("pv_prob")
    for (index, name) in ["p10", "p50", "p90"].enumerated() where index < pvProbabilities.count {
      let values = try pv.numbers(name)
      guard values.count == problem.stepCount else {
        throw .wrongLength(
          field: "stochastic.pv.\(name)", count: values.count, expected: problem.stepCount)
      }
      pvCases.append((values, pvProbabilities[index]))
    }
    let prices = try Self.cases(fields, "price")
    let loads = try Self.cases(fields, "load")
    self.init(
      pvCases: pvCases, priceFactors: prices, loadFactors: loads, problem: problem,
      riskLevel: try fields.number("cvar_alpha", default: 0.9),
      riskWeight: try fields.number("cvar_weight", default: 0.3))
  }

  private static func cases(
    _ fields: JSONFields, _ name: String
  ) throws(PlanningError) -> [(factor: Double, probability: Double)] {
    let factors = try fields.numbers("\(name)_factor")
    let probabilities = try fields.numbers("\(name)_prob")
    guard factors.count == probabilities.count else {
      throw .wrongLength(
        field: "stochastic.\(name)_prob", count: probabilities.count, expected: factors.count)
    }
    return zip(factors, probabilities).map { ($0, $1) }
  }

  /// Every combination of PV, price and load cases; price factors scale the spot part of both prices.
  public init(
    pvCases: [(values: [Double], probability: Double)],
    priceFactors: [(factor: Double, probability: Double)],
    loadFactors: [(factor: Double, probability: Double)], problem: PlanningProblem,
    riskLevel: Double = 0.9, riskWeight: Double = 0.3
  ) {
    let grid = problem.grid
    let spot =
      grid.spotPrices.isEmpty
      ? [Double](repeating: 0, count: problem.stepCount) : grid.spotPrices
    var scenarios: [PlanningProblem.Scenario] = []
    for pv in pvCases {
      for price in priceFactors {
        for load in loadFactors {
          scenarios.append(
            PlanningProblem.Scenario(
              probability: pv.probability * price.probability * load.probability,
              pvKilowatts: pv.values,
              baseLoadKilowatts: problem.baseLoadKilowatts.map { $0 * load.factor },
              importPrices: zip(grid.importPrices, spot).map { $0 + $1 * (price.factor - 1) },
              exportPrices: zip(grid.exportPrices, spot).map { $0 + $1 * (price.factor - 1) }))
        }
      }
    }
    self.init(scenarios: scenarios, riskLevel: riskLevel, riskWeight: riskWeight)
  }
}
