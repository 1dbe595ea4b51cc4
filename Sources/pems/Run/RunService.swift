// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Forecasting
import Foundation
import Household
import Physics
import Planning
import Simulation
import Synchronization
import TimeSeries

/// `pems run`: the devices, the loop, and everything that watches them, built and wired.
final class RunService: Sendable {
  /// What the command line adds to the configuration.
  struct Options: Sendable {
    var configurationPath = "pems.yaml"
    /// Weather and prices of the simulator instead of those in the store, for rehearsals.
    var simulatedOutlookSeed: UInt64?
    /// Where the trained models are; by default in the state folder.
    var modelsFolder: String?
    /// A person has looked: trust that was taken away is given back.
    var restoresTrust = false
    /// Another service of this process still runs and will hand over.
    var isReload = false
  }

  let home: Home
  let settings: ServiceSettings
  let log: RunLog
  private let hub: DeviceHub
  private let loop: ControlLoop
  private let journal: RunJournal
  private let stateFile: RunStateFile
  private let state: Mutex<RunState>
  private let bridge: HomeBridge?
  private let models: LiveModels
  private let feeds: FeedWatch?
  private let recorder: SignalRecorder
  private let now: @Sendable () -> Date
  private let started = ContinuousClock.now
  private let learning: RoomLearning?
  private let health: RunHealth
  private let trust: Mutex<StageGuard>

  /// Builds everything; nothing runs yet.
  init(
    configuration: HomeConfiguration, options: Options,
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    home = configuration.home
    settings = configuration.service
    self.now = now
    let log = RunLog(now: now)
    self.log = log
    stateFile = RunStateFile(folder: settings.stateFolder)
    var before = stateFile.read()
    if options.restoresTrust { before.demotions = [] }
    if options.isReload { before.isRunning = false }
    state = Mutex(before)
    trust = Mutex(StageGuard(demotions: before.demotions))
    let model = try Self.model(home, settings, rooms: try roomModels(of: configuration))
    let broker = try settings.broker.map {
      try MQTTClient($0, will: HomeBridge.will)
    }
    let events = EventRelay()
    let health = RunHealth(
      folder: settings.stateFolder, stage: settings.stage, log: log)
    self.health = health
    hub = try DeviceHub(
      settings: settings, home: home, broker: broker, now: now, onEvent: { events.send($0) })
    let journal = RunJournal(
      home: home, settings: settings, configurationPath: options.configurationPath, log: log)
    self.journal = journal
    recorder = SignalRecorder(
      home: home, storePath: configuration.history.storePath, log: log)
    let (learned, news) = (CallRelay<Date>(), CallRelay<Void>())
    learning = RoomLearning(configuration, journal: journal, log: log)
    let bridge = broker.map {
      HomeBridge(client: $0, home: configuration.home, settings: configuration.service, now: now)
    }
    self.bridge = bridge
    let models = LiveModels(
      configuration: configuration,
      folder: options.modelsFolder ?? settings.stateFolder + "/models", log: log,
      onAlert: { bridge?.alert($0) })
    self.models = models
    let outlook = try Self.outlook(configuration, options, log: log, now: now) { bridge?.alert($0) }
    let known: @Sendable (Date, TimeGrid, Snapshot) -> ForecastInputs = {
      models.adding(to: outlook($0, $1, $2))
    }
    feeds =
      options.simulatedOutlookSeed == nil
      ? FeedWatch(
        configuration: configuration, log: log, now: now, onNews: { news.send(()) }) : nil
    let (hub, stateFile, recorder) = (hub, stateFile, recorder)
    hub.demote(before.demotions.map(\.target))
    let (features, relay) = (settings.features, BeatRelay())
    loop = ControlLoop(
      model: model, strategy: settings.mode.strategy(), mode: settings.mode,
      fastPeriod: .seconds(settings.fastSeconds), overrides: before.overrides,
      rooms: stateFile.readRooms(),
      surroundings: .init(
        house: hub, known: known, now: now,
        onDecision: { result, input, memory in
          journal.append(result, input: input, memory: memory, hub: hub)
          bridge?.publish(result)
          Self.keep(result.memory, in: stateFile, log: log)
          recorder.take(result.memory.forecast, at: input.snapshot.time)
          learned.send(input.snapshot.time)
          health.noteDecision(result.plan)
          log.write(
            .info, "decision",
            [
              "commands": result.limited.commands.count, "replan": result.replanCause ?? "",
              "plan": result.plan.map { $0.origin.rawValue } ?? "none",
            ])
        },
        onBeat: { beat in
          SystemdNotice.send("WATCHDOG=1")
          if features.contains(.recording) {
            recorder.take(beat.snapshot, limit: hub.status[.pv]?.confirmed)
          }
          bridge?.publish(beat)
          Self.tell(beat, log: log)
          relay.send(beat)
        }), findsFrozenSensors: settings.features.contains(.frozenSensors))
    loop.setStopped(before.isStopped)
    events.open { [weak self] in self?.receive($0) }
    relay.open { [weak self] in self?.watch($0) }
    learned.open { [weak self] in self?.learnRooms(at: $0) }
    news.open { [weak self] in self?.loop.trigger() }
  }

