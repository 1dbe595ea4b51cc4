// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

/// A trained forecaster of a plant: trees, what the plant taught about their use, and whole days of
/// error for scenarios.
public struct PVForecaster: Sendable {
  /// The trees; `nil` for a young plant, which is forecast from physics × bias.
  public let trees: PVTrees?
  let ensemble: PVEnsemble
  let errors: PVErrorDays

  /// How far before its issue a forecast looks, seconds: the days a plant was seen count, and beyond a
  /// year hardly. Only training looks further.
  public static let lookBack: TimeInterval = 400 * 86_400

  /// A forecaster of a plant of which nothing is known.
  public init() {
    trees = nil
    ensemble = PVEnsemble()
    errors = PVErrorDays()
  }

  init(trees: PVTrees?, ensemble: PVEnsemble, errors: PVErrorDays) {
    self.trees = trees
    self.ensemble = ensemble
    self.errors = errors
  }

  /// Trains on everything before an instant.
  ///
  /// - Returns: the forecaster and what became of the training.
  /// - Throws: `LearningError` of the boosting library.
  public static func train(
    _ history: PVHistory, until end: Date, plan: TrainingPlan = TrainingPlan(),
    boosting: PVBoosting = PVBoosting(), progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> (forecaster: PVForecaster, report: ForecasterReport) {
    let hours = history.hours
    let last = history.issueHour(at: end)
    let firstDay = hours.day.first ?? 0
    let lastDay = last > 0 ? hours.day[last - 1] : firstDay
    let firstValidated = max(firstDay + 2, lastDay - plan.validationDays)
    var rows = PVRows(history)
    for day in firstDay..<max(firstDay, firstValidated - 1) {
      rows.add(day: day, schedule: plan.schedule)
    }
    progress(1, 4)
    let held = hours.hours(ofDay: firstValidated).lowerBound
    let before = try PVTrees(rows, targetsBefore: held, settings: boosting)
    progress(2, 4)
    var (ensemble, errors) = (PVEnsemble(), PVErrorDays())
    var (issued, reference): ([ForecastOutcome], [ForecastOutcome]) = ([], [])
    var validation = ForecastTrial()
    // A house of a few hours has no day to issue on.
    let firstIssued = max(firstDay, firstValidated - 1)
    for day in firstIssued..<max(firstIssued, lastDay + 1) {
      rows.add(day: day, schedule: plan.schedule)
      for issueHour in IssueSchedule.localNoon.issues(onDay: day, hours: hours)
      where issueHour < last {
        ensemble.learn(history, before: issueHour)
        let issue = rows.issue(at: issueHour, schedule: .localNoon)
        let predictions = ensemble.issue(
          issue, trees: try before?.predictions(issue, history) ?? [], history: history)
        let came = history.outcomes(of: predictions, targets: issue.targets, before: last)
        let simple = history.outcomes(
          of: ensemble.physical(history, issue), targets: issue.targets, before: last)
        issued += came
        reference += simple
        validation.add(came, reference: simple)
        if (issue.targets.last ?? last) < last {
          errors.observe(issue.targets, predictions, history)
        }
      }
    }
    ensemble.learn(history, before: last)
    progress(3, 4)
    let trees = try PVTrees(rows, targetsBefore: last, settings: boosting)
    progress(4, 4)
    var hash = StableHash()
    hash.combine(Array(history.production.values.prefix(last)))
    hash.combine(Array(history.physics.prefix(last)))
    let report = ForecasterReport(
      rowCount: rows.examples(targetsBefore: last, isResidual: true)?.count ?? 0,
      features: trees?.residual.models[0].featureNames ?? [],
      trainedOn: hours.grid.start...max(hours.grid.start, hours.grid.date(at: last)),
      dataHash: hash.text, scores: ForecastScores(issued),
      referenceScores: ForecastScores(reference),
      importance: try trees?.direct.models[3].importance() ?? [],
      validation: validation, historyDays: lastDay - firstDay + 1)
    return (PVForecaster(trees: trees, ensemble: ensemble, errors: errors), report)
  }

  /// Production of each step of a grid.
  ///
  /// - Parameters:
  ///   - history: measured hours before the issue and expected ones for the grid.
  ///   - issuedAt: no measurement after it enters, even where `history` has it.
  ///   - shape: expected production on the grid itself, which says how the power runs inside an hour.
  /// - Throws: `missingFeatures` when the trees were trained on sources that `history` lacks.
  public func forecast(
    _ history: PVHistory, issuedAt: Date, grid: TimeGrid, shape: Series<Watts>? = nil
  ) throws(LearningError) -> QuantileForecast<Watts> {
    let span = HourSpan(grid: grid, hours: history.hours)
    let predictions = try hourly(history, issuedAt: issuedAt, span.hours)
    return span.forecast(
      predictions, issuedAt: issuedAt,
      shape: shape.flatMap { $0.grid == grid ? $0.values.map { $0?.rawValue ?? 0 } : nil })
  }

  /// Whole courses of production that go together, equally likely: hourly quantiles do not add up.
  ///
  /// - Parameter count: how many at most; as many as error days are remembered.
  public func scenarios(
    _ history: PVHistory, issuedAt: Date, grid: TimeGrid, count: Int
  ) throws(LearningError) -> [Series<Watts>] {
    let span = HourSpan(grid: grid, hours: history.hours)
    let predictions = try hourly(history, issuedAt: issuedAt, span.hours)
    return errors.courses(around: predictions, hours: span.hours, history: history, count: count)
      .map { course in
        let certain = course.map {
          QuantileTrees.Prediction(p10: $0, p50: $0, p90: $0, mean: $0)
        }
        return span.forecast(certain, issuedAt: issuedAt, shape: nil).expected
      }
  }

  func hourly(
    _ history: PVHistory, issuedAt: Date, _ targets: [Int]
  ) throws(LearningError) -> [QuantileTrees.Prediction] {
    let issueHour = history.issueHour(at: issuedAt)
    let issue = PVIssue(
      history, sums: PVSums(history), features: PVFeatures.available(for: history),
      issueHour: issueHour, targets: targets)
    var ensemble = ensemble
    let predictions = ensemble.issue(
      issue, trees: try trees?.predictions(issue, history) ?? [], history: history)
    return IntradayCorrection.apply(
      to: predictions, targets: targets, history: history, issueHour: issueHour)
  }

  // MARK: - Files

  /// The forecaster as files for the registry.
  public func files() throws(LearningError) -> [String: Data] {
    var files = try trees?.residual.files(named: "residual") ?? [:]
    files.merge(try trees?.direct.files(named: "direct") ?? [:]) { first, _ in first }
    try files.add(ensemble, named: "ensemble")
    try files.add(errors, named: "error-days")
    return files
  }

  /// Reads a forecaster from its files.
  ///
  /// - Throws: `damagedModel`.
  public init(files: [String: Data]) throws(LearningError) {
    ensemble = try files.part(named: "ensemble")
    errors = try files.part(named: "error-days")
    trees = try QuantileTrees.pair(files: files, named: "residual", "direct").map {
      PVTrees(residual: $0.0, direct: $0.1)
    }
  }
}

extension PVHistory {
  /// Predictions beside what came freely, where it came before an hour of the grid.
  func outcomes(
    of predictions: [QuantileTrees.Prediction], targets: [Int], before limit: Int
  ) -> [ForecastOutcome] {
    zip(targets, predictions).compactMap { index, prediction in
      guard index < limit, sun.isDay[index], let actual = freeActual(index) else { return nil }
      return ForecastOutcome(
        actual: actual, p10: prediction.p10, p50: prediction.p50, p90: prediction.p90,
        mean: prediction.mean)
    }
  }
}
