// SPDX-License-Identifier: MIT
import Control
import Planning

extension ControlStrategy {
  /// The optimiser with the work of a preset; how long plans take is measured.
  static func planned(_ preset: PlannerOptions.Preset) -> Self {
    .optimised(PlannerOptions(preset, elapsedSeconds: monotonicSeconds))
  }
}
