// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

/// A trained forecaster of day-ahead prices that are not published yet: trees on what the usual course
/// leaves over, and what the market taught about their use.
public struct PriceForecaster: Sendable {
  /// The trees; `nil` while there are too few days.
  public let trees: QuantileTrees?
  let ensemble: PriceEnsemble

  /// Two months of days.
  static let fewestRows = 1_000

  /// Days of forecasts that teach the calibration before the first scored one: as many as it remembers in
  /// a home whose model has served for a while.
  static let calibrationDays = 45

  /// How far before its issue a forecast looks, seconds: four weeks before the newest published day,
  /// which may be as old again. Only training looks further.
  public static let lookBack: TimeInterval = 60 * 86_400

  /// A forecaster of a market of which nothing is known: the usual course.
  public init() { self.init(trees: nil, ensemble: PriceEnsemble()) }

  init(trees: QuantileTrees?, ensemble: PriceEnsemble) {
    self.trees = trees
    self.ensemble = ensemble
  }

  /// How trees of prices are grown by default.
  public static var defaultSettings: BoostingSettings {
    var settings = BoostingSettings()
    settings.minimumRowsPerLeaf = 100
    return settings
  }

  /// Trains on everything before an instant.
  ///
  /// - Returns: the forecaster and what became of the training.
  /// - Throws: `LearningError` of the boosting library.
  public static func train(
    _ history: PriceHistory, until end: Date, plan: TrainingPlan = TrainingPlan(),
    boosting: BoostingSettings = defaultSettings,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> (forecaster: PriceForecaster, report: ForecasterReport) {
    let hours = history.hours
    let split = TrainingSplit(hours, last: history.issueHour(at: end), plan: plan)
    let issues = (split.firstDay...max(split.firstDay, split.lastDay)).compactMap { newest in
      PriceIssue(history, newest: newest, targets: PriceIssue.targets(after: newest, history))
    }
    progress(1, 4)
    let firstHeld = max(split.firstDay, split.firstValidated - Self.calibrationDays)
    let held = hours.hours(ofDay: firstHeld).lowerBound
    let before = try grown(issues, history, before: held, boosting)
    progress(2, 4)
    var ensemble = PriceEnsemble()
    var validation = ForecastValidation()
    for issue in issues where issue.limit >= held {
      let tried = try ensemble.tried(issue, before, history, until: split.last)
      if issue.limit >= split.held { validation.add(tried) }
    }
    ensemble.learn(history, before: split.last)
    progress(3, 4)
    let trees = try grown(issues, history, before: split.last, boosting)
    progress(4, 4)
    var hash = StableHash()
    hash.combine(Array(history.table.values.prefix(split.last)))
    let report = try ForecasterReport(
      split, validation, rowCount: examples(issues, history, before: split.last).count,
      trees: trees, dataHash: hash)
    return (PriceForecaster(trees: trees, ensemble: ensemble), report)
  }

  private static func examples(
    _ issues: [PriceIssue], _ history: PriceHistory, before limit: Int
  ) -> TrainingExamples {
    var rows = TrainingExamples(
      features: FeatureMatrix(names: PriceFeatures.declarations.names), targets: [])
    for issue in issues { issue.examples(history, before: limit, into: &rows) }
    return rows
  }

  private static func grown(
    _ issues: [PriceIssue], _ history: PriceHistory, before limit: Int, _ boosting: BoostingSettings
  ) throws(LearningError) -> QuantileTrees? {
    let rows = examples(issues, history, before: limit)
    guard rows.count >= fewestRows else { return nil }
    return try QuantileTrees(training: rows, settings: boosting)
  }

  /// The price of each step of a grid: what is published is certain.
  ///
  /// - Parameters:
  ///   - history: prices up to the newest that is published; its hours cover the grid.
  ///   - issuedAt: when this was known.
  /// - Returns: `nil` while fewer than seven days are known.
  public func forecast(
    _ history: PriceHistory, issuedAt: Date, grid: TimeGrid
  ) throws(LearningError) -> QuantileForecast<PricePerKilowattHour>? {
    let span = HourSpan(grid: grid, hours: history.hours)
    guard let newest = history.newestDay(before: history.hours.grid.count) else { return nil }
    let limit = history.hours.hours(ofDay: newest).upperBound
    let targets = span.hours.filter { $0 >= limit }
    var ahead: [Int: QuantileTrees.Prediction] = [:]
    if !targets.isEmpty {
      guard let issue = PriceIssue(history, newest: newest, targets: targets) else { return nil }
      var ensemble = ensemble
      let predictions = ensemble.issue(
        issue, trees: try trees?.prices(issue), history: history)
      ahead = Dictionary(uniqueKeysWithValues: zip(issue.targets, predictions))
    }
    let all = span.hours.map { index -> QuantileTrees.Prediction? in
      history.actual(index).map {
        QuantileTrees.Prediction(p10: $0, p50: $0, p90: $0, mean: $0)
      } ?? ahead[index]
    }
    let known = all.compactMap { $0 }
    // A published day with a hole is answered by the ladder below.
    guard known.count == all.count else { return nil }
    return span.prices(known, issuedAt: issuedAt)
  }

  /// The same trees after the days that have passed since, each scored as it would have been forecast
  /// when the day two before it was the newest.
  ///
  /// - Parameter end: nothing later is looked at.
  public func advanced(
    _ history: PriceHistory, until end: Date
  ) throws(LearningError) -> (forecaster: PriceForecaster, trial: ForecastTrial) {
    let last = history.issueHour(at: end)
    var ensemble = ensemble
    var trial = ForecastTrial()
    let start = ensemble.lastIssue ?? .distantPast
    for newest in Set(history.hours.day.prefix(last)).sorted() {
      let limit = history.hours.hours(ofDay: newest).upperBound
      guard limit <= last, history.hours.grid.date(at: limit) > start,
        let issue = PriceIssue(
          history, newest: newest, targets: PriceIssue.targets(after: newest, history))
      else { continue }
      trial.add(try ensemble.tried(issue, trees, history, until: last))
    }
    ensemble.learn(history, before: last)
    return (PriceForecaster(trees: trees, ensemble: ensemble), trial)
  }

  // MARK: - Files

  /// The forecaster as files for the registry.
  public func files() throws(LearningError) -> [String: Data] {
    var files = try trees?.files(named: "residual") ?? [:]
    try files.add(ensemble, named: "ensemble")
    return files
  }

  /// Reads a forecaster from its files.
  ///
  /// - Throws: `damagedModel`.
  public init(files: [String: Data]) throws(LearningError) {
    ensemble = try files.part(named: "ensemble")
    trees = try QuantileTrees(files: files, named: "residual")
  }
}

extension PriceEnsemble {
  /// Issues a forecast of days that have passed: what came, beside the forecast and beside the usual
  /// course.
  mutating func tried(
    _ issue: PriceIssue, _ trees: QuantileTrees?, _ history: PriceHistory, until last: Int
  ) throws(LearningError) -> TriedForecast {
    learn(history, before: issue.limit)
    let predictions = self.issue(issue, trees: try trees?.prices(issue), history: history)
    func outcomes(_ predictions: [QuantileTrees.Prediction]) -> [ForecastOutcome] {
      zip(issue.targets, predictions).compactMap { index, prediction in
        guard index < last, let actual = history.actual(index) else { return nil }
        return prediction.outcome(actual)
      }
    }
    return TriedForecast(came: outcomes(predictions), simple: outcomes(issue.course))
  }
}

extension QuantileTrees {
  /// What the trees say of each target, as a price.
  func prices(_ issue: PriceIssue) throws(LearningError) -> [Prediction] {
    try zip(predictions(for: issue.features), issue.course).map { residual, course in
      residual.map { course.p50 + $0 * issue.level.spread }
    }
  }
}
