// SPDX-License-Identifier: MIT
import Foundation
public import Learning

/// What a frozen model would have forecast on days that it has not seen, day by day.
public struct ForecastTrial: Sendable, Hashable {
  /// One day of targets.
  public struct Day: Sendable, Hashable {
    /// The mean pinball loss of the model.
    public let loss: Double
    /// The same of what needs no trees.
    public let referenceLoss: Double
    /// The share of the hours inside P10…P90.
    public let coverage: Double
  }

  /// The days with measurements, oldest first.
  public private(set) var days: [Day] = []

  mutating func add(_ outcomes: [ForecastOutcome], reference: [ForecastOutcome]) {
    guard let scores = ForecastScores(outcomes), let other = ForecastScores(reference) else {
      return
    }
    days.append(
      Day(loss: scores.pinball, referenceLoss: other.pinball, coverage: scores.coverage))
  }

  mutating func add(_ tried: TriedForecast) { add(tried.came, reference: tried.simple) }

  /// What the forecast that needs no trees did on the same days: the champion where no model serves.
  public var ofReference: ForecastTrial {
    var trial = ForecastTrial()
    trial.days = days.map {
      Day(loss: $0.referenceLoss, referenceLoss: $0.referenceLoss, coverage: Self.rightCoverage)
    }
    return trial
  }

  private static let rightCoverage = 0.8

  /// Whether the model in use has become worse than what needs no trees.
  public func isDegraded(by rule: DegradationRule = DegradationRule()) -> Bool {
    rule.isDegraded(days.map(\.loss), reference: days.map(\.referenceLoss))
  }

  /// Whether a challenger takes the place of the model in use, by the last of the rule's check days
  /// that both have reached.
  public static func decision(
    challenger: ForecastTrial, champion: ForecastTrial, by rule: PromotionRule = PromotionRule()
  ) -> PromotionRule.Decision {
    let common = min(challenger.days.count, champion.days.count)
    let count = rule.checkDays.filter { $0 <= common }.max() ?? common
    let (new, old) = (challenger.days.suffix(common), champion.days.suffix(common))
    func coverage(_ days: ArraySlice<Day>) -> Double {
      days.prefix(count).map(\.coverage).mean ?? rightCoverage
    }
    return rule.decide(
      challenger: new.prefix(count).map(\.loss), champion: old.prefix(count).map(\.loss),
      challengerCoverage: coverage(new), championCoverage: coverage(old))
  }
}

/// A forecast of hours that have passed, beside what came.
struct TriedForecast {
  /// The forecast that is tried.
  let came: [ForecastOutcome]
  /// The one that needs no trees.
  let simple: [ForecastOutcome]
}

/// Forecasts of the days on which a training is judged.
struct ForecastValidation {
  private var tried = TriedForecast(came: [], simple: [])
  /// Day by day.
  private(set) var trial = ForecastTrial()

  mutating func add(_ next: TriedForecast) {
    tried = TriedForecast(came: tried.came + next.came, simple: tried.simple + next.simple)
    trial.add(next)
  }

  /// What the forecasts were worth together.
  var scores: ForecastScores? { ForecastScores(tried.came) }

  /// What those that need no trees were worth.
  var referenceScores: ForecastScores? { ForecastScores(tried.simple) }
}
