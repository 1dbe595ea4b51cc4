// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household

/// What a running pems must know again after it was killed, in one small file.
struct RunState: Codable, Sendable, Hashable {
  /// Wishes of people.
  var overrides = Overrides()
  /// Whether pems had to be killed: nobody handed the house back.
  var isRunning = false
  /// Trust that was taken away from targets.
  var demotions: [StageGuard.Demotion] = []
  /// The emergency stop, which only a person lifts.
  var isStopped = false

  init() {}

  /// A state that an older pems wrote has no demotions and no stop.
  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    overrides = try fields.decode(Overrides.self, forKey: .overrides)
    isRunning = try fields.decode(Bool.self, forKey: .isRunning)
    demotions = try fields.decodeIfPresent([StageGuard.Demotion].self, forKey: .demotions) ?? []
    isStopped = try fields.decodeIfPresent(Bool.self, forKey: .isStopped) ?? false
  }
}

/// The files of what a running pems must know again. A write is whole or not at all, whenever the power fails.
struct RunStateFile: Sendable {
  let path: String
  private let roomsPath: String

  init(folder: String) {
    path = URL(filePath: folder).appending(path: "state.json").path
    roomsPath = URL(filePath: folder).appending(path: "rooms.json").path
  }

  /// The state; a new one where there is none.
  ///
  /// - Parameter onDamage: told of a file that is there and cannot be read: its wishes, distrust and
  ///   stop are not known.
  func read(onDamage: (String) -> Void) -> RunState {
    KeptFile.read(path, onDamage: onDamage) ?? RunState()
  }

  /// What was believed of the rooms; `nil` where nobody wrote it or it cannot be read.
  func readRooms(onDamage: (String) -> Void) -> RoomMemory? {
    KeptFile.read(roomsPath, onDamage: onDamage)
  }

  /// Writes the state.
  func write(_ state: RunState) throws { try write(state, to: path) }

  /// Writes what is believed of the rooms.
  func write(_ rooms: RoomMemory) throws { try write(rooms, to: roomsPath) }

  /// Writes beside, onto the disk, and then over the old one.
  private func write(_ state: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let data = try encoder.encode(state)
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let beside = url.appendingPathExtension("new")
    guard FileManager.default.createFile(atPath: beside.path, contents: nil) else {
      throw CommandFailure.failed("cannot write \(beside.path); is the disk full?")
    }
    let file = try FileHandle(forWritingTo: beside)
    try file.write(contentsOf: data)
    try file.synchronize()
    try file.close()
    guard rename(beside.path, path) == 0 else {
      throw CommandFailure.failed("cannot replace \(path): \(String(cString: strerror(errno)))")
    }
  }
}
