// SPDX-License-Identifier: MIT
import Configuration
import Forecasting
import Foundation
import History
import Household
import Learning
import Synchronization
import TimeSeries

/// The trained models of a running home: they forecast for each plan, are brought up to date and
/// reviewed every night, and challenged every week, on a queue of their own.
final class LiveModels: Sendable {
  private struct State {
    var archive: HomeArchive
    var keeper: ModelKeeper
    var models = TrainedModels()
    var alerts: [(until: Date, diagnostic: Diagnostic)] = []
    var isBusy = false
    var nextTry = Date.distantPast
    var expectedDay: Date?
  }

  private let home: Home
  private let store: String
  private let shelf: ModelShelf
  private let memory: ModelMemoryFile
  private let log: RunLog
  private let onAlert: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "pems.models", qos: .utility)
  private let state: Mutex<State>

  /// An alert stands in the journal for so long, seconds.
  private static let alertLife = 86_400.0
  /// A store that cannot be read is asked again after so long, seconds.
  private static let patience = 60.0

  /// - Parameters:
  ///   - folder: where the models are.
  ///   - onAlert: told of what somebody should look at.
  init(
    configuration: HomeConfiguration, folder: String, log: RunLog,
    settings: ModelKeeper.Settings = ModelKeeper.Settings(),
    onAlert: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    home = configuration.home
    store = configuration.history.storePath
    let registry = ModelRegistry(folder: URL(filePath: folder))
    shelf = ModelShelf(registry)
    memory = ModelMemoryFile(folder: configuration.service.stateFolder)
    self.log = log
    self.onAlert = onAlert
    state = Mutex(
      State(
        archive: HomeArchive(home: home, store: store, days: settings.learningDays),
        keeper: ModelKeeper(
          registry, calendar: home.site.calendar, settings: settings, memory: memory.read(log))))
  }

  /// Starts what is due, on the queue of the models; costs nothing when nothing is.
  func tick(at now: Date) {
    let isDue = state.withLock { state in
      guard !state.isBusy, now >= state.nextTry,
        !state.archive.isRead || state.keeper.isDue(at: now)
      else { return false }
      state.isBusy = true
      state.nextTry = now.addingTimeInterval(Self.patience)
      return true
    }
    guard isDue else { return }
    queue.async { [self] in
      work(at: now)
      state.withLock { $0.isBusy = false }
    }
  }

  /// Waits for the work that is under way.
  func wait() { queue.sync {} }

  /// Reads what is new, reviews and trains where that is due, and brings the models up to date.
  func work(at now: Date) {
    var (archive, keeper) = state.withLock { ($0.archive, $0.keeper) }
    do {
      try archive.read(until: now)
    } catch {
      log.writeSparsely(.warning, "store_unreadable", key: "models", ["problem": "\(error)"])
      return
    }
    let past = archive.past(at: now)
    var findings: [ModelFinding] = []
    if keeper.isDue(at: now) {
      findings = keeper.work(past, at: now)
      memory.write(keeper.memory, log)
    }
    let (models, damages) = shelf.trainedModels()
    let ready = upToDate(models, past)
    for finding in findings { tell(finding) }
    state.withLock { state in
      state.archive = archive
      state.keeper = keeper
      state.models = ready.models
      let news = findings.filter(\.isAlert).map(\.diagnostic) + damages + ready.problems
      state.alerts = state.alerts.filter { $0.until > now }
      state.alerts += news.map { (now.addingTimeInterval(Self.alertLife), $0) }
    }
    for problem in damages + ready.problems { onAlert("\(problem)") }
  }

  private func tell(_ finding: ModelFinding) {
    log.write(
      finding.isAlert ? .error : .info, "model",
      ["target": finding.target, "message": finding.message])
    if finding.isAlert { onAlert("model \(finding.target): \(finding.message)") }
  }

  /// The models after the days since their training; one that cannot go on is left out and told.
  private func upToDate(
    _ models: TrainedModels, _ past: LearningPast
  ) -> (models: TrainedModels, problems: [Diagnostic]) {
    var (result, problems) = (models, [Diagnostic]())
    func advance<Model>(
      _ target: LearnedTarget, _ model: inout Model?,
      _ step: (Model) throws(LearningError) -> Model?
    ) {
      guard let current = model else { return }
      do throws(LearningError) {
        model = try step(current) ?? current
      } catch {
        model = nil
        problems.append(
          Diagnostic(.error, subject: "model \(target.rawValue)", message: "\(error)"))
      }
    }
    advance(.pv, &result.pv) { model throws(LearningError) in
      guard let plant = past.plant else { return nil }
      return try model.advanced(plant, until: past.end).forecaster
    }
    advance(.load, &result.load) { model throws(LearningError) in
      guard let load = past.load else { return nil }
      return try model.advanced(load, until: past.end).forecaster
    }
    advance(.price, &result.price) { model throws(LearningError) in
      guard let price = past.price else { return nil }
      return try model.advanced(price, until: past.end).forecaster
    }
    return (result, problems)
  }

  /// What is known, with what the models say of it.
  func adding(to known: ForecastInputs) -> ForecastInputs {
    var known = known
    let (archive, models, alerts) = state.withLock { state in
      (state.archive, state.models, state.alerts.filter { $0.until > known.issuedAt })
    }
    note(known, archive)
    var modelled = ModelledForecasts(notes: alerts.map(\.diagnostic))
    if archive.isRead, !models.isEmpty {
      let fresh = refreshed(archive, at: known.issuedAt)
      let notes = modelled.notes
      modelled = HomeForecaster(home: home, models: models).modelled(
        fresh.completing(known), past: fresh.pastOfHabits(known))
      modelled.notes.insert(contentsOf: notes, at: 0)
    }
    known.modelled = modelled
    return known
  }

  /// The archive with the hours since the last plan; as it is when the store cannot be read.
  private func refreshed(_ archive: HomeArchive, at now: Date) -> HomeArchive {
    var fresh = archive
    do {
      try fresh.read(until: now)
    } catch {
      log.writeSparsely(.warning, "store_unreadable", key: "models", ["problem": "\(error)"])
      return archive
    }
    state.withLock { if !$0.isBusy { $0.archive = fresh } }
    return fresh
  }

  /// At noon physics' expectation of the next day goes into the store: what the models learn from
  /// is what was known a day ahead.
  private func note(_ known: ForecastInputs, _ archive: HomeArchive) {
    let now = known.issuedAt
    let today = home.site.calendar.day(holding: now, offset: 0).lowerBound
    guard let weather = known.weather, now.timeIntervalSince(today) >= 12 * 3_600,
      state.withLock({ $0.expectedDay != today }),
      let expected = archive.expectation(of: weather, at: now),
      let first = expected.samples.first?.time, let last = expected.samples.last?.time
    else { return }
    do {
      let history = try SQLiteHistory(file: store, access: .writing)
      // After a restart the expectation of noon stays.
      if try history.samples(of: expected.signal, in: first..<last).isEmpty {
        try history.store(expected.samples, for: expected.signal)
      }
      state.withLock { $0.expectedDay = today }
    } catch {
      log.writeSparsely(.warning, "store_unwritable", key: "models", ["problem": "\(error)"])
    }
  }
}

