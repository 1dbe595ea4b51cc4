// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Synchronization
import TimeSeries

/// All devices of a home behind the two seams of control: one frozen picture of all readings, and
/// commands that are delivered in the background, each until its device confirms it.
public final class DeviceHub: HouseConnection, Sendable {
  /// Something for the log.
  public enum Event: Sendable {
    /// A driver saw something.
    case device(DeviceEvent)
    /// A command was confirmed by its device.
    case confirmed(Command, seconds: Double)
    /// An attempt failed.
    case failed(Command, DeviceError)
    /// A target failed too often: it is left to itself until it answers again.
    case degraded(CommandTarget, String)
  }

  /// All families of devices.
  public static let drivers: [any DeviceDriver.Type] = [
    GrowattSPHOverModbus.self, GrowattSPHOverMQTT.self, LoxoneHeating.self, LoxoneUDP.self,
    ModbusMeter.self, MQTTBattery.self, MQTTCharger.self, MQTTLimit.self,
    MQTTMeter.self, MQTTRelay.self, SunSpecLimit.self,
  ]

  /// The descriptions of all families, for configuration and documentation.
  public static var blueprints: [DeviceBlueprint] { drivers.map { $0.blueprint } }

  /// Where readings are.
  public let board: ReadingBoard
  /// The broker; `nil` when none is configured.
  public let broker: MQTTClient?
  private typealias Route = (driver: any DeviceDriver, stage: RolloutStage)
  private let drivers: [any DeviceDriver]
  private let routes: [CommandTarget: Route]
  private let queue: Mutex<DeliveryQueue>
  private let demoted = Mutex<Set<CommandTarget>>([])
  private let inherited = Mutex<Set<CommandTarget>>([])
  private let conduct: Mutex<BatteryConduct?>
  private let now: @Sendable () -> Date
  private let onEvent: @Sendable (Event) -> Void
  private let monotonic: @Sendable () -> Double

  /// Builds the drivers of the configured devices; nothing is sent or read yet.
  ///
  /// - Parameters:
  ///   - now: the wall clock.
  ///   - clock: seconds of a clock that never jumps; that of the system when left out.
  ///   - onEvent: must not block.
  /// - Throws: what is wrong in the configuration of a device.
  public init(
    settings: ServiceSettings, home: Home, broker: MQTTClient?,
    now: @escaping @Sendable () -> Date, clock: (@Sendable () -> Double)? = nil,
    onEvent: @escaping @Sendable (Event) -> Void
  ) throws(DeviceError) {
    let start = ContinuousClock.now
    monotonic = clock ?? { (ContinuousClock.now - start).seconds }
    let board = ReadingBoard(home: home)
    let notices = Relay<DeviceEvent>()
    let (drivers, routes) = try Self.built(settings) { device, stage in
      DriverContext(
        settings: device, home: home, broker: broker, board: board,
        mayCommand: stage >= .partial, now: now, notice: { notices.send($0) })
    }
    self.board = board
    self.broker = broker
    self.drivers = drivers
    self.routes = routes
    self.now = now
    self.onEvent = onEvent
    conduct = Mutex(BatteryConduct(home: home))
    queue = Mutex(
      DeliveryQueue(
        leases: Dictionary(
          uniqueKeysWithValues: routes.map { ($0.key, $0.value.driver.lease(of: $0.key)) })))
    notices.open { [weak self] in self?.receive($0) }
  }

  /// The configured drivers, and which of them leads to each target.
  private static func built(
    _ settings: ServiceSettings, context: (DeviceSettings, RolloutStage) -> DriverContext
  ) throws(DeviceError) -> (drivers: [any DeviceDriver], routes: [CommandTarget: Route]) {
    var drivers: [any DeviceDriver] = []
    var routes: [CommandTarget: Route] = [:]
    for device in settings.devices {
      guard let family = Self.drivers.first(where: { $0.blueprint.name == device.driver }) else {
        throw .configuration(device: device.name, "there is no driver '\(device.driver)'")
      }
      let stage = device.stage ?? settings.stage
      let driver = try family.init(context(device, stage))
      drivers.append(driver)
      for target in driver.targets {
        guard routes[target] == nil else {
          throw .configuration(device: device.name, "another device controls \(target) already")
        }
        routes[target] = (driver, stage)
      }
    }
    return (drivers, routes)
  }

