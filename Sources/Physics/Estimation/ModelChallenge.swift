// SPDX-License-Identifier: MIT
public import TimeSeries

/// Whether models that were identified anew may replace the ones in use.
public struct ModelChallenge: Sendable, Hashable {
  /// 24-h error of the models in use on the judged days.
  public let champion: Kelvins
  /// 24-h error of the new ones on the same targets.
  public let challenger: Kelvins
  /// Share of resampled weeks in which the new ones are better.
  public let confidence: Fraction

  /// A gain below is not worth a change.
  private static let smallestGain = 0.01
  /// Resampled weeks that must agree.
  private static let enoughConfidence = 0.95

  /// Whether to change: at least 1 % better, and in 95 % of resampled weeks.
  public var isWon: Bool {
    challenger.rawValue <= champion.rawValue * (1 - Self.smallestGain)
      && confidence.rawValue >= Self.enoughConfidence
  }

  /// Judges two evaluations of the same steps by their common targets, days resampled.
  ///
  /// - Parameter stepsPerDay: of the record they come from.
  /// - Returns: `nil` when they have no target in common.
  public init?(
    champion: RoomEvaluation, challenger: RoomEvaluation, stepsPerDay: Int, seed: UInt64 = 1
  ) {
    struct Key: Hashable { let origin, target, room: Int }
    func errors(_ evaluation: RoomEvaluation) -> [Key: Double] {
      Dictionary(
        uniqueKeysWithValues: evaluation.points.map {
          (
            Key(origin: $0.origin, target: $0.target, room: $0.room),
            abs($0.p50.rawValue - $0.reading.rawValue)
          )
        })
    }
    let (old, new) = (errors(champion), errors(challenger))
    var days: [Int: (old: Double, new: Double, count: Double)] = [:]
    for (key, error) in old {
      guard let other = new[key] else { continue }
      let day = days[key.origin / stepsPerDay] ?? (0, 0, 0)
      days[key.origin / stepsPerDay] = (day.old + error, day.new + other, day.count + 1)
    }
    let list = days.sorted { $0.key < $1.key }.map(\.value)
    let count = list.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    var random = SplitMix64(seed: seed)
    let wins = (0..<1_000).count { _ in
      let sum = list.indices.reduce(0.0) { sum, _ in
        let day = list[Int.random(in: list.indices, using: &random)]
        return sum + day.new - day.old
      }
      return sum < 0
    }
    self.champion = Kelvins(list.reduce(0) { $0 + $1.old } / count)
    self.challenger = Kelvins(list.reduce(0) { $0 + $1.new } / count)
    confidence = Fraction(Double(wins) / 1_000)
  }
}
