// SPDX-License-Identifier: MIT
import Configuration
import Control
import Foundation
import Household
import Physics
import Synchronization
import TimeSeries

/// Once a week asks whether the rooms, identified anew from the store, are described better than by
/// the models in use, and lets the better ones plan. On a queue of its own: weeks of all rooms take
/// a minute of computing.
final class RoomLearning: Sendable {
  /// What stays of a judgement, beside the models.
  struct Verdict: Codable, Sendable, Hashable {
    let time: Date
    let adopted: Bool
    let reason: String
  }

  /// The home and where its models are kept.
  let configuration: HomeConfiguration
  private let modelsPath: String
  private let verdictPath: String
  private let journal: RunJournal
  private let log: RunLog
  private let queue = DispatchQueue(label: "pems.rooms", qos: .utility)
  private let isBusy = Mutex(false)

  private static let weekSeconds = 7 * 86_400.0

  /// `nil` where the configuration names no file for the models: then what it says of rooms counts.
  init?(_ configuration: HomeConfiguration, journal: RunJournal, log: RunLog) {
    guard let path = configuration.history.roomModelsPath, !configuration.home.rooms.isEmpty else {
      return nil
    }
    self.configuration = configuration
    modelsPath = path
    verdictPath =
      URL(filePath: configuration.service.stateFolder).appending(path: "room_verdict.json").path
    self.journal = journal
    self.log = log
  }

  /// Asks when a week is over since the last time; `adopt` is called with models that won.
  func askWeekly(at now: Date, adopt: @escaping @Sendable (RoomModels) -> Void) {
    let last = lastVerdict?.time ?? .distantPast
    guard now.timeIntervalSince(last) >= Self.weekSeconds else { return }
    let begins = isBusy.withLock { busy in
      defer { busy = true }
      return !busy
    }
    guard begins else { return }
    queue.async { [self] in
      let models = ask(at: now)
      isBusy.withLock { $0 = false }
      if let models { adopt(models) }
    }
  }

  /// The judgement before this one.
  var lastVerdict: Verdict? {
    FileManager.default.contents(atPath: verdictPath).flatMap {
      try? JSONDecoder().decode(Verdict.self, from: $0)
    }
  }

  /// Identifies, judges, writes down; the models that won.
  func ask(at now: Date) -> RoomModels? {
    let renewal: RoomRenewal
    do {
      renewal = try RoomQuestion(
        home: configuration.home, store: configuration.history.storePath, until: now,
        champion: try roomModels(of: configuration)
      ).renewal()
    } catch {
      renewal = RoomRenewal(keepingBecause: "\(error)")
    }
    do {
      if let models = renewal.adopted { try models.write(to: modelsPath) }
      let verdict = Verdict(
        time: now, adopted: renewal.adopted != nil, reason: renewal.reason)
      try writeFile(
        String(decoding: JSONEncoder().encode(verdict), as: UTF8.self), to: verdictPath)
    } catch {
      log.write(.error, "rooms_unwritable", ["problem": "\(error)"])
      return nil
    }
    journal.note(renewal, at: now)
    log.write(
      .info, "rooms_judged",
      ["adopted": renewal.adopted != nil, "reason": renewal.reason])
    return renewal.adopted
  }
}

/// The question whether a home's rooms should be described anew, with what is needed to answer it.
struct RoomQuestion {
  private let home: Home
  private let record: HouseRecord
  private let champion: RoomModels?

  init(home: Home, store: String, until: Date?, champion: RoomModels?) throws {
    self.home = home
    record = try StoredRooms.lastWeeks(of: home, store: store, until: until).record
    self.champion = champion
  }

  /// Identifies all but the last week, one room after the other, and judges by it.
  func renewal() throws -> RoomRenewal {
    let days = Double(record.grid.count) * record.grid.stepHours / 24
    guard days >= RoomRenewal.fewestDays else {
      return RoomRenewal(
        keepingBecause: String(
          format: "%.0f days of rooms are stored, %.0f are needed", days, RoomRenewal.fewestDays))
    }
    let first = record.grid.count - Int(RoomRenewal.judgedDays * 24 / record.grid.stepHours)
    let identification = try HouseIdentification(record: record, until: first)
    let house = identification.house(
      (0..<identification.roomCount).map(identification.room))
    return RoomRenewal(
      house, record: record, judgedFrom: first, home: home.rooms, champion: champion)
  }
}

extension RoomModels {
  /// Writes the models for the planner.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try writeFile(String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: path)
  }
}
