// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

/// A trained forecaster of a home's base load: trees, and what the home taught about their use.
public struct LoadForecaster: Sendable {
  /// The trees; `nil` in a young home, which is forecast from its days and the generic profile.
  public let trees: GrownLoadTrees?
  let ensemble: LoadEnsemble

  /// How far before its issue a forecast looks, seconds: the last sixty days that are known, gaps left
  /// out. Only training looks further.
  public static let lookBack: TimeInterval = 120 * 86_400

  /// A forecaster of a home of which nothing is known.
  public init() {
    trees = nil
    ensemble = LoadEnsemble()
  }

  /// Trains on everything before an instant.
  ///
  /// - Parameter kind: one set of trees for all days, or one for each class of days.
  /// - Returns: the forecaster and what became of the training.
  /// - Throws: `LearningError` of the boosting library.
  public static func train(
    _ history: LoadHistory, until end: Date, plan: TrainingPlan = TrainingPlan(),
    boosting: BoostingSettings = BoostingSettings(), kind: LoadTreeKind = .joint,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> (forecaster: LoadForecaster, report: ForecasterReport) {
    let split = TrainingSplit(history.hours, last: history.issueHour(at: end), plan: plan)
    var rows = LoadRows(history)
    for day in split.learnedDays { rows.add(day: day, schedule: plan.schedule) }
    progress(1, 4)
    let before = try GrownLoadTrees(
      rows, targetsBefore: split.held, settings: boosting, kind: kind)
    progress(2, 4)
    var ensemble = LoadEnsemble()
    var validation = ForecastValidation()
    for issueHour in split.triedIssues {
      try ensemble.tried(history, before, at: issueHour, until: split.last).map {
        validation.add($0)
      }
    }
    ensemble.learn(history, before: split.last)
    progress(3, 4)
    for day in split.triedDays { rows.add(day: day, schedule: plan.schedule) }
    let trees = try GrownLoadTrees(
      rows, targetsBefore: split.last, settings: boosting, kind: kind)
    progress(4, 4)
    var hash = StableHash()
    hash.combine(Array(history.table.values.prefix(split.last)))
    let report = try ForecasterReport(
      split, validation, rowCount: rows.examples(targetsBefore: split.last)?.rich.count ?? 0,
      trees: trees?.main.rich, dataHash: hash)
    return (LoadForecaster(trees: trees, ensemble: ensemble), report)
  }

  init(trees: GrownLoadTrees?, ensemble: LoadEnsemble) {
    self.trees = trees
    self.ensemble = ensemble
  }

  /// The base load of each step of a grid.
  ///
  /// - Parameters:
  ///   - history: measured hours before the issue; its hours cover the grid.
  ///   - issuedAt: nothing later enters, even where `history` has it.
  /// - Throws: `missingFeatures` when the trees were trained on weather that `history` lacks.
  public func forecast(
    _ history: LoadHistory, issuedAt: Date, grid: TimeGrid
  ) throws(LearningError) -> QuantileForecast<Watts> {
    let issueHour = history.issueHour(at: issuedAt)
    let span = HourSpan(grid: grid, hours: history.hours)
    let issue = LoadIssue(history, issueHour: issueHour, targets: span.hours)
    let experts = try (trees?.predictions(issue, history) ?? []) + [issue.climatology]
    var ensemble = ensemble
    let predictions = ensemble.issue(issue, experts: experts, history: history)
    return span.forecast(predictions, issuedAt: issuedAt, shape: nil)
  }

  // MARK: - Files

  /// The forecaster as files for the registry.
  public func files() throws(LearningError) -> [String: Data] {
    var files = try trees?.files() ?? [:]
    try files.add(ensemble, named: "ensemble")
    return files
  }

  /// Reads a forecaster from its files.
  ///
  /// - Throws: `damagedModel`.
  public init(files: [String: Data]) throws(LearningError) {
    ensemble = try files.part(named: "ensemble")
    trees = try GrownLoadTrees(files: files)
  }
}

extension LoadHistory {
  /// Predictions beside what came, where it came before an hour of the grid.
  func outcomes(
    of predictions: [QuantileTrees.Prediction], targets: [Int], before limit: Int
  ) -> [ForecastOutcome] {
    zip(targets, predictions).compactMap { index, prediction in
      guard index < limit, let actual = actual(index) else { return nil }
      return prediction.outcome(actual)
    }
  }
}
