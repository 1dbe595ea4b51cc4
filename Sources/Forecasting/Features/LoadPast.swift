// SPDX-License-Identifier: MIT
import Foundation
import Learning

/// What a home's load did before an issue: everything the features of all its targets share.
struct LoadPast: Sendable {
  /// The past at one hour of the wall.
  struct Hour: Sendable {
    /// Mean of the last 7 known days.
    var mean7: Double?
    /// Mean of the last 28 known days.
    var mean28: Double?
    /// Median of the last 28 known days.
    var median28: Double?
    /// The tenth of the last 28 known days.
    var low28: Double?
    /// The ninetieth percentile of the last 28 known days.
    var high28: Double?
    /// The same for days off (1) and working days (0).
    var classes: [OfClass] = []
  }

  /// The past at one hour of the wall on one class of days.
  struct OfClass: Sendable {
    /// Mean of the last 8 days of the class.
    var mean8: Double?
    /// Median of the last 8 weeks of the class.
    var median: Double?
    /// Mean with weights that halve every 8 working days or 4 days off.
    var fading: Double?
    /// Climatology: quantiles and mean of the hour and its neighbours, newer days counting more.
    var climatology: QuantileTrees.Prediction?
  }

  /// The past itself.
  let known: KnownPast
  /// By hour of the wall, 24 of them.
  let hours: [Hour]
  /// Mean of the last 24 hours.
  let last24: Double?
  /// Half the last 24 hours, half the last 7 days; at least `smallestLevel`.
  let level: Double
  /// Mean of the last 28 days.
  let level28: Double?
  /// How many days back something was measured.
  let historyDays: Int

  /// Watts; a home that draws less is taken to draw this when ratios are formed.
  static let smallestLevel = 20.0
  /// Same-class days behind the climatology: eight weeks of working days or days off.
  static let climatologyDays = (working: 40, off: 16)
  /// The weight of a day in the climatology halves in this many days.
  static let climatologyHalfLifeDays = 28.0
  /// The weight of the hours before and after in the climatology.
  static let neighbourWeight = 0.35
  /// The fewest same-class days for a climatology.
  static let fewestClassDays = 3

  init(_ known: KnownPast) {
    self.known = known
    let recent = (0..<24).map { known.recent(hour: $0, days: 60) }
    hours = (0..<24).map { Self.hour($0, recent, known) }
    let day = known.last(hours: 24)
    last24 = day.count >= 12 ? day.mean : nil
    let weekMean = hours.compactMap(\.mean7).mean
    let levels = [last24 ?? weekMean, weekMean].compactMap { $0 }
    level = max(Self.smallestLevel, levels.mean ?? 0)
    level28 = hours.compactMap(\.mean28).mean
    historyDays = recent.map { known.issueDay - ($0.last?.day ?? known.issueDay) }.max() ?? 0
  }

  private typealias Seen = [(day: Int, value: Double)]

  private static func hour(_ hour: Int, _ recent: [Seen], _ known: KnownPast) -> Hour {
    let all = recent[hour]
    let month = all.prefix(28).map(\.value)
    let sorted = month.sorted()
    let isRich = sorted.count >= 7
    return Hour(
      mean7: all.count >= 3 ? all.prefix(7).map(\.value).mean : nil,
      mean28: isRich ? month.mean : nil,
      median28: isRich ? EmpiricalQuantile.of(sorted: sorted, 0.5) : nil,
      low28: isRich ? EmpiricalQuantile.of(sorted: sorted, 0.1) : nil,
      high28: isRich ? EmpiricalQuantile.of(sorted: sorted, 0.9) : nil,
      classes: [false, true].map { ofClass(isOff: $0, hour, recent, known) })
  }

  private static func ofClass(
    isOff: Bool, _ hour: Int, _ recent: [Seen], _ known: KnownPast
  ) -> OfClass {
    func sameClass(_ seen: Seen) -> Seen { seen.filter { known.day($0.day).isOff == isOff } }
    let own = sameClass(recent[hour])
    guard own.count >= fewestClassDays else { return OfClass() }
    let count = isOff ? climatologyDays.off : climatologyDays.working
    let halfLife = isOff ? 4.0 : 8.0
    var (weighted, weights) = (0.0, 0.0)
    for (age, seen) in own.enumerated() {
      let weight = exp2(-Double(age) / halfLife)
      weighted += weight * seen.value
      weights += weight
    }
    var sample: [(value: Double, weight: Double)] = []
    for (offset, share) in [(0, 1.0), (23, neighbourWeight), (1, neighbourWeight)] {
      for seen in sameClass(recent[(hour + offset) % 24]).prefix(count) {
        let age = Double(known.issueDay - seen.day)
        sample.append((seen.value, share * exp2(-age / climatologyHalfLifeDays)))
      }
    }
    let quantiles = EmpiricalQuantile.weighted(sample, [0.1, 0.5, 0.9])
    let total = sample.reduce(0) { $0 + $1.weight }
    let mean = sample.reduce(0) { $0 + $1.weight * $1.value } / total
    return OfClass(
      mean8: own.prefix(8).map(\.value).mean,
      median: EmpiricalQuantile.of(own.prefix(count).map(\.value), 0.5),
      fading: weighted / weights,
      climatology: QuantileTrees.Prediction(
        p10: quantiles[0], p50: quantiles[1], p90: quantiles[2], mean: mean))
  }
}
