// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A Growatt SPH hybrid inverter behind a Modbus TCP gateway.
actor GrowattSPHOverModbus: GrowattSPHDriver {
  /// Its description.
  static let blueprint = DeviceBlueprint(
    name: "growatt_sph_modbus", title: "Growatt SPH hybrid inverter over Modbus TCP",
    transport: .modbus, capabilities: [.battery, .pvLimit, .gridMeter, .pvMeter, .loadMeter],
    options: ModbusOptions.all + GrowattOptions.all,
    remarks: GrowattOptions.remarks + [
      "A slot is written as one request of three registers; single ones do not stay."
    ],
    withoutPems: GrowattOptions.withoutPems)

  /// The battery and, where pems may hold it back, the PV plant.
  nonisolated let targets: [CommandTarget]
  /// How long a slot is open without being renewed.
  nonisolated let lease: Duration?
  let context: DriverContext
  private let registers: GrowattRegisters
  private let period: Duration
  private let checkPeriod: Duration
  let operation: GrowattOperation
  private var poller: Task<Void, Never>?

  /// A driver of a configured inverter.
  init(_ context: DriverContext) throws(DeviceError) {
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
  func start() {
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
  func stop() async {
    poller?.cancel()
    await registers.close()
  }

  private func poll() async {
    guard let telemetry = try? await registers.telemetry() else { return }  // stale readings tell
    await take(telemetry)
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
