// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// The safety loop's decision, every few seconds: what the last plan wanted, as people changed it,
/// held against the newest readings. Pure; it needs neither forecast nor planner.
public struct FastCycle: Sendable {
  /// What may go to the devices now.
  public struct Decision: Sendable, Hashable {
    /// The commands after wishes and limits.
    public let commands: [Command]
    /// Targets that are left to themselves: nothing may be commanded to them.
    public let released: [CommandTarget]
    /// What the limits changed.
    public let interventions: [SafetyLimits.Intervention]
  }

  /// A meter that is older than this says nothing about the fuse.
  public static let meterAge = Duration.seconds(30)

  private let home: Home
  private let mode: ControlMode

  /// The safety loop of a home.
  ///
  /// - Parameter mode: with `manual` only wishes count, with `safety` it is always stopped.
  public init(home: Home, mode: ControlMode = .optimised) {
    self.home = home
    self.mode = mode
  }

  /// Decides.
  ///
  /// - Parameters:
  ///   - wanted: what the last slow decision wanted, before its limits.
  ///   - isStopped: the emergency stop: everything off, the battery in self-consumption.
  public func decide(
    wanted: [Command], overrides: Overrides, snapshot: Snapshot, isStopped: Bool = false
  ) -> Decision {
    let now = snapshot.time
    let isStopped = isStopped || mode == .safety
    let wanted = mode == .manual ? [] : wanted
    var commands = isStopped ? stopped(at: now) : wanted.filter { $0.expiresAt > now }
    if !isStopped {
      commands = overrides.apply(to: commands, at: now, lifetime: Self.wishLifetime)
    }
    var released = overrides.all.values.filter { $0.until > now }.compactMap { override in
      if case .handsOff(let target) = override.wish { return target }
      return nil
    }
    if isStopped { released = [] }
    // Without a temperature nobody can tell whether a room is too warm: its own thermostat decides.
    let blind = commands.compactMap { command -> CommandTarget? in
      guard case .heat(let room, true) = command.action, isBlind(room, snapshot) else { return nil }
      return .room(room)
    }
    commands.removeAll { blind.contains($0.action.target) }
    var picture = snapshot
    if let meter = snapshot.gridPower, !meter.isFresh(at: now, maximumAge: Self.meterAge) {
      picture.gridPower = nil
    }
    let wishes = overrides.all.values.filter { $0.until > now }.compactMap { override in
      if case .room(let room) = override.wish.target { return room }
      return nil
    }
    let limited = SafetyLimits.apply(
      to: commands, snapshot: picture, home: home,
      withoutRest: isStopped ? Set(home.heatedRooms.map(\.name)) : Set(wishes))
    return Decision(
      commands: limited.commands, released: (released + blind).sorted(),
      interventions: limited.interventions)
  }

  /// A wish is renewed every few seconds; it outlives a minute without pems.
  private static let wishLifetime = 60.0

  private func isBlind(_ room: String, _ snapshot: Snapshot) -> Bool {
    guard let reading = snapshot.roomTemperatures[room] else { return true }
    return !reading.isFresh(at: snapshot.time, maximumAge: home.safety.maximumReadingAge)
  }

  private func stopped(at now: Date) -> [Command] {
    let end = now.addingTimeInterval(Self.wishLifetime)
    var actions: [Command.Action] = home.heatedRooms.map { .heat(room: $0.name, isOn: false) }
    actions += home.chargePoints.map { .charge(chargePoint: $0.name, power: .zero) }
    actions += home.appliances.map { .run(appliance: $0.name, isOn: false) }
    if let battery = home.battery {
      actions.append(.battery(name: battery.name, mode: .selfConsumption))
    }
    return actions.map {
      Command($0, expiresAt: end, reason: mode == .safety ? "mode safety" : "emergency stop")
    }
  }
}
