// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household

/// A journal on disk: one JSON line a decision, written as it is made.
final class JournalFile {
  private let path: String
  private let file: FileHandle

  /// Begins a new journal; an older one of the same name is replaced.
  init(folder: String, name: String) throws(CommandFailure) {
    path = URL(filePath: folder).appending(path: "\(name).journal.jsonl").path
    try writeFile("", to: path)
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw .failed("cannot write \(path)")
    }
    self.file = file
  }

  /// Adds one decision.
  func append(
    _ result: ControlCycle.Result, snapshot: Snapshot, home: Home
  ) throws {
    let line = try JournalEntry(result, snapshot: snapshot, home: home).line()
    try told { try file.write(contentsOf: Data((line + "\n").utf8)) }
  }

  /// Makes sure that everything is on the disk.
  func close() throws {
    try told {
      try file.synchronize()
      try file.close()
    }
  }

  private func told(_ write: () throws -> Void) throws(CommandFailure) {
    do { try write() } catch {
      throw .failed("cannot write \(path): \(error.localizedDescription); is the disk full?")
    }
  }
}
