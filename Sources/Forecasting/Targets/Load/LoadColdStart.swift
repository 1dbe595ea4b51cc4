// SPDX-License-Identifier: MIT
import Learning

/// The forecast that needs no training: what the home's own days say, beside the pool of other homes
/// while it is young.
enum LoadColdStart {
  /// After this many days the home's own climatology counts as much as the pool.
  private static let poolDays = 30.0
  /// After this many days of one class its climatology counts as much as the stand-ins.
  private static let priorDays = 1.5
  /// With so many days of its class a climatology stands alone.
  private static let enoughDays = 10.0

  /// - Parameter pooled: what other homes say of a young one.
  static func prediction(
    _ context: LoadContext, pooled: PooledLoad? = nil
  ) -> QuantileTrees.Prediction {
    let own = context.ofClass.climatology
    if let pooled {
      let others = pooled.prediction(hour: context.hour, isOff: context.today.isOff)
      guard let own else { return others }
      let days = Double(context.past.historyDays)
      let share = days / (days + poolDays)
      return .mix([own, others], [share, 1 - share])
    }
    let stand = standIn(context)
    guard let own else { return stand }
    let seen = Double(
      context.past.known.recent(hour: context.hour, days: LoadPast.climatologyDays.working)
        .count { context.past.known.day($0.day).isOff == context.today.isOff })
    guard seen < enoughDays else { return own }
    let share = seen / (seen + priorDays)
    return .mix([own, stand], [share, 1 - share])
  }

  /// What stands in for a climatology: the mean of the days seen, whatever their class, and the
  /// generic profile at the home's level.
  private static func standIn(_ context: LoadContext) -> QuantileTrees.Prediction {
    let shares = GenericLoadProfile.shares(isOff: context.today.isOff)
    let generic = shares[context.hour] * context.past.level
    let seen = context.past.known.recent(hour: context.hour, days: 7).map(\.value)
    // One generic day beside the days seen.
    let mean = (generic + seen.reduce(0, +)) / Double(1 + seen.count)
    let spread = GenericLoadProfile.spread
    return QuantileTrees.Prediction(
      p10: spread.p10 * mean, p50: 0.9 * mean, p90: spread.p90 * mean, mean: mean)
  }
}
