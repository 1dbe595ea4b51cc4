// SPDX-License-Identifier: MIT
import Control
import Household

extension ControlMode {
  /// The strategy of the control cycle.
  var strategy: ControlStrategy {
    switch self {
    case .optimised: .optimised(SimulationRequest.plannerOptions)
    case .rules: .rules
    }
  }
}
