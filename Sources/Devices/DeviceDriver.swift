// SPDX-License-Identifier: MIT
public import Foundation
public import Household

/// What a driver is given: its settings, the way to its device, and where its readings go.
public struct DriverContext: Sendable {
  /// Its name and options.
  public let settings: DeviceSettings
  /// The home it works for.
  public let home: Home
  /// The broker; `nil` when none is configured.
  public let broker: MQTTClient?
  /// Where readings go.
  public let board: ReadingBoard
  /// Whether its stage lets it send anything to the device at all, questions included.
  public let mayCommand: Bool
  /// The wall clock, for stamps and for ends that devices compare with their own clocks.
  public let now: @Sendable () -> Date
  /// Where events go; must not block.
  public let notice: @Sendable (DeviceEvent) -> Void
  let unreadable = UnreadableMessages()

  /// All that a driver needs.
  public init(
    settings: DeviceSettings, home: Home, broker: MQTTClient?, board: ReadingBoard,
    mayCommand: Bool, now: @escaping @Sendable () -> Date,
    notice: @escaping @Sendable (DeviceEvent) -> Void
  ) {
    self.settings = settings
    self.home = home
    self.broker = broker
    self.board = board
    self.mayCommand = mayCommand
    self.now = now
    self.notice = notice
  }

  /// The broker, which the driver needs.
  func requireBroker() throws(DeviceError) -> MQTTClient {
    guard let broker else {
      throw .configuration(device: settings.name, "needs a broker; add the section 'mqtt'")
    }
    return broker
  }

  /// The battery, which the driver controls.
  func requireBattery() throws(DeviceError) -> Battery {
    guard let battery = home.battery else {
      throw .configuration(device: settings.name, "controls a battery; add the section 'battery'")
    }
    return battery
  }
}

/// Something a driver saw that concerns more than its readings.
public enum DeviceEvent: Sendable, Hashable {
  /// Somebody else changed what we had commanded: a person at the device or in its app.
  case changedByHand(CommandTarget, shown: String)
  /// The device no longer does what it had confirmed, and nobody wanted that: it was restarted.
  case lost(CommandTarget, reason: String)
  /// A person should know.
  case alert(device: String, String)
}

/// One family of devices: reads all the time, carries out one order a target at a time.
///
/// An order is a state to be in ("on until six"), never a step, so that carrying it out twice does
/// no harm. A driver is one file; `docs/devices.md` is made from its blueprint, and the conformance
/// test runs it against its simulator.
public protocol DeviceDriver: Actor {
  /// Its description.
  static var blueprint: DeviceBlueprint { get }
  /// What it carries out orders for.
  nonisolated var targets: [CommandTarget] { get }
  /// How long the device itself holds an order that is not renewed; `nil` when it holds for ever.
  nonisolated var lease: Duration? { get }
  /// The same for one of its targets, where they differ.
  nonisolated func lease(of target: CommandTarget) -> Duration?

  /// Whether the device falls back by itself when an order to a target is not renewed.
  nonisolated func fallsBack(_ target: CommandTarget) -> Bool

  /// A driver of a configured device; nothing is sent or read yet.
  init(_ context: DriverContext) throws(DeviceError)
  /// Begins to read.
  func start() async
  /// Carries out an order and returns when the device itself has confirmed it.
  ///
  /// - Parameter end: when the device shall fall back by itself, by its own clock.
  func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError)
  /// Leaves the device as if pems had never been there.
  func handBack() async throws(DeviceError)
  /// Leaves one of its targets so.
  func handBack(_ target: CommandTarget) async throws(DeviceError)
  /// Reads no more.
  func stop() async
}

extension DeviceDriver {
  /// All targets are held as long.
  public nonisolated func lease(of target: CommandTarget) -> Duration? { lease }
  /// What has a lease falls back when it is over.
  public nonisolated func fallsBack(_ target: CommandTarget) -> Bool { lease(of: target) != nil }
  /// All targets are left together.
  public func handBack(_ target: CommandTarget) async throws(DeviceError) { try await handBack() }
}
