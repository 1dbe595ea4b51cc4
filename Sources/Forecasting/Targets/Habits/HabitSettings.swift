// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What habits said of something before it came, beside what all of the last times alike would say.
struct HabitOutcome: Sendable {
  let time: Date
  let outcome: ForecastOutcome
  let simple: ForecastOutcome

  /// Times that are looked back without any weighing.
  static let simpleCount = 30

  /// - Parameter last: what came the last times, newest last; at least one.
  init(at time: Date, actual: Double, quantiles: [Double], last: [Double]) {
    func outcome(_ values: [Double]) -> ForecastOutcome {
      ForecastOutcome(
        actual: actual, p10: values[0], p50: values[1], p90: values[2], mean: values[1])
    }
    let alike = last.suffix(Self.simpleCount).sorted()
    self.time = time
    self.outcome = outcome(quantiles)
    simple = outcome([0.1, 0.5, 0.9].map { EmpiricalQuantile.of(sorted: alike, $0) })
  }
}

extension [HabitOutcome] {
  /// The mean pinball loss; infinite for nothing, which no other settings lose against.
  var loss: Double {
    isEmpty ? .infinity : reduce(0) { $0 + $1.outcome.pinball } / Double(count)
  }

  /// Day by day.
  func trial(calendar: SiteCalendar) -> ForecastTrial {
    var trial = ForecastTrial()
    let byDay = Dictionary(grouping: self) { calendar.startOfDay(for: $0.time) }
    for (_, outcomes) in byDay.sorted(by: { $0.key < $1.key }) {
      trial.add(outcomes.map(\.outcome), reference: outcomes.map(\.simple))
    }
    return trial
  }
}

/// Settings of habits, chosen for each car or appliance by what it did.
struct HabitSettings<Settings: Sendable & Codable>: Sendable, Codable {
  /// By name.
  var byName: [String: Settings] = [:]
  /// Nothing before counts for a trial: it chose the settings.
  var trainedUntil = Date.distantPast

  private static var file: String { "habits.json" }

  /// Chooses for each name.
  ///
  /// The settings that are judged over the last days were chosen on what lay before them; those that
  /// are kept are chosen on everything.
  ///
  /// - Parameter outcomes: what habits with some settings would have said of a name, in order of time.
  static func train<History>(
    _ histories: [String: History], candidates: [Settings], until end: Date,
    plan: TrainingPlan, calendar: SiteCalendar, hash: (History, inout StableHash) -> Void,
    firstSeen: Date, outcomes: (History, Settings) -> [HabitOutcome]
  ) -> (habits: HabitSettings, report: ForecasterReport) {
    var habits = HabitSettings(trainedUntil: end)
    var (judged, count): ([HabitOutcome], Int) = ([], 0)
    var digest = StableHash()
    let held = end.addingTimeInterval(-Double(plan.validationDays) * 86_400)
    for (name, history) in histories.sorted(by: { $0.key < $1.key }) {
      hash(history, &digest)
      let all = candidates.map { outcomes(history, $0) }
      count += all.first?.count ?? 0
      func best(_ isUsed: (HabitOutcome) -> Bool) -> Int? {
        all.indices.min { all[$0].filter(isUsed).loss < all[$1].filter(isUsed).loss }
      }
      guard let chosen = best({ _ in true }), let early = best({ $0.time < held }) else { continue }
      habits.byName[name] = candidates[chosen]
      judged += all[early].filter { $0.time >= held }
    }
    let report = ForecasterReport(
      rowCount: count, features: [], trainedOn: min(firstSeen, end)...end, dataHash: digest.text,
      scores: ForecastScores(judged.map(\.outcome)),
      referenceScores: ForecastScores(judged.map(\.simple)), importance: [],
      validation: judged.trial(calendar: calendar),
      historyDays: Int(end.timeIntervalSince(min(firstSeen, end)) / 86_400))
    return (habits, report)
  }

  /// As files for the registry.
  func files() throws(LearningError) -> [String: Data] {
    do {
      return [Self.file: try JSONEncoder.stable.encode(self)]
    } catch {
      throw .damagedModel(reason: "the habits cannot be written: \(error)")
    }
  }

  /// Reads them.
  ///
  /// - Throws: `damagedModel`.
  static func read(_ files: [String: Data]) throws(LearningError) -> HabitSettings {
    guard let data = files[file],
      let habits = try? JSONDecoder().decode(HabitSettings.self, from: data)
    else { throw .damagedModel(reason: "\(file) is missing or not of these habits") }
    return habits
  }
}