  /// Seconds of a clock that never jumps.
  private var clock: Double { monotonic() }

  /// Whether every device shows what is wanted of it and nothing is on its way.
  public var isSettled: Bool { queue.withLock { $0.isSettled(clock: clock) } }

  /// What the devices can be told.
  public var targets: Set<CommandTarget> { Set(routes.keys) }

  /// How each target stands.
  public var status: [CommandTarget: DeliveryQueue.Status] { queue.withLock { $0.status } }

  /// Goes on with what another hub commanded, which need not hand that back.
  ///
  /// - Returns: the targets that both may command.
  public func inherit(from former: DeviceHub) -> Set<CommandTarget> {
    let demoted = demoted.withLock { $0 }
    let own = routes.filter { $1.stage.allows($0) && !demoted.contains($0) }.keys
    let taken = former.commanded.intersection(own)
    inherited.withLock { $0 = taken }
    return taken
  }

  /// What this hub has told something, or the one before it.
  private var commanded: Set<CommandTarget> {
    inherited.withLock { $0 }.union(status.filter { $0.value.sent > 0 }.keys)
  }

  /// Whether a command may go to its device by the device's stage.
  public func mayCommand(_ action: Command.Action) -> Bool {
    guard !demoted.withLock({ $0.contains(action.target) }) else { return false }
    return routes[action.target]?.stage.allows(action) ?? false
  }

  /// Commands targets no more; their devices fall back when their leases end. A device that holds an
  /// order for ever is left as if pems had never been there.
  public func demote(_ targets: [CommandTarget]) {
    demoted.withLock { $0.formUnion(targets) }
    release(targets)
    for target in targets {
      guard let driver = routes[target]?.driver, !driver.fallsBack(target) else { continue }
      // A device that does not answer keeps what it has.
      Task { try? await driver.handBack(target) }
    }
  }

  /// Begins to read; the broker is connected in the background.
  public func open() async {
    broker?.observeConnection { [weak self] isConnected in
      guard isConnected, let self else { return }
      self.queue.withLock { $0.retryNow(clock: self.clock) }
      self.deliver()
    }
    for driver in drivers { await driver.start() }
    broker?.start()
  }

  /// The newest readings.
  public func snapshot(at time: Date) -> Snapshot { board.snapshot(at: time) }

  /// Wants commands and begins to deliver them; returns at once. A command that its device's stage
  /// does not allow ends here: this is the last gate before the wire.
  public func apply(_ commands: [Command], at time: Date) -> [CommandOutcome] {
    let allowed = commands.filter { mayCommand($0.action) }
    queue.withLock { $0.want(allowed, wall: time, clock: clock) }
    deliver()
    return commands.map { command in
      guard let route = routes[command.action.target] else {
        return .refused("no device controls \(command.action.target)")
      }
      return mayCommand(command.action)
        ? .accepted : .refused("stage \(route.stage.rawValue) commands nothing here")
    }
  }

  /// Wants nothing of targets any more.
  public func release(_ targets: [CommandTarget]) {
    queue.withLock { $0.release(targets) }
  }

  /// Sends what is due; called by the loop every few seconds and after each answer.
  public func deliver() {
    watchConduct()
    for order in queue.withLock({ $0.takeDue(clock: clock) }) {
      Task { [weak self] in await self?.carryOut(order) }
    }
  }

