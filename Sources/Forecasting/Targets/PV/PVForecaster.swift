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

  init(trees: PVTrees?, lessons: PVLessons) {
    self.trees = trees
    ensemble = lessons.ensemble
    errors = lessons.errors
  }

  /// Trains on everything before an instant.
  ///
  /// - Returns: the forecaster and what became of the training.
  /// - Throws: `LearningError` of the boosting library.
  public static func train(
    _ history: PVHistory, until end: Date, plan: TrainingPlan = TrainingPlan(),
    boosting: PVBoosting = PVBoosting(), progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> (forecaster: PVForecaster, report: ForecasterReport) {
    let split = TrainingSplit(history.hours, last: history.issueHour(at: end), plan: plan)
    var rows = PVRows(history)
    for day in split.learnedDays { rows.add(day: day, schedule: plan.schedule) }
    progress(1, 4)
    let before = try PVTrees(rows, targetsBefore: split.held, settings: boosting)
    progress(2, 4)
    var lessons = PVLessons()
    var validation = ForecastValidation()
    for issueHour in split.triedIssues {
      try lessons.tried(rows, before, at: issueHour, until: split.last).map { validation.add($0) }
    }
    lessons.ensemble.learn(history, before: split.last)
    progress(3, 4)
    for day in split.triedDays { rows.add(day: day, schedule: plan.schedule) }
    let trees = try PVTrees(rows, targetsBefore: split.last, settings: boosting)
    progress(4, 4)
    var hash = StableHash()
    hash.combine(Array(history.production.values.prefix(split.last)))
    hash.combine(Array(history.physics.prefix(split.last)))
    let report = try ForecasterReport(
      split, validation,
      rowCount: rows.examples(targetsBefore: split.last, isResidual: true)?.count ?? 0,
      trees: trees?.direct, dataHash: hash)
    return (PVForecaster(trees: trees, lessons: lessons), report)
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
      return prediction.outcome(actual)
    }
  }
}
