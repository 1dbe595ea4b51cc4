// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// What became of a training: for the registry and for a person.
public struct ForecasterReport: Sendable {
  /// Rows the trees were grown on; 0 while there were too few for trees.
  public let rowCount: Int
  /// The features of the trees.
  public let features: [String]
  /// The first and last instant of what was learned from.
  public let trainedOn: ClosedRange<Date>
  /// A hash of what was learned from.
  public let dataHash: String
  /// Scores of the last weeks, forecast by trees that had not seen them.
  public let scores: ForecastScores?
  /// The same weeks' scores of the forecast that needs no trees.
  public let referenceScores: ForecastScores?
  /// How much each feature matters for the mean, largest first.
  public let importance: [FeatureImportance]
  /// The same weeks day by day.
  public let validation: ForecastTrial
  /// Days of history behind the training.
  public let historyDays: Int

  /// Whether the forecast that needs no trees was better over the validated weeks.
  var isWorseThanSimple: Bool {
    guard let own = scores?.pinball, let simple = referenceScores?.pinball else { return false }
    return own > simple
  }

  /// The numbers that the registry keeps.
  public var metrics: [String: Double] {
    var metrics: [String: Double] = [:]
    if let scores {
      metrics["pinball"] = scores.pinball
      metrics["coverage"] = scores.coverage
      metrics["rmse"] = scores.rootMeanSquareError
      metrics["mae"] = scores.meanAbsoluteError
    }
    if let referenceScores { metrics["reference_pinball"] = referenceScores.pinball }
    return metrics
  }
}

extension ForecasterReport {
  /// Of trees of hours; none while there were too few rows for them.
  init(
    _ split: TrainingSplit, _ validation: ForecastValidation, rowCount: Int, trees: QuantileTrees?,
    dataHash: StableHash
  ) throws(LearningError) {
    let grid = split.hours.grid
    self.init(
      rowCount: rowCount, features: trees?.featureNames ?? [],
      trainedOn: grid.start...max(grid.start, grid.date(at: split.last)), dataHash: dataHash.text,
      scores: validation.scores, referenceScores: validation.referenceScores,
      importance: try trees?.importance() ?? [], validation: validation.trial,
      historyDays: split.lastDay - split.firstDay + 1)
  }
}

/// How a forecaster is trained.
public struct TrainingPlan: Sendable {
  /// The issues whose targets are learned from.
  public var schedule = IssueSchedule.aroundTheClock
  /// Days at the end that are forecast by trees that have not seen them, which teaches mix and
  /// calibration and gives the scores.
  public var validationDays = 60

  /// The defaults.
  public init() {}
}