  /// Once a week better models of the rooms may take over.
  private func learnRooms(at now: Date) {
    learning?.askWeekly(at: now) { [weak self] models in
      guard let self else { return }
      do {
        loop.setModel(try Self.model(home, settings, rooms: models))
        log.write(.info, "rooms_replaced", ["rooms": models?.rooms.count ?? 0])
      } catch {
        log.write(.error, "rooms_refused", ["problem": "\(error)"])
      }
    }
  }

  private static func model(
    _ home: Home, _ settings: ServiceSettings, rooms: RoomModels?
  ) throws -> HomeModel {
    do {
      return try HomeModel(
        home: home, settings: ControlSettings(cycleSeconds: settings.cycleMinutes * 60),
        rooms: rooms)
    } catch {
      throw CommandFailure.configuration("\(error)")
    }
  }

  private static func outlook(
    _ configuration: HomeConfiguration, _ options: Options, log: RunLog, now: () -> Date,
    alert: @escaping @Sendable (String) -> Void
  ) throws -> @Sendable (Date, TimeGrid, Snapshot) -> ForecastInputs {
    guard let seed = options.simulatedOutlookSeed else {
      let outlook = LiveOutlook(configuration: configuration, log: log, alert: alert)
      return { outlook.known(at: $0, on: $1, snapshot: $2) }
    }
    let home = configuration.home
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    let market = SimulatedDayAheadMarket(
      weather: weather, site: home.site, seed: seed)
    let start = TimeGrid.floor(now(), stepSeconds: 900)
    let twin = try SimulatedHome(
      home: home, truth: TruthParameters(), weather: weather, market: market, seed: seed,
      start: start)
    let outlook = SimulatedOutlook(
      home: twin, period: start..<start.addingTimeInterval(16 * 86_400))
    return { outlook.known(at: $0, on: $1, snapshot: $2) }
  }

  /// A restart goes on from what was believed of walls and floors.
  private static func keep(
    _ memory: ControlCycle.Memory, in file: RunStateFile, log: RunLog
  ) {
    guard let rooms = RoomMemory(memory) else { return }
    do { try file.write(rooms) } catch {
      log.writeSparsely(.error, "state_unwritable", key: "rooms", ["problem": "\(error)"])
    }
  }

  /// Looks whether every target still deserves its stage, and tells how the service is.
  private func watch(_ beat: ControlLoop.Beat) {
    let status = hub.status
    let degraded = Set(status.filter(\.value.isDegraded).keys)
    if settings.features.contains(.automaticDemotion) {
      let commanded = beat.decision.commands.filter { hub.mayCommand($0.action) }
      let new = trust.withLock {
        $0.watch(
          seconds: beat.gap, snapshot: beat.snapshot, commanded: commanded,
          degraded: degraded.filter { status[$0]?.isWithheld == false },
          home: home)
      }
      hub.demote(new.map(\.target))
      for demotion in new {
        log.write(
          .error, "demoted", ["target": "\(demotion.target)", "reason": demotion.reason])
        bridge?.alert("\(demotion.target) is not commanded any more: \(demotion.reason)")
      }
    }
    health.note(
      beat, status: status, demoted: trust.withLock { Array($0.demotions.keys) },
      isStopped: state.withLock { $0.isStopped }, isBrokerThere: hub.broker?.isConnected, now: now()
    )
  }

  private static func tell(_ beat: ControlLoop.Beat, log: RunLog) {
    for intervention in beat.decision.interventions {
      log.writeSparsely(
        .warning, "limit", key: "limit \(intervention.subject)",
        ["subject": intervention.subject, "cause": intervention.cause])
    }
    for room in beat.frozenSensors {
      log.writeSparsely(
        .warning, "sensor_frozen", key: "frozen \(room)", every: .seconds(3_600), ["room": room])
    }
    if beat.isPlannerLate {
      log.writeSparsely(.error, "planner_late", key: "late", [:])
    }
  }

  /// What is to be done when somebody wants the run to end.
  enum Ending {
    case goOn, handBack
    /// Another service goes on with the devices that both of them command.
    case handOver(to: RunService)
  }

