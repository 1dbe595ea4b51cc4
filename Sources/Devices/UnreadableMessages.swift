// SPDX-License-Identifier: MIT
import Foundation
import Household
import Synchronization

/// Tells of messages that a driver cannot read: a wrong field, other units of speech, a broken sender.
///
/// Sensors leave a field out now and then, so a topic is told when three messages in a row could not be
/// read, and then at most once an hour.
final class UnreadableMessages: Sendable {
  private static let inARow = 3
  private static let quietSeconds = 3_600.0

  private struct Topic {
    var unreadable = 0
    var told: Date?
  }

  private let topics = Mutex<[String: Topic]>([:])

  /// Notes a message.
  ///
  /// - Returns: whether people should be told.
  func note(_ topic: String, isReadable: Bool, at time: Date) -> Bool {
    topics.withLock { topics in
      var state = topics[topic] ?? Topic()
      defer { topics[topic] = state }
      guard !isReadable else {
        state.unreadable = 0
        return false
      }
      state.unreadable += 1
      let isQuiet = state.told.map { time.timeIntervalSince($0) < Self.quietSeconds } ?? false
      guard state.unreadable >= Self.inARow, !isQuiet else { return false }
      state.told = time
      return true
    }
  }
}

extension DriverContext {
  /// What a driver reads out of a message; where that is nothing time after time, people are told.
  ///
  /// - Parameter expected: what it should have been, as "a number at 'power'".
  func read<Value>(_ value: Value?, of message: MQTTMessage, expected: String) -> Value? {
    let isNews = unreadable.note(message.topic, isReadable: value != nil, at: now())
    if isNews {
      let text = message.text.prefix(120)
      notice(
        .alert(
          device: settings.name,
          "'\(text)' on \(message.topic) cannot be read: \(expected) was expected; it is ignored"))
    }
    return value
  }
}
