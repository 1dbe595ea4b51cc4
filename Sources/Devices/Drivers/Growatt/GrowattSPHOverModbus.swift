// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A Growatt SPH hybrid inverter behind a Modbus TCP gateway.
public actor GrowattSPHOverModbus: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "growatt_sph_modbus", title: "Growatt SPH hybrid inverter over Modbus TCP",
    transport: .modbus, capabilities: [.battery, .pvLimit, .gridMeter, .pvMeter, .loadMeter],
    options: ModbusOptions.all + GrowattOptions.all,
    remarks: GrowattOptions.remarks + [
      "A slot is written as one request of three registers; single ones do not stay."
    ],
    withoutPems: GrowattOptions.withoutPems)

  /// The battery and, where pems may hold it back, the PV plant.
  public nonisolated let targets: [CommandTarget]
  /// How long a slot is open without being renewed.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let registers: GrowattRegisters
  private let period: Duration
  private let checkPeriod: Duration
  private let operation: GrowattOperation
  private var poller: Task<Void, Never>?

  /// A driver of a configured inverter.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    let battery = try context.requireBattery()
    let settings = context.settings
    registers = GrowattRegisters(
      device: settings.name, connection: ModbusOptions.connection(settings))
    targets = GrowattOptions.targets(context, battery)
    lease = .seconds((settings.number("lease_min") ?? 30) * 60)
    period = .seconds(settings.number("poll_seconds") ?? 5)
    checkPeriod = .seconds(settings.number("check_seconds") ?? 20)
    operation = GrowattOperation(context, battery: battery, link: registers)
  }

  /// Begins to read the registers in turn.
  public func start() {
    let (period, checkPeriod) = (period, checkPeriod)
    poller = Task { [weak self] in
      var nextCheck = ContinuousClock.now + checkPeriod
      while !Task.isCancelled {
        await self?.poll()
        if ContinuousClock.now >= nextCheck {
          await self?.watch()
          nextCheck = ContinuousClock.now + checkPeriod
        }
        try? await Task.sleep(for: period)  // ends when it is cancelled
      }
    }
  }

  /// Reads no more.
  public func stop() async {
    poller?.cancel()
    await registers.close()
  }

  private func poll() async {
    guard let telemetry = try? await registers.telemetry() else { return }  // stale readings tell
    await operation.note(telemetry.stateOfCharge)
    await operation.note(grid: telemetry.grid)
    telemetry.post(to: context.board, at: context.now())
  }

  private func watch() async {
    guard let target = targets.first else { return }
    // An inverter that does not answer is told by its stale readings.
    if let event = try? await operation.watch(target: target) { context.notice(event) }
    if let event = try? await operation.watchLimits() { context.notice(event) }
  }

  /// Puts the battery into a mode and waits until the inverter works by it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
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
  public nonisolated func lease(of target: CommandTarget) -> Duration? {
    target == .pv ? nil : lease
  }

  /// Leaves the inverter in load-first with all slots off and its production free.
  public func handBack() async throws(DeviceError) {
    try await operation.handBack()
    try await operation.liftLimits()
  }

  /// Leaves one of both to itself.
  public func handBack(_ target: CommandTarget) async throws(DeviceError) {
    if target == .pv {
      try await operation.liftLimits()
    } else {
      try await operation.handBack()
    }
  }
}

/// Where a Modbus device is, in the configuration.
enum ModbusOptions {
  static let all: [DeviceBlueprint.Option] = [
    .init("host", .text(default: nil), "The name or address of the device or its gateway."),
    .init("port", .number(1...65_535, unit: "", default: 502), "Its TCP port."),
    .init("unit", .number(0...255, unit: "", default: 1), "Its unit on the bus."),
    .init(
      "timeout_seconds", .number(0.2...10, unit: "s", default: 1), "How long an answer may take."),
    .init("poll_seconds", .number(0.5...60, unit: "s", default: 5), "How often it is read."),
  ]

  static func connection(_ settings: DeviceSettings) -> ModbusConnection {
    ModbusConnection(
      device: settings.name, host: settings.text("host"), port: settings.integer("port") ?? 502,
      unit: settings.integer("unit") ?? 1,
      timeout: .seconds(settings.number("timeout_seconds") ?? 1))
  }
}
