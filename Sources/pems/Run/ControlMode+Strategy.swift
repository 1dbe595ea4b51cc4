// SPDX-License-Identifier: MIT
import Control
import Household
import Planning

extension ControlMode {
  /// The strategy of the control cycle.
  ///
  /// - Parameter preset: how hard the planner works; a journal names that of its decisions.
  func strategy(_ preset: PlannerOptions.Preset = .thorough) -> ControlStrategy {
    switch self {
    case .optimised, .manual, .safety: .planned(preset)
    case .rules: .rules
    }
  }
}
