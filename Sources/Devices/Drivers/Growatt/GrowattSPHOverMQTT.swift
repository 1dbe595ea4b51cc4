// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A Growatt SPH hybrid inverter behind a stick with OpenInverterGateway.
public actor GrowattSPHOverMQTT: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "growatt_sph_mqtt",
    title: "Growatt SPH hybrid inverter, stick with OpenInverterGateway on MQTT", transport: .mqtt,
    capabilities: [.battery, .gridMeter, .pvMeter, .loadMeter],
    options: [
      .init("topic", .text(default: "energy/solar"), "The stick's topic."),
      .init(
        "answer_seconds", .number(1...60, unit: "s", default: 10),
        "How long the stick may take to answer."),
    ] + GrowattOptions.all,
    remarks: GrowattOptions.remarks + [
      "Telemetry is kept by the broker: pems believes only what comes live and counts on."
    ],
    withoutPems: GrowattOptions.withoutPems)

  /// The battery.
  public nonisolated let targets: [CommandTarget]
  /// How long a slot is open without being renewed.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let inbox: MQTTInbox
  private let stick: GrowattStick
  private let topic: String
  private let operation: GrowattOperation
  private var lastCount: Int?
  private var watcher: Task<Void, Never>?

  /// A driver of a configured inverter.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    let client = try context.requireBroker()
    let battery = try context.requireBattery()
    let settings = context.settings
    inbox = MQTTInbox(client)
    topic = settings.text("topic")
    stick = GrowattStick(
      device: settings.name, client: client, topic: topic,
      patience: .seconds(settings.number("answer_seconds") ?? 10))
    targets = [.battery(battery.name)]
    lease = .seconds((settings.number("lease_min") ?? 30) * 60)
    operation = GrowattOperation(context, battery: battery, link: stick)
  }

  /// Listens to the stick, and asks now and then whether the inverter is as it was left.
  public func start() {
    inbox.open([topic, "\(topic)/result"]) { [weak self, topic, stick] message in
      if message.topic == topic {
        await self?.receive(message)
      } else {
        stick.receive(message)
      }
    }
    guard context.mayCommand else { return }
    let period = Duration.seconds(context.settings.number("check_seconds") ?? 20)
    watcher = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: period)  // ends when it is cancelled
        await self?.watch()
      }
    }
  }

  /// Listens no more.
  public func stop() {
    watcher?.cancel()
    inbox.close()
  }

  private func receive(_ message: MQTTMessage) async {
    guard !message.isRetained, let telemetry = GrowattTelemetry(message),
      telemetry.count == nil || telemetry.count != lastCount
    else { return }
    lastCount = telemetry.count
    await operation.note(telemetry.stateOfCharge)
    telemetry.post(to: context.board, at: context.now())
  }

  private func watch() async {
    guard let target = targets.first else { return }
    // A stick that is away is told by the next order or the next check.
    guard let event = try? await operation.watch(target: target) else { return }
    context.notice(event)
  }

  /// Puts the battery into a mode and waits until the inverter works by it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    guard case .battery(_, let mode) = action, targets.contains(action.target) else {
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    try await operation.carryOut(mode, until: end)
  }

  /// Leaves the inverter in load-first with all slots off.
  public func handBack() async throws(DeviceError) { try await operation.handBack() }
}

/// What both ways to a Growatt SPH have in common in the configuration.
enum GrowattOptions {
  static let usualWritesPerDay = 150

  static let all: [DeviceBlueprint.Option] = [
    .init(
      "lease_min", .number(5...240, unit: "minutes", default: 30),
      "How long a time slot is open without being renewed."),
    .init(
      "writes_per_day", .number(10...2_000, unit: "", default: Double(usualWritesPerDay)),
      "Settings written in a day; the inverter's memory bears about 100 000 in its life."),
    .init(
      "check_seconds", .number(1...3_600, unit: "s", default: 20),
      "How often pems looks whether the inverter still has what it confirmed."),
  ]

  static let remarks = [
    "Hold is battery-first with the stop at the live state of charge: PV is exported meanwhile.",
    "Battery-first charges from the grid up to its stop even with AC charge off, on most firmwares.",
    "Load-first discharges down to the inverter's own limit; the stop of load-first is no floor.",
    "Slots 2 and 3 of both priorities are switched off: they would overrule pems.",
    "The inverter's clock is set when it is off by a minute, because slots go by it.",
    "Slots end on half hours, so a slot stays open for up to half an hour more than its lease.",
  ]

  static let withoutPems =
    "The time slot ends by the inverter's own clock; it is in load-first (self-consumption) again."
}
