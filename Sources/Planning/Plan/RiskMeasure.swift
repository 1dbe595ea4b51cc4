// SPDX-License-Identifier: MIT

/// How bad cases are weighed.
enum RiskMeasure {
  /// The expected value of the worst `1 − level` of the probability.
  ///
  /// Source: R. Rockafellar, S. Uryasev, Optimization of conditional value-at-risk, J. Risk 2 (2000) 21,
  /// doi:10.21314/JOR.2000.038.
  static func conditionalValueAtRisk(
    _ costs: [Double], probabilities: [Double], level: Double
  ) -> Double {
    zip(costs, tailWeights(costs, probabilities: probabilities, level: level))
      .reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The weight of each cost in the conditional value at risk; they sum to 1.
  static func tailWeights(
    _ costs: [Double], probabilities: [Double], level: Double
  ) -> [Double] {
    let order = costs.indices.sorted { (costs[$0], $0) > (costs[$1], $1) }
    var left = 1 - level
    var weights = [Double](repeating: 0, count: costs.count)
    for index in order {
      let mass = min(left, probabilities[index])
      weights[index] = mass / (1 - level)
      left -= mass
      if left <= 1e-15 { break }
    }
    return weights
  }
}
