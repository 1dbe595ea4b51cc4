// SPDX-License-Identifier: MIT
import Learning
import TimeSeries

/// The forecast that needs no training: climatology of the class of day, pulled towards yesterday and
/// the generic profile while the home is young.
enum LoadColdStart {
  /// After this many days of one class the home's own climatology counts as much as the stand-ins.
  private static let priorDays = 1.5

  static func prediction(_ context: LoadContext) -> QuantileTrees.Prediction {
    let stand = standIn(context)
    guard let own = context.ofClass.climatology else { return stand }
    let seen = Double(
      context.past.known.recent(hour: context.hour, days: LoadPast.climatologyDays.working)
        .count { context.past.known.day($0.day).isOff == context.today.isOff })
    guard seen < 10 else { return own }
    let weight = seen / (seen + priorDays)
    func blend(_ own: Double, _ stand: Double) -> Double { weight * own + (1 - weight) * stand }
    return QuantileTrees.Prediction(
      p10: blend(own.p10, stand.p10), p50: blend(own.p50, stand.p50),
      p90: blend(own.p90, stand.p90), mean: blend(own.mean, stand.mean))
  }

  /// What stands in for a climatology: the mean of the days seen, whatever their class, and the
  /// generic profile at the home's level.
  private static func standIn(_ context: LoadContext) -> QuantileTrees.Prediction {
    let shares =
      context.today.isOff
      ? GenericLoadProfile.dayOffShares : GenericLoadProfile.workingDayShares
    let generic = shares[context.hour] * context.past.level
    let seen = context.past.known.recent(hour: context.hour, days: 7).map(\.value)
    // One generic day beside the days seen.
    let mean = (generic + seen.reduce(0, +)) / Double(1 + seen.count)
    let spread = GenericLoadProfile.spread
    return QuantileTrees.Prediction(
      p10: spread.p10 * mean, p50: 0.9 * mean, p90: spread.p90 * mean, mean: mean)
  }
}
