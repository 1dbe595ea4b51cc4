// SPDX-License-Identifier: MIT

/// Whole on/off patterns of a charge point from relaxed powers.
enum ChargerPattern {
  /// On where the relaxed power is at least half of the smallest one; `nil` where no vehicle is there.
  static func rounded(
    _ powers: [Double?], charger: PlanningProblem.Charger
  ) -> [Bool] {
    let threshold = max(charger.minimumKilowatts / 2, 1e-4)
    return powers.map { ($0 ?? 0) >= threshold }
  }
}
