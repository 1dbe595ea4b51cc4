// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// The log of a running pems: one JSON line an event on the error output, where systemd keeps it.
final class RunLog: Sendable {
  enum Level: String, Sendable {
    case info, warning, error
  }

  private let now: @Sendable () -> Date
  private let last = Mutex<[String: ContinuousClock.Instant]>([:])

  init(now: @escaping @Sendable () -> Date) { self.now = now }

  /// Writes an event with what belongs to it. A full disk or a closed pipe ends no control loop.
  func write(_ level: Level, _ event: String, _ fields: [String: any Sendable] = [:]) {
    var line = fields
    line["time"] = now().formatted(.iso8601)
    line["level"] = level.rawValue
    line["event"] = event
    guard
      let data = try? JSONSerialization.data(
        withJSONObject: line, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return }
    try? FileHandle.standardError.write(contentsOf: data + Data("\n".utf8))
  }

  /// Writes an event at most once in a while for each key.
  func writeSparsely(
    _ level: Level, _ event: String, key: String, every period: Duration = .seconds(300),
    _ fields: [String: any Sendable] = [:]
  ) {
    let isDue = last.withLock { last in
      if let time = last[key], ContinuousClock.now - time < period { return false }
      last[key] = .now
      return true
    }
    if isDue { write(level, event, fields) }
  }
}
