// SPDX-License-Identifier: MIT
import Foundation
import Household

/// What both ways to a Growatt SPH do alike: orders, checks and the end go through one operation.
protocol GrowattSPHDriver: DeviceDriver {
  var context: DriverContext { get }
  var operation: GrowattOperation { get }
}

extension GrowattSPHDriver {
  /// Posts what was read and lets the operation know.
  func take(_ telemetry: GrowattTelemetry) async {
    await operation.note(telemetry.stateOfCharge)
    await operation.note(grid: telemetry.grid)
    telemetry.post(to: context.board, at: context.now())
  }

  /// Looks whether the inverter is as it was left. One that does not answer is told by the next order,
  /// the next look or its stale readings.
  func watch() async {
    guard let target = targets.first else { return }
    if let event = try? await operation.watch(target: target) { context.notice(event) }
    if let event = try? await operation.watchLimits() { context.notice(event) }
  }

  /// Puts the battery into a mode, or limits production, and waits until the inverter works by it.
  func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    guard targets.contains(action.target) else {
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    if case .battery(_, let mode) = action {
      try await operation.carryOut(mode, until: end)
    } else {
      try await operation.limit(action)
    }
  }

  /// A time slot ends by itself, a limit of the production does not.
  nonisolated func lease(of target: CommandTarget) -> Duration? {
    target == .pv ? nil : lease
  }

  /// Leaves the inverter in load-first with all slots off and its production free.
  func handBack() async throws(DeviceError) {
    try await operation.handBack()
    try await operation.liftLimits()
  }

  /// Leaves one of both to itself.
  func handBack(_ target: CommandTarget) async throws(DeviceError) {
    if target == .pv {
      try await operation.liftLimits()
    } else {
      try await operation.handBack()
    }
  }
}
