// SPDX-License-Identifier: MIT
public import Planning

/// Who decides: the optimiser, or the rules that it is compared with and that stand in for it.
public enum ControlStrategy: Sendable {
  /// Column-generation planner, planned anew by age and triggers.
  case optimised(PlannerOptions)
  /// Thermostats with a preference for cheap hours, self-consumption, cars in cheap hours; decided
  /// anew at each cycle.
  case rules
}
