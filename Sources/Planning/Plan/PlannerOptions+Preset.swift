// SPDX-License-Identifier: MIT

extension PlannerOptions {
  /// Amounts of work with a name, so that a journal can say how a plan was made.
  ///
  /// None has a time limit: a plan must not depend on how fast the machine is. Only the exact search of a
  /// home without rooms has `exactSeconds`, should its nodes ever take longer.
  public enum Preset: String, Sendable, Codable, CaseIterable {
    /// For a real house: columns, dive and neighbourhood search, with a proven bound.
    case thorough
    /// For simulations, where a plan an hour builds on the one before: the first complete plan on a
    /// coarser temperature grid, about one per cent dearer for a twentieth of the time.
    case quick
  }

  /// The options of a preset.
  ///
  /// - Parameter elapsedSeconds: a monotonic clock; only measures.
  public init(_ preset: Preset, elapsedSeconds: @escaping @Sendable () -> Double = { 0 }) {
    self.init()
    self.elapsedSeconds = elapsedSeconds
    switch preset {
    case .thorough: break
    case .quick:
      effort = .first
      firstColumnRounds = 1
      temperaturePoints = 100
    }
  }
}
