// SPDX-License-Identifier: MIT
public import Foundation
public import Household

/// What a person wants instead of the plan, until a time.
public struct Override: Sendable, Hashable, Codable {
  /// What shall be done.
  public enum Wish: Sendable, Hashable, Codable {
    /// Do this.
    case action(Command.Action)
    /// Leave the target to itself: pems commands nothing.
    case handsOff(CommandTarget)

    /// What it is for.
    public var target: CommandTarget {
      switch self {
      case .action(let action): action.target
      case .handsOff(let target): target
      }
    }
  }

  /// Where it came from.
  public enum Source: String, Sendable, Hashable, Codable {
    /// The command line.
    case commandLine
    /// A message on MQTT.
    case mqtt
    /// Somebody changed it at the device.
    case device
  }

  /// What is wanted.
  public let wish: Wish
  /// When it ends; every override ends.
  public let until: Date
  /// Who wants it.
  public let source: Source
  /// When it was made.
  public let since: Date

  /// A wish with an end.
  public init(_ wish: Wish, until: Date, source: Source, since: Date) {
    self.wish = wish
    self.until = until
    self.source = source
    self.since = since
  }
}

/// All overrides in force, at most one for each target: the newest.
public struct Overrides: Sendable, Hashable, Codable {
  /// By target.
  public private(set) var all: [CommandTarget: Override] = [:]

  /// No overrides.
  public init() {}

  /// Takes a wish in the place of an older one for the same target.
  public mutating func set(_ override: Override) { all[override.wish.target] = override }

  /// Ends the wish for a target.
  public mutating func clear(_ target: CommandTarget) { all[target] = nil }

  /// Forgets what has ended.
  public mutating func expire(at time: Date) { all = all.filter { $0.value.until > time } }

  /// Commands as people want them: wishes in the place of what was planned.
  ///
  /// - Parameter lifetime: how long a command of a wish holds without being renewed, seconds.
  public func apply(to commands: [Command], at time: Date, lifetime: Double) -> [Command] {
    let current = all.filter { $0.value.until > time }
    var result = commands.filter { current[$0.action.target] == nil }
    for override in current.values.sorted(by: { $0.wish.target < $1.wish.target }) {
      guard case .action(let action) = override.wish else { continue }
      result.append(
        Command(
          action, expiresAt: min(override.until, time.addingTimeInterval(lifetime)),
          reason: "wanted by \(override.source == .device ? "a person at the device" : "a person")")
      )
    }
    return result
  }
}
