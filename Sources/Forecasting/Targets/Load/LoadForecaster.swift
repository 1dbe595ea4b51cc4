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
    let hours = history.hours
    let last = history.issueHour(at: end)
    let firstDay = hours.day.first ?? 0
    let lastDay = last > 0 ? hours.day[last - 1] : firstDay
    let firstValidated = max(firstDay + 2, lastDay - plan.validationDays)
    var rows = LoadRows(history)
    for day in firstDay..<max(firstDay, firstValidated - 1) {
      rows.add(day: day, schedule: plan.schedule)
    }
    progress(1, 4)
    let held = hours.hours(ofDay: firstValidated).lowerBound
    let before = try GrownLoadTrees(rows, targetsBefore: held, settings: boosting, kind: kind)
    progress(2, 4)
    var ensemble = LoadEnsemble()
    var (issued, reference): ([ForecastOutcome], [ForecastOutcome]) = ([], [])
    var validation = ForecastTrial()
    // A house of a few hours has no day to issue on.
    let firstIssued = max(firstDay, firstValidated - 1)
    for day in firstIssued..<max(firstIssued, lastDay + 1) {
      rows.add(day: day, schedule: plan.schedule)
      for issueHour in IssueSchedule.localNoon.issues(onDay: day, hours: hours)
      where issueHour < last {
        ensemble.learn(history, before: issueHour)
        let targets = IssueSchedule.localNoon.targets(ofIssue: issueHour, hours: hours)
        let issue = LoadIssue(history, issueHour: issueHour, targets: targets)
        let experts = try (before?.predictions(issue, history) ?? []) + [issue.climatology]
        let predictions = ensemble.issue(issue, experts: experts, history: history)
        let came = history.outcomes(of: predictions, targets: targets, before: last)
        let simple = history.outcomes(of: issue.climatology, targets: targets, before: last)
        issued += came
        reference += simple
        validation.add(came, reference: simple)
      }
    }
    ensemble.learn(history, before: last)
    progress(3, 4)
    let trees = try GrownLoadTrees(rows, targetsBefore: last, settings: boosting, kind: kind)
    progress(4, 4)
    var hash = StableHash()
    hash.combine(Array(history.table.values.prefix(last)))
    let report = ForecasterReport(
      rowCount: rows.examples(targetsBefore: last)?.rich.count ?? 0,
      features: trees?.main.rich.models[0].featureNames ?? [],
      trainedOn: hours.grid.start...max(hours.grid.start, hours.grid.date(at: last)),
      dataHash: hash.text, scores: ForecastScores(issued),
      referenceScores: ForecastScores(reference),
      importance: try trees?.main.rich.models[3].importance() ?? [],
      validation: validation, historyDays: lastDay - firstDay + 1)
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
      return ForecastOutcome(
        actual: actual, p10: prediction.p10, p50: prediction.p50, p90: prediction.p90,
        mean: prediction.mean)
    }
  }
}