  /// A battery that is measured to do something else than its inverter confirmed is told again, and a
  /// person is told.
  private func watchConduct() {
    let (clock, snapshot) = (clock, board.snapshot(at: now()))
    let told = conduct.withLock { conduct -> (CommandTarget, String?, mustRepeat: Bool)? in
      guard let target = conduct?.target, let status = queue.withLock({ $0.status(of: target) })
      else { return nil }
      var wanted: BatteryMode?
      if case .battery(_, let mode)? = status.wanted?.action { wanted = mode }
      var isConfirmed = false
      if case .battery(_, let mode)? = status.confirmed {
        isConfirmed = wanted?.isOfTheKind(of: mode) ?? false
      }
      let mustRepeat =
        conduct?.look(wanted, isConfirmed: isConfirmed, snapshot: snapshot, clock: clock) ?? false
      let text = conduct?.contradiction
      return text == status.contradiction && !mustRepeat ? nil : (target, text, mustRepeat)
    }
    guard let (target, text, mustRepeat) = told else { return }
    let isDegraded = queue.withLock { queue in
      if mustRepeat { queue.forget(target) }
      return queue.note(text, of: target)
    }
    if isDegraded, let text { onEvent(.degraded(target, "confirmed, but \(text)")) }
  }

  private func carryOut(_ order: DeliveryQueue.Order) async {
    guard let route = routes[order.command.action.target], mayCommand(order.command.action)
    else { return }
    let began = clock
    do {
      let end = now().addingTimeInterval(order.hold.seconds)
      try await route.driver.carryOut(order.command.action, until: end)
      queue.withLock { $0.confirm(order, clock: clock) }
      onEvent(.confirmed(order.command, seconds: clock - began))
    } catch {
      var isWithheld = false
      if case .writeBudget = error { isWithheld = true }
      let isDegraded = queue.withLock { [isWithheld] in
        $0.fail(order, because: "\(error)", isWithheld: isWithheld, clock: clock)
      }
      onEvent(.failed(order.command, error))
      if isDegraded { onEvent(.degraded(order.command.action.target, "\(error)")) }
    }
    deliver()
  }

  private func receive(_ event: DeviceEvent) {
    switch event {
    case .lost(let target, _):
      queue.withLock { $0.lose(target, clock: clock) }
    case .changedByHand(let target, _):
      queue.withLock { $0.release([target]) }
    case .alert: break
    }
    onEvent(.device(event))
    deliver()
  }

  /// Leaves every device that was commanded as if pems had never been there.
  ///
  /// - Parameters:
  ///   - all: also devices that this process has not commanded: after a crash.
  ///   - kept: what somebody else goes on commanding at once.
  /// - Returns: what could not be handed back; those fall back when their leases end.
  public func handBack(
    all: Bool = false, keeping kept: Set<CommandTarget> = []
  ) async -> [DeviceError] {
    let commanded = commanded
    queue.withLock { $0.release(routes.keys) }
    var failures: [DeviceError] = []
    for driver in drivers {
      let own = driver.targets.filter {
        !kept.contains($0) && routes[$0]?.stage.allows($0) ?? false
      }
      guard !own.isEmpty, all || own.contains(where: commanded.contains) else { continue }
      do {
        if own.count == driver.targets.count {
          try await driver.handBack()
        } else {
          for target in own { try await driver.handBack(target) }
        }
      } catch { failures.append(error) }
    }
    return failures
  }

  /// Reads no more and says goodbye to the broker.
  public func close() async {
    for driver in drivers { await driver.stop() }
    broker?.stop()
  }
}

/// A call that is made before its receiver exists.
private final class Relay<Value: Sendable>: Sendable {
  private let receiver = Mutex<(@Sendable (Value) -> Void)?>(nil)

  func open(_ receive: @escaping @Sendable (Value) -> Void) {
    receiver.withLock { $0 = receive }
  }

  func send(_ value: Value) { receiver.withLock { $0 }?(value) }
}