  /// Runs until it shall end, then hands the house back, or over.
  ///
  /// - Parameters:
  ///   - ending: becomes true when somebody wants it to end.
  ///   - decide: asked then.
  func run(until ending: @Sendable () -> Bool, decide: () -> Ending) async {
    let wasKilled = state.withLock { $0.isRunning }
    changeState { $0.isRunning = true }
    log.write(
      .info, "start",
      [
        "stage": settings.stage.rawValue, "devices": settings.devices.map(\.name),
        "after_crash": wasKilled,
      ])
    await hub.open()
    bridge?.open(
      overrides: { [weak self] in self?.loop.overrides ?? Overrides() },
      change: { [weak self] in self?.change($0) },
      isStopped: state.withLock { $0.isStopped }, stop: { [weak self] in self?.stop($0) })
    let web = HealthServer(settings.web, health: health, log: log)
    defer { web?.stop() }
    let fetching = feeds.map { feeds in Task { await feeds.run() } }
    defer { fetching?.cancel() }
    loop.start()
    SystemdNotice.send("READY=1")
    log.write(.info, "ready", ["seconds": (ContinuousClock.now - started).seconds])
    var choice = Ending.goOn
    while case .goOn = choice {
      if ending() { choice = decide() }
      try? await Task.sleep(for: .milliseconds(100))  // a cancelled wait asks once more
      saveOverrides()
      models.tick(at: now())
      saveDemotions()
    }
    var kept: Set<CommandTarget> = []
    // In manual nobody would go on commanding what was commanded.
    if case .handOver(let next) = choice, next.settings.mode != .manual {
      kept = next.hub.inherit(from: hub)
    }
    await end(keeping: kept)
  }

  private func end(keeping kept: Set<CommandTarget>) async {
    SystemdNotice.send("STOPPING=1")
    loop.stop()
    let failures = await hub.handBack(keeping: kept)
    for failure in failures { log.write(.error, "hand_back_failed", ["problem": "\(failure)"]) }
    saveOverrides()
    changeState { $0.isRunning = !failures.isEmpty }
    bridge?.close()
    await hub.close()
    journal.close()
    recorder.close()
    let (count, worst) = health.close()
    log.write(
      .info, "end",
      [
        "handed_back": failures.isEmpty, "beats": count, "worst_gap_seconds": worst,
        "sent": hub.status.values.reduce(0) { $0 + $1.sent },
        "confirmed": hub.status.values.reduce(0) { $0 + $1.confirmations },
        "changes": hub.status.values.reduce(0) { $0 + $1.changes },
      ])
  }

  /// Leaves all devices to themselves, also those that another process commanded.
  func handBackAndEnd() async -> Int32 {
    await hub.open()
    if let broker = hub.broker { _ = await broker.waitForConnection(.seconds(10)) }
    let failures = await hub.handBack(all: true)
    for failure in failures { log.write(.error, "hand_back_failed", ["problem": "\(failure)"]) }
    changeState { $0.isRunning = !failures.isEmpty }
    await hub.close()
    return failures.isEmpty ? ExitCode.done : ExitCode.unreachable
  }

  /// Changes the overrides as somebody wished.
  func change(_ change: OverrideChange) {
    loop.changeOverrides { change.apply(to: &$0, at: now()) }
    log.write(.info, "override", ["wish": "\(change)"])
    if settings.features.contains(.wishMemory), case .set(let override) = change,
      let wish = WishRecord(override, snapshot: hub.snapshot(at: now()), home: home)
    {
      journal.remember(wish)
    }
    saveOverrides()
  }

  /// Everything off until a person lifts it, also over a restart.
  private func stop(_ isStopped: Bool) {
    loop.setStopped(isStopped)
    changeState { $0.isStopped = isStopped }
    log.write(isStopped ? .error : .info, "emergency_stop", ["on": isStopped])
  }

  private func saveDemotions() {
    let demotions = trust.withLock { $0.demotions.values.sorted { $0.target < $1.target } }
    if state.withLock({ $0.demotions != demotions }) { changeState { $0.demotions = demotions } }
  }

  private func saveOverrides() {
    let overrides = loop.overrides
    guard state.withLock({ $0.overrides != overrides }) else { return }
    changeState { $0.overrides = overrides }
    bridge?.publish(overrides)
  }

  private func changeState(_ change: (inout RunState) -> Void) {
    let new = state.withLock { state in
      change(&state)
      return state
    }
    do { try stateFile.write(new) } catch {
      log.writeSparsely(.error, "state_unwritable", key: "state", ["problem": "\(error)"])
    }
  }

  private func receive(_ event: DeviceHub.Event) {
    switch event {
    case .confirmed(let command, let seconds):
      journal.note(command, confirmedAfter: seconds, at: now())
    case .failed(let command, let problem):
      log.writeSparsely(
        .warning, "command_failed", key: "\(command.action.target)", every: .seconds(30),
        ["target": "\(command.action.target)", "problem": "\(problem)"])
    case .degraded(let target, let problem):
      log.write(.error, "degraded", ["target": "\(target)", "problem": problem])
      bridge?.alert("\(target): \(problem)")
    case .device(.changedByHand(let target, let shown)):
      log.write(.info, "changed_by_hand", ["target": "\(target)", "shown": shown])
      change(
        .set(
          Override(
            .handsOff(target), until: now().addingTimeInterval(Self.respect), source: .device,
            since: now())))
    case .device(.lost(let target, let reason)):
      log.write(.warning, "lost", ["target": "\(target)", "reason": reason])
    case .device(.alert(let device, let text)):
      log.write(.error, "alert", ["device": device, "text": text])
      bridge?.alert("\(device): \(text)")
    }
  }

  /// What a person does at a device is respected this long, seconds.
  private static let respect = 2 * 3_600.0
}
