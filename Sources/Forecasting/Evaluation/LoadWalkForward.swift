// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
import TimeSeries

/// Forecasts of base load as they would have been issued day by day, never with anything later.
public struct LoadWalkForward: Sendable {
  /// How it walks.
  public typealias Settings = WalkForwardSettings<BoostingSettings>

  let history: LoadHistory
  let settings: Settings

  /// Over a history.
  public init(_ history: LoadHistory, settings: Settings = Settings()) {
    self.history = history
    self.settings = settings
  }

  /// The forecasts of all targets from `start` on.
  ///
  /// - Parameter progress: told the days done and the days in all.
  /// - Throws: `LearningError` of the boosting library.
  public func forecasts(
    from start: Date, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(LearningError) -> [IssuedForecast] {
    let walk = DayWalk(hours: history.hours, settings: settings)
    var rows = LoadRows(history)
    var ensemble = LoadEnsemble()
    var trees: GrownLoadTrees?
    return try walk.forecasts(
      from: start, progress: progress,
      learn: { rows.add(day: $0, schedule: settings.schedule) },
      train: { limit throws(LearningError) in
        let kinds: [LoadTreeKind] = settings.separatesClasses ? [.separate, .joint] : [.joint]
        for kind in kinds {
          // While a class has too few rows for trees of its own all days share theirs.
          guard
            let grown = try GrownLoadTrees(
              rows, targetsBefore: limit, settings: settings.boosting, kind: kind)
          else { continue }
          trees = grown
          return
        }
      },
      issue: { issueHour throws(LearningError) in
        let targets = settings.schedule.targets(ofIssue: issueHour, hours: history.hours)
        guard !targets.isEmpty else { return [] }
        ensemble.learn(history, before: issueHour)
        let issue = LoadIssue(history, issueHour: issueHour, targets: targets)
        let grown = try trees?.predictions(issue, history) ?? []
        let experts = grown + [issue.climatology]
        return walk.issued(
          at: issueHour, targets, ensemble.issue(issue, experts: experts, history: history),
          actual: history.actual)
      })
  }
}

extension WalkForwardSettings<BoostingSettings> {
  /// The defaults for load.
  public init() { self.init(warmUpDays: 30, boosting: BoostingSettings()) }
}
