// SPDX-License-Identifier: MIT
import Configuration
import Control
import Foundation
import Household
import Physics
import Synchronization
import TimeSeries

/// Once a week asks whether the rooms, identified anew from the store, are described better than by
/// the models in use, or were by those before them, and lets the better ones plan. On a queue of its own: weeks of all rooms take
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
  private let formerPath: String
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
    formerPath =
      URL(filePath: configuration.service.stateFolder).appending(path: "room_former.json").path
    self.journal = journal
    self.log = log
  }

  /// Asks when a week is over since the last time; `adopt` is called with what is to be used, `nil`
  /// for the configured values.
  func askWeekly(at now: Date, adopt: @escaping @Sendable (RoomModels?) -> Void) {
    let last = lastVerdict?.time ?? .distantPast
    guard now.timeIntervalSince(last) >= Self.weekSeconds else { return }
    let begins = isBusy.withLock { busy in
      defer { busy = true }
      return !busy
    }
    guard begins else { return }
    queue.async { [self] in
      let verdict = ask(at: now)
      isBusy.withLock { $0 = false }
      switch verdict {
      case .keep: break
      case .adopt(let models): adopt(models)
      case .goBack(let former): adopt(former.models)
      }
    }
  }

  /// The judgement before this one.
  var lastVerdict: Verdict? {
    KeptFile.read(verdictPath, onDamage: log.tellDamage)
  }

  /// What described the rooms before the models in use; `nil` where nothing was replaced.
  var former: FormerRooms? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return KeptFile.read(formerPath, by: decoder, onDamage: log.tellDamage)
  }

  /// Identifies, judges, writes down.
  func ask(at now: Date) -> RoomRenewal.Verdict {
    let renewal: RoomRenewal
    do {
      renewal = try RoomQuestion(
        home: configuration.home, store: configuration.history.storePath, until: now,
        champion: try roomModels(of: configuration), former: former
      ).renewal()
    } catch {
      renewal = RoomRenewal(keepingBecause: "\(error)")
    }
    do {
      try write(renewal)
      let verdict = Verdict(
        time: now, adopted: renewal.adopted != nil, reason: renewal.reason)
      try writeFile(
        String(decoding: JSONEncoder().encode(verdict), as: UTF8.self), to: verdictPath)
    } catch {
      log.write(.error, "rooms_unwritable", ["problem": "\(error)"])
      return .keep
    }
    journal.note(renewal, at: now)
    log.write(
      .info, "rooms_judged",
      ["adopted": renewal.adopted != nil, "reason": renewal.reason])
    return renewal.verdict
  }

  /// Puts the files in order: the models in use, and what was in use before them.
  private func write(_ renewal: RoomRenewal) throws {
    let models: RoomModels?
    switch renewal.verdict {
    case .keep: return
    case .adopt(let new): models = new
    case .goBack(let former): models = former.models
    }
    if let models {
      try models.write(to: modelsPath)
    } else {
      try removeFile(modelsPath)
    }
    if let former = renewal.former {
      try writeFile(former.json, to: formerPath)
    } else {
      try removeFile(formerPath)
    }
  }

  private func removeFile(_ path: String) throws {
    if FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
  }
}

/// The question whether a home's rooms should be described anew, with what is needed to answer it.
struct RoomQuestion {
  private let home: Home
  private let record: HouseRecord
  private let champion: RoomModels?
  private let former: FormerRooms?

  init(
    home: Home, store: String, until: Date?, champion: RoomModels?, former: FormerRooms? = nil
  ) throws {
    self.home = home
    record = try StoredRooms.lastWeeks(of: home, store: store, until: until, models: champion)
      .record
    self.champion = champion
    self.former = former
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
      house, record: record, judgedFrom: first, home: home.rooms, champion: champion,
      former: former)
  }
}

extension RoomModels {
  /// Writes the models for the planner.
  func write(to path: String) throws { try writeFile(kept(self), to: path) }
}

extension FormerRooms {
  fileprivate var json: String { get throws { try kept(self) } }
}

/// Models as they are kept in files.
private func kept(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.dateEncodingStrategy = .iso8601
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
