// SPDX-License-Identifier: MIT
public import TimeSeries

/// How plans are made for this home.
public struct PlanningSettings: Sendable, Hashable {
  /// What a plan is made for.
  public enum Uncertainty: String, Sendable, Hashable, CaseIterable {
    /// Expected sun, load and price.
    case expected
    /// Little, usual and much of each at once, with a weight for the dearest outcomes.
    case scenarios
  }

  /// What a plan is made for.
  public let uncertainty: Uncertainty
  /// Weight of the mean of the dearest tenth of outcomes against the mean of all, with scenarios.
  public let riskWeight: Fraction
  /// What a new plan must save before its heating replaces that of the plan before.
  public let leastSaving: Money

  /// Settings; by default plans are made for expected values, and any saving counts.
  public init(
    uncertainty: Uncertainty = .expected, riskWeight: Fraction = .percent(30),
    leastSaving: Money = .zero
  ) {
    self.uncertainty = uncertainty
    self.riskWeight = riskWeight
    self.leastSaving = leastSaving
  }
}
