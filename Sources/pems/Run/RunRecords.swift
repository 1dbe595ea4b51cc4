// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Foundation
import Household

/// What is kept and told of every decision and every beat of the loop.
struct RunRecords: Sendable {
  let journal: RunJournal
  let bridge: HomeBridge?
  let stateFile: RunStateFile
  let recorder: SignalRecorder
  let health: RunHealth
  let log: RunLog
  let hub: DeviceHub
  /// Whether measurements go into the store.
  private let isRecording: Bool

  init(
    _ configuration: HomeConfiguration, path: String, stateFile: RunStateFile, hub: DeviceHub,
    bridge: HomeBridge?, log: RunLog
  ) {
    let (home, settings) = (configuration.home, configuration.service)
    journal = RunJournal(home: home, settings: settings, configurationPath: path, log: log)
    recorder = SignalRecorder(home: home, storePath: configuration.history.storePath, log: log)
    health = RunHealth(folder: settings.stateFolder, stage: settings.stage, log: log)
    isRecording = settings.features.contains(.recording)
    self.bridge = bridge
    self.stateFile = stateFile
    self.hub = hub
    self.log = log
  }

  /// Keeps a slow decision.
  func take(
    _ result: ControlCycle.Result, _ input: ControlCycle.Input, _ memory: ControlCycle.Memory
  ) {
    journal.append(result, input: input, memory: memory, hub: hub)
    bridge?.publish(result)
    keep(result.memory)
    recorder.take(result.memory.forecast, at: input.snapshot.time)
    health.noteDecision(result.plan)
    log.write(
      .info, "decision",
      [
        "commands": result.limited.commands.count, "replan": result.replanCause ?? "",
        "plan": result.plan.map { $0.origin.rawValue } ?? "none",
      ])
  }

  /// A restart goes on from what was believed of walls and floors.
  private func keep(_ memory: ControlCycle.Memory) {
    guard let rooms = RoomMemory(memory) else { return }
    do { try stateFile.write(rooms) } catch {
      log.writeSparsely(.error, "state_unwritable", key: "rooms", ["problem": "\(error)"])
    }
  }

  /// Keeps a beat.
  func take(_ beat: ControlLoop.Beat) {
    SystemdNotice.send("WATCHDOG=1")
    if isRecording { recorder.take(beat.snapshot, limit: hub.status[.pv]?.confirmed) }
    bridge?.publish(beat)
    tell(beat)
  }

  private func tell(_ beat: ControlLoop.Beat) {
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
}
