// SPDX-License-Identifier: MIT

/// The values of a solved model.
public struct LinearSolution: Sendable, Equatable {
  /// Value of each column.
  public let values: [Double]
  /// What the objective changes with each column's bound, cost a unit.
  public let reducedCosts: [Double]
  /// What the objective changes with each row's bound, cost a unit; 0 after a whole-number solve.
  public let rowDuals: [Double]
  /// The objective.
  public let objective: Double
}
