// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A power meter over Modbus TCP.
public actor ModbusMeter: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "modbus_meter", title: "Power meter over Modbus TCP", transport: .modbus,
    capabilities: [.gridMeter],
    options: ModbusOptions.all + [
      .init("profile", .choice(["sdm630", "custom"]), "Which registers it has."),
      .init("address", .number(0...65_535, unit: "", default: 52), "Custom: the first register."),
      .init("table", .choice(["input", "holding"]), "Custom: which table."),
      .init(
        "type", .choice(["float32", "int32", "int16"]), "Custom: the number, high word first."),
      .init(
        "factor", .number(-1_000...1_000, unit: "", default: 1),
        "Custom: turns the number into watts, import positive."),
    ],
    remarks: ["`sdm630` is Eastron's: input register 52, 32-bit float, import positive."],
    withoutPems: "It only measures.")

  /// None: it only measures.
  public nonisolated let targets: [CommandTarget] = []
  /// None.
  public nonisolated let lease: Duration? = nil
  private let context: DriverContext
  private let connection: ModbusConnection
  private var poller: Task<Void, Never>?

  /// A driver of a configured meter.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    connection = ModbusOptions.connection(context.settings)
  }

  /// Begins to read.
  public func start() {
    let period = Duration.seconds(context.settings.number("poll_seconds") ?? 5)
    poller = Task { [weak self] in
      while !Task.isCancelled {
        await self?.poll()
        try? await Task.sleep(for: period)  // ends when it is cancelled
      }
    }
  }

  /// Reads no more.
  public func stop() async {
    poller?.cancel()
    await connection.close()
  }

  private func poll() async {
    let settings = context.settings
    let isCustom = settings.text("profile") == "custom"
    let table: ModbusConnection.Table =
      isCustom && settings.text("table") == "holding" ? .holding : .input
    let type = isCustom ? settings.text("type") : "float32"
    let address = isCustom ? settings.integer("address") ?? 52 : 52
    let factor = isCustom ? settings.number("factor") ?? 1 : 1
    // A meter that does not answer is told by its stale reading.
    guard
      let words = try? await connection.read(
        table, at: address, count: type == "int16" ? 1 : 2),
      let value = Self.number(words, type: type), value.isFinite
    else { return }
    let time = context.now()
    context.board.post { $0.gridPower = Reading(Watts(value * factor), at: time) }
  }

  private static func number(_ words: [UInt16], type: String) -> Double? {
    guard let first = words.first else { return nil }
    if type == "int16" { return Double(Int16(bitPattern: first)) }
    guard words.count == 2 else { return nil }
    let bits = UInt32(first) << 16 | UInt32(words[1])
    return type == "int32" ? Double(Int32(bitPattern: bits)) : Double(Float(bitPattern: bits))
  }

  /// Refuses: a meter does nothing.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    throw .refused(device: context.settings.name, "a meter carries nothing out")
  }

  /// Nothing to hand back.
  public func handBack() async throws(DeviceError) {}
}
