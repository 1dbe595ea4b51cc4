// SPDX-License-Identifier: MIT
public import Foundation

/// The devices as the loop sees them: a picture of all readings, and a place for commands. Both
/// return at once; delivery goes on behind them.
public protocol HouseConnection: Sendable {
  /// The newest readings.
  func snapshot(at time: Date) -> Snapshot
  /// Wants commands from now on.
  func apply(_ commands: [Command], at time: Date) -> [CommandOutcome]
  /// Wants nothing more of targets.
  func release(_ targets: [CommandTarget])
  /// Sends what is due.
  func deliver()
}
