// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Foundation
import Household
import Physics
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
  private let stateFile: RunStateFile
  private let state: Mutex<RunState>
  private let bridge: HomeBridge?
  private let models: LiveModels
  private let feeds: FeedWatch?
  private let now: @Sendable () -> Date
  private let started = ContinuousClock.now
  private let learning: RoomLearning?
  private let records: RunRecords
  private let trust: Mutex<StageGuard>

  /// Builds everything; nothing runs yet.
  init(
    configuration: HomeConfiguration, options: Options,
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    (home, settings) = (configuration.home, configuration.service)
    self.now = now
    log = RunLog(now: now)
    stateFile = RunStateFile(folder: settings.stateFolder)
    let before = stateFile.read(onDamage: { [log] in log.tellDamage($0) }).resumed(by: options)
    state = Mutex(before)
    trust = Mutex(StageGuard(demotions: before.demotions))
    let broker = try settings.broker.map { try MQTTClient($0, will: HomeBridge.will) }
    let relays = Relays()
    hub = try DeviceHub(
      settings: settings, home: home, broker: broker, now: now,
      onEvent: { relays.events.send($0) })
    hub.demote(before.demotions.map(\.target))
    let bridge = broker.map { [home, settings, log] in
      HomeBridge(client: $0, home: home, settings: settings, log: log, now: now)
    }
    self.bridge = bridge
    records = RunRecords(
      configuration, path: options.configurationPath, stateFile: stateFile, hub: hub,
      bridge: bridge, log: log)
    learning = RoomLearning(configuration, journal: records.journal, log: log)
    models = LiveModels(
      configuration: configuration,
      folder: options.modelsFolder ?? settings.stateFolder + "/models", log: log,
      onAlert: { bridge?.alert($0) })
    feeds =
      options.simulatedOutlookSeed == nil
      ? FeedWatch(
        configuration: configuration, log: log, now: now, onNews: { relays.news.send(()) }) : nil
    loop = try Self.loop(configuration, options, before, records, models, relays, now: now)
    open(relays)
  }

  /// Calls of parts that are built before the service is.
  private struct Relays: Sendable {
    let events = CallRelay<DeviceHub.Event>()
    let beats = CallRelay<ControlLoop.Beat>()
    /// Times of slow decisions.
    let decisions = CallRelay<Date>()
    /// Fetched weather or prices.
    let news = CallRelay<Void>()
  }

  private func open(_ relays: Relays) {
    relays.events.open { [weak self] in self?.receive($0) }
    relays.beats.open { [weak self] in self?.watch($0) }
    relays.decisions.open { [weak self] in self?.learnRooms(at: $0) }
    relays.news.open { [weak self] in self?.loop.trigger() }
  }

  private static func loop(
    _ configuration: HomeConfiguration, _ options: Options, _ before: RunState,
    _ records: RunRecords, _ models: LiveModels, _ relays: Relays,
    now: @escaping @Sendable () -> Date
  ) throws -> ControlLoop {
    let settings = configuration.service
    let outlook = try outlook(configuration, options, log: records.log, now: now()) {
      records.bridge?.alert($0)
    }
    let loop = ControlLoop(
      model: try model(configuration.home, settings, rooms: try roomModels(of: configuration)),
      strategy: settings.mode.strategy(), mode: settings.mode,
      fastPeriod: .seconds(settings.fastSeconds), overrides: before.overrides,
      rooms: records.stateFile.readRooms(onDamage: { records.log.tellDamage($0) }),
      surroundings: .init(
        house: records.hub,
        known: { models.adding(to: outlook.known(at: $0, on: $1, snapshot: $2)) }, now: now,
        onDecision: { result, input, memory in
          records.take(result, input, memory)
          relays.decisions.send(input.snapshot.time)
        },
        onBeat: { beat in
          records.take(beat)
          relays.beats.send(beat)
        }), findsFrozenSensors: settings.features.contains(.frozenSensors))
    loop.setStopped(before.isStopped)
    return loop
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
    records.health.note(
      beat, status: status, demoted: trust.withLock { Array($0.demotions.keys) },
      isStopped: state.withLock { $0.isStopped }, isBrokerThere: hub.broker?.isConnected, now: now()
    )
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
    let web = HealthServer(settings.web, health: records.health, log: log)
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
    records.journal.close()
    records.recorder.close()
    let (count, worst) = records.health.close()
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
      records.journal.remember(wish)
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
      records.journal.note(command, confirmedAfter: seconds, at: now())
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

extension RunState {
  /// As a start takes it over.
  fileprivate func resumed(by options: RunService.Options) -> RunState {
    var state = self
    if options.restoresTrust { state.demotions = [] }
    if options.isReload { state.isRunning = false }
    return state
  }
}
