// SPDX-License-Identifier: MIT
public import Foundation

/// Somebody who carries commands out: the device drivers, or the simulated home.
public protocol CommandApplying {
  /// Carries out all commands and says what became of each, in their order.
  mutating func apply(_ commands: [Command], at time: Date) -> [CommandOutcome]
}

/// What became of a command.
public enum CommandOutcome: Sendable, Hashable {
  /// The device does it.
  case accepted
  /// The device does not have it or cannot do it; the text says why.
  case refused(String)
}
