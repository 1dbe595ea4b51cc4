// SPDX-License-Identifier: MIT
import Control
import Devices
import Foundation
import Household
import Physics
import Planning
import Synchronization
import TimeSeries

/// The journals of a running pems: decisions for people, decisions for replay, and what became of
/// each command. Written on a queue of its own, so that a full disk holds nothing up.
final class RunJournal: Sendable {
  private let queue = DispatchQueue(label: "pems.journal")
  private let home: Home
  private let log: RunLog
  private let configuration: String
  private let settings: ServiceSettings
  private let files: Mutex<Files>

  private struct Files {
    let decisions: DailyFile
    let cycles: DailyFile
    let deliveries: DailyFile
    let models: DailyFile
    let outcomes: DailyFile
    let wishes: DailyFile
    var isFirst = true
    var noted: [CommandTarget: Command.Action] = [:]
  }

  /// Complete decisions are large: some megabytes a day.
  private static let mostReplayDays = 7
  /// Judgements over models are weeks apart.
  private static let fewestModelDays = 400

  init(home: Home, settings: ServiceSettings, configurationPath: String, log: RunLog) {
    self.home = home
    self.log = log
    self.settings = settings
    configuration = ConfigurationMark.of(configurationPath)
    let days = settings.journalDays
    let folder = settings.stateFolder
    files = Mutex(
      Files(
        decisions: DailyFile(folder: folder, kind: "journal", days: days),
        cycles: DailyFile(folder: folder, kind: "cycles", days: min(days, Self.mostReplayDays)),
        deliveries: DailyFile(folder: folder, kind: "deliveries", days: days),
        models: DailyFile(folder: folder, kind: "models", days: max(days, Self.fewestModelDays)),
        outcomes: DailyFile(folder: folder, kind: "outcomes", days: days),
        wishes: DailyFile(folder: folder, kind: "wishes", days: days)))
  }

  /// Adds a decision.
  func append(
    _ result: ControlCycle.Result, input: ControlCycle.Input, memory: ControlCycle.Memory,
    hub: DeviceHub
  ) {
    let commanded = result.limited.commands.filter { hub.mayCommand($0.action) }
      .map(\.action.target)
    let degraded = hub.status.filter(\.value.isDegraded).keys.filter(commanded.contains)
    queue.async { [self] in
      let time = input.snapshot.time
      let snapshot = input.snapshot
      files.withLock { files in
        do {
          try files.decisions.append(
            JournalEntry(result, snapshot: snapshot, home: home).line(), at: time)
          if settings.features.contains(.outcomes) {
            let outcome = OutcomeRecord(
              result, snapshot: snapshot, stage: settings.stage, commanded: commanded,
              degraded: degraded)
            try files.outcomes.append(outcome.line(), at: time)
          }
          guard settings.features.contains(.replay) else { return }
          let record = CycleRecord(
            result, input: input, memory: memory,
            isFirst: files.isFirst || files.cycles.isNewDay(time), version: pemsVersion,
            configuration: configuration, planner: .thorough)
          try files.cycles.append(record.line(), at: time)
          files.isFirst = false
        } catch {
          // The chain of the replay is broken: the next line is an anchor again.
          files.isFirst = true
          tell(error)
        }
      }
    }
  }

  private func tell(_ error: any Error) {
    log.writeSparsely(.error, "journal_unwritable", key: "journal", ["problem": "\(error)"])
  }

  /// Remembers what a person wished of a room.
  func remember(_ wish: WishRecord) {
    queue.async { [self] in
      let encoder = JSONEncoder()
      encoder.dateEncodingStrategy = .iso8601
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      do {
        let line = String(decoding: try encoder.encode(wish), as: UTF8.self)
        try files.withLock { try $0.wishes.append(line, at: wish.time) }
      } catch { tell(error) }
    }
  }

  /// Adds a confirmation; renewals of the same order are not worth a line.
  func note(_ command: Command, confirmedAfter seconds: Double, at time: Date) {
    queue.async { [self] in
      let line =
        "{\"action\":\"\(command.action)\",\"seconds\":\(String(format: "%.3f", seconds)),"
        + "\"target\":\"\(command.action.target)\",\"time\":\"\(time.formatted(.iso8601))\"}"
      files.withLock { files in
        guard
          files.noted.updateValue(command.action, forKey: command.action.target)
            != command.action
        else { return }
        do { try files.deliveries.append(line, at: time) } catch { tell(error) }
      }
    }
  }

  /// Adds why the models of the rooms were changed, or not.
  func note(_ renewal: RoomRenewal, at time: Date) {
    queue.async { [self] in
      let line = ModelVerdictLine(renewal, at: time)
      files.withLock { files in
        do { try files.models.append(line.text(), at: time) } catch {
          log.writeSparsely(.error, "journal_unwritable", key: "journal", ["problem": "\(error)"])
        }
      }
    }
  }

  /// Waits until everything is written.
  func close() { queue.sync {} }
}

/// A judgement over the models of the rooms, as a line of its journal.
struct ModelVerdictLine: Encodable {
  let time: Date
  let target = "rooms"
  let adopted: Bool
  let wentBack: Bool
  let reason: String
  let championMaeK: Double?
  let challengerMaeK: Double?
  let confidence: Double?

  init(_ renewal: RoomRenewal, at time: Date) {
    self.time = time
    adopted = renewal.adopted != nil
    if case .goBack = renewal.verdict { wentBack = true } else { wentBack = false }
    reason = renewal.reason
    championMaeK = renewal.challenge?.champion.rawValue
    challengerMaeK = renewal.challenge?.challenger.rawValue
    confidence = renewal.challenge?.confidence.rawValue
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

/// A short mark of a configuration file: FNV-1a over its bytes.
enum ConfigurationMark {
  static func of(_ path: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in FileManager.default.contents(atPath: path) ?? Data() {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
