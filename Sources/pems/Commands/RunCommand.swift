// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Household
import Synchronization

/// `pems run`: runs the house until it is told to end.
let runCommand = CommandLineCommand(
  "run", "Run the house: read its devices, decide, and command what the stage allows.",
  examples: ["pems run --config /etc/pems/pems.yaml", "pems run --stage advisory"],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value(
      "stage", "STAGE",
      "simulation, advisory, partial or full; in the place of the configuration's."),
    .value(
      "simulated-outlook", "SEED",
      "Weather and prices of the simulator instead of those in the store, for rehearsals."),
    .value(
      "models", "FOLDER", "Where the trained models are; by default models in the state folder."),
    .flag("hand-back", "Leave all devices to themselves and end: what systemd does after a crash."),
  ],
  run: { input in
    var options = RunService.Options()
    options.configurationPath = try input.require("config")
    options.simulatedOutlookSeed = try input.value("simulated-outlook", as: UInt64.self)
    options.modelsFolder = input.string("models")
    RunSignals.listen()
    var service = try RunCommand.service(input, options)
    if input.flag("hand-back") { return await service.handBackAndEnd() }
    var lock = try RunLock(folder: service.settings.stateFolder)
    defer { withExtendedLifetime(lock) {} }
    while true {
      var next: RunService?
      await service.run(until: { RunSignals.isEnding || RunSignals.isReloadWished }) {
        if RunSignals.isEnding { return .handBack }
        // A configuration that has become wrong does not end a running house.
        do {
          (options.restoresTrust, options.isReload) = (true, true)
          let new = try RunCommand.service(input, options)
          if new.settings.stateFolder != lock.folder {
            lock = try RunLock(folder: new.settings.stateFolder)
          }
          next = new
          return .handOver(to: new)
        } catch {
          service.log.write(.error, "reload_refused", ["problem": "\(error)"])
          return .goOn
        }
      }
      guard let next else { return ExitCode.done }
      if RunSignals.isEnding { return await next.handBackAndEnd() }
      service = next
    }
  })

private enum RunCommand {
  static func service(
    _ input: CommandLineInput, _ options: RunService.Options
  ) throws -> RunService {
    var configuration = try configuration(at: options.configurationPath)
    if let stage = input.string("stage") {
      guard let stage = RolloutStage(rawValue: stage) else {
        throw CommandLineError.usage(
          "--stage: '\(stage)' is none of simulation, advisory, partial, full")
      }
      configuration.service.stage = stage
    }
    return try RunService(configuration: configuration, options: options)
  }
}

/// What the system asks of the process: SIGTERM and SIGINT to end, SIGHUP to read the
/// configuration again. A signal belongs to the whole process, and so does this.
private enum RunSignals {
  private static let ending = Atomic(false)
  private static let reload = Atomic(false)

  /// Takes the signals over from the system.
  static func listen() {
    // Both exist before a signal can come.
    ending.store(false, ordering: .relaxed)
    reload.store(false, ordering: .relaxed)
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in RunSignals.ending.store(true, ordering: .relaxed) }
    }
    signal(SIGHUP) { _ in RunSignals.reload.store(true, ordering: .relaxed) }
  }

  static var isEnding: Bool { ending.load(ordering: .relaxed) }
  /// Whether a reload was wished since the last time this was asked.
  static var isReloadWished: Bool { reload.exchange(false, ordering: .relaxed) }
}
