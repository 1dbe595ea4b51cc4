// SPDX-License-Identifier: MIT
import Learning

/// Features of one issue and its targets, with the past they came from.
struct LoadIssue: Sendable {
  /// The first hour that was not over.
  let issueHour: Int
  /// The hours of the grid that are forecast.
  let targets: [Int]
  let past: LoadPast
  let rich: FeatureMatrix
  let compact: FeatureMatrix
  /// The climatology of each target.
  let climatology: [QuantileTrees.Prediction]

  init(_ history: LoadHistory, issueHour: Int, targets: [Int]) {
    self.issueHour = issueHour
    self.targets = targets
    past = LoadPast(KnownPast(history.table, issueHour: issueHour))
    let pooled = past.historyDays < PooledLoad.usedDays ? PooledLoad(past) : nil
    let features = history.hasWeather ? LoadFeatures.all : LoadFeatures.withoutWeather
    var rich = FeatureMatrix(names: features.map(\.declaration.name))
    var compact = FeatureMatrix(names: LoadFeatures.compact.map(\.declaration.name))
    var climatology: [QuantileTrees.Prediction] = []
    for index in targets {
      let context = LoadContext(
        past: past, day: history.hours.day[index], hour: history.hours.hour[index],
        lead: index - issueHour, weather: history.weather(at: index))
      rich.append(features.map { $0.value(context) })
      compact.append(LoadFeatures.compact.map { $0.value(context) })
      climatology.append(LoadColdStart.prediction(context, pooled: pooled))
    }
    self.rich = rich
    self.compact = compact
    self.climatology = climatology
  }
}

/// The rows of many issues: computed once, used by every model that is trained later.
struct LoadRows: Sendable {
  private let history: LoadHistory
  private var issues: [LoadIssue] = []

  /// Days of history before an issue teaches anything.
  static let fewestHistoryDays = 7

  init(_ history: LoadHistory) { self.history = history }

  /// Adds the issues of a schedule on a local day.
  mutating func add(day: Int, schedule: IssueSchedule) {
    for issueHour in schedule.issues(onDay: day, hours: history.hours) {
      let targets = schedule.targets(ofIssue: issueHour, hours: history.hours)
      if !targets.isEmpty {
        issues.append(LoadIssue(history, issueHour: issueHour, targets: targets))
      }
    }
  }

  /// What can be learned from targets before an hour: relative to the level, and counted by it.
  func examples(
    targetsBefore limit: Int, where isWanted: (LoadContextKind) -> Bool = { _ in true }
  ) -> (rich: TrainingExamples, compact: TrainingExamples)? {
    // An issue behind the limit has no target before it, and its level must not weigh the others.
    let usable = issues.filter {
      $0.issueHour < limit && $0.past.historyDays >= Self.fewestHistoryDays && $0.past.last24 != nil
    }
    guard let first = usable.first,
      let meanLevel = usable.map(\.past.level).mean
    else { return nil }
    var rich = TrainingExamples(
      features: FeatureMatrix(names: first.rich.names), targets: [])
    var compact = TrainingExamples(
      features: FeatureMatrix(names: first.compact.names), targets: [])
    for issue in usable {
      let weight = min(3, max(0.2, issue.past.level / meanLevel))
      for (row, index) in issue.targets.enumerated() where index < limit {
        guard let actual = history.actual(index) else { continue }
        let isOff = history.hours.days[history.hours.day[index]].isOff
        guard isWanted(isOff ? .off : .working) else { continue }
        rich.append(row: row, of: issue.rich, target: actual / issue.past.level, weight: weight)
        compact.append(
          row: row, of: issue.compact, target: actual / issue.past.level, weight: weight)
      }
    }
    return rich.count > 0 ? (rich, compact) : nil
  }
}

/// The classes of days.
enum LoadContextKind: Sendable { case working, off }