extension HomeArchive {
  /// What is known, with histories as long as the models look back.
  func completing(_ known: ForecastInputs) -> ForecastInputs {
    func recent(_ series: Series<Watts>?, _ lookBack: TimeInterval) -> Series<Watts>? {
      series.map { series in
        series.slice(
          max(
            series.grid.start, known.issuedAt.addingTimeInterval(-lookBack))..<max(
              series.grid.start, series.grid.end))
      }
    }
    return ForecastInputs(
      issuedAt: known.issuedAt, grid: known.grid, weather: known.weather,
      outdoorTemperature: known.outdoorTemperature,
      publishedSpotPrice: known.publishedSpotPrice, pastSpotPrice: known.pastSpotPrice,
      baseLoadHistory: recent(baseLoad, LoadForecaster.lookBack) ?? known.baseLoadHistory,
      pvHistory: recent(production, PVForecaster.lookBack) ?? known.pvHistory,
      pvExpectedHistory: expectedProduction(
        from: known.issuedAt.addingTimeInterval(-PVForecaster.lookBack)),
      vehicles: known.vehicles)
  }
}

/// What the keeper of the models must know again after a restart, in one small file.
struct ModelMemoryFile: Sendable {
  private let url: URL

  init(folder: String) { url = URL(filePath: folder).appending(path: "models.json") }

  /// What was noted; nothing where there is no file or it cannot be read.
  func read(_ log: RunLog) -> ModelKeeper.Memory {
    KeptFile.read(url.path, onDamage: log.tellDamage) ?? ModelKeeper.Memory()
  }

  func write(_ memory: ModelKeeper.Memory, _ log: RunLog) {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try JSONEncoder().encode(memory).write(to: url, options: .atomic)
    } catch {
      log.writeSparsely(.error, "state_unwritable", key: "models", ["problem": "\(error)"])
    }
  }
}
