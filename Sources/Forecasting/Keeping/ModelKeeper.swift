// SPDX-License-Identifier: MIT
public import Foundation
public import Learning
public import TimeSeries

/// Looks after the models of a running home: a review every night, a challenger every week.
///
/// It has no clock: whoever runs it asks whether something is due and hands it the past. What it must
/// know again after a restart is its ``memory``; the models themselves are in the registry, whose
/// changes are whole or not at all. A night that was missed is made up for at the next question.
public struct ModelKeeper: Sendable {
  /// When and how.
  public struct Settings: Sendable {
    /// The hour of the wall at which the nightly review begins.
    public var nightHour = 3
    /// Days between two challengers.
    public var trainingDays = 7
    /// Days that a challenger learns from: a load changes with its people, a plant with the season.
    public var learningDays = 730
    /// The fewest days before anything is trained.
    public var fewestDays = 21
    /// How many idle versions stay.
    public var kept = 5
    /// A challenger that was this much worse than the model in use over the last week is given up.
    public var weekMargin = 0.05
    /// How models are trained.
    public var training = ModelTraining()

    /// The defaults.
    public init() {}
  }

  /// What must survive a restart.
  public struct Memory: Sendable, Hashable, Codable {
    /// When the last review began.
    public var lastReview: Date?
    /// When challengers were last trained.
    public var lastTraining: Date?
    /// How many challengers of load were trained; `nil` counts as none.
    public var loadChallengers: Int?
    /// The start of the day of the last alarm over the plant that was told.
    public var toldLoss: Date?

    /// Nothing was done yet.
    public init() {}
  }

  private let shelf: ModelShelf
  private let calendar: SiteCalendar
  private let settings: Settings
  /// What was done when.
  public private(set) var memory: Memory

  /// A keeper of the models in a registry.
  public init(
    _ registry: ModelRegistry, calendar: SiteCalendar, settings: Settings = Settings(),
    memory: Memory = Memory()
  ) {
    shelf = ModelShelf(registry)
    self.calendar = calendar
    self.settings = settings
    self.memory = memory
  }

  /// Whether there is work at an instant.
  public func isDue(at now: Date) -> Bool {
    guard let last = memory.lastReview else { return true }
    return last < lastNight(before: now)
  }

  /// Reviews the models and, once a week, trains challengers.
  ///
  /// - Parameters:
  ///   - past: what was measured before `now`.
  ///   - now: the time of the work.
  /// - Returns: what was found and done; a failure is a finding too.
  public mutating func work(_ past: LearningPast, at now: Date) -> [ModelFinding] {
    memory.lastReview = now
    var findings: [ModelFinding] = []
    for target in past.targets {
      do throws(RegistryError) {
        findings += try ModelReview(shelf.registry, past, target).findings()
      } catch {
        findings.append(
          ModelFinding(target, "the models cannot be reviewed: \(error)", isAlert: true))
      }
    }
    findings += plantFindings(past)
    if isTrainingDue(at: now) {
      memory.lastTraining = now
      for target in past.targets { findings += challenge(target, past, at: now) }
    }
    return findings
  }

  private func isTrainingDue(at now: Date) -> Bool {
    guard let last = memory.lastTraining else { return true }
    // Half a day of slack: the night of the same weekday is a week later in every season.
    return now.timeIntervalSince(last) >= (Double(settings.trainingDays) - 0.5) * 86_400
  }

  /// The newest beginning of a night's work that is over.
  private func lastNight(before now: Date) -> Date {
    let today = calendar.day(holding: now, offset: 0).lowerBound
    let tonight = today.addingTimeInterval(Double(settings.nightHour) * 3_600)
    guard tonight > now else { return tonight }
    return calendar.day(holding: now, offset: -1).lowerBound
      .addingTimeInterval(Double(settings.nightHour) * 3_600)
  }

  /// Trains a challenger unless one is on trial: a new one every week would never be tried to the
  /// end.
  private mutating func challenge(
    _ target: LearnedTarget, _ past: LearningPast, at now: Date
  ) -> [ModelFinding] {
    let registry = shelf.registry
    let versions = registry.versions(of: target.rawValue)
    if let shadow = versions.last(where: { $0.state == .shadow }) {
      return [ModelFinding(target, "challenger \(shadow.version) is still on trial")]
    }
    do {
      let recent = past.recent(days: settings.learningDays)
      guard let model = try training(of: target, versions).train(target, on: recent),
        model.report.historyDays >= settings.fewestDays
      else {
        return [ModelFinding(target, "too little is known for a model")]
      }
      if let why = lostLastWeek(model, past, versions) {
        return [ModelFinding(target, "a new challenger is given up: \(why)")]
      }
      let saved = try shelf.save(model, at: now, promoting: false, keeping: settings.kept)
      let place = saved.state == .production ? "and in use" : "and on trial"
      let kind = model.parameters["trees"].map { $0 == "separate" ? ", days off apart," : "" } ?? ""
      return [ModelFinding(target, "model \(saved.version) is trained\(kind) \(place)")]
    } catch {
      return [ModelFinding(target, "no challenger could be trained: \(error)", isAlert: true)]
    }
  }

  /// How the next challenger is grown: every second one of load has trees of its own for working days and
  /// for days off. In most homes one set is better (`docs/models/load-forecast.md`); a home where it is
  /// not finds out by the same trial as for every other challenger.
  private mutating func training(
    of target: LearnedTarget, _ versions: [ModelMetadata]
  ) -> ModelTraining {
    var training = settings.training
    guard target == .load, !versions.isEmpty else { return training }
    let number = memory.loadChallengers ?? 0
    memory.loadChallengers = number + 1
    if number.isMultiple(of: 2) { training.loadTrees = .separate }
    return training
  }

  /// Why a challenger is not worth a trial, by the last week, which its trees have not seen.
  private func lostLastWeek(
    _ model: TrainedModel, _ past: LearningPast, _ versions: [ModelMetadata]
  ) -> String? {
    let own = model.report.validation.days.suffix(7)
    guard own.count == 7 else { return nil }
    let loss = own.reduce(0) { $0 + $1.loss }
    guard let champion = versions.last(where: { $0.state == .production }),
      let files = try? shelf.registry.load(
        target: model.target.rawValue, version: champion.version
      ).files,
      let trial = try? ModelTraining.trial(model.target, files: files, on: past),
      trial.days.count >= 7
    else {
      let simple = own.reduce(0) { $0 + $1.referenceLoss }
      return loss > (1 + settings.weekMargin) * simple
        ? "simple forecasts were better over the last week" : nil
    }
    let other = trial.days.suffix(7).reduce(0) { $0 + $1.loss }
    return loss > (1 + settings.weekMargin) * other
      ? "model \(champion.version) was better over the last week" : nil
  }

  /// A loss of the plant, told once.
  private mutating func plantFindings(_ past: LearningPast) -> [ModelFinding] {
    guard let alarm = PlantDrift.news(past), alarm > memory.toldLoss ?? .distantPast else {
      return []
    }
    memory.toldLoss = alarm
    return [PlantDrift.finding(alarm)]
  }
}
