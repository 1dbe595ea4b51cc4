// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A Growatt SPH hybrid inverter behind a stick with OpenInverterGateway.
actor GrowattSPHOverMQTT: GrowattSPHDriver {
  /// Its description.
  static let blueprint = DeviceBlueprint(
    name: "growatt_sph_mqtt",
    title: "Growatt SPH hybrid inverter, stick with OpenInverterGateway on MQTT", transport: .mqtt,
    capabilities: [.battery, .pvLimit, .gridMeter, .pvMeter, .loadMeter],
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

  /// The battery and, where pems may hold it back, the PV plant.
  nonisolated let targets: [CommandTarget]
  /// How long a slot is open without being renewed.
  nonisolated let lease: Duration?
  let context: DriverContext
  private let inbox: MQTTInbox
  private let stick: GrowattStick
  private let topic: String
  let operation: GrowattOperation
  private var lastCount: Int?
  private var watcher: Task<Void, Never>?

  /// A driver of a configured inverter.
  init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    let client = try context.requireBroker()
    let battery = try context.requireBattery()
    let settings = context.settings
    inbox = MQTTInbox(client)
    topic = settings.text("topic")
    stick = GrowattStick(
      device: settings.name, client: client, topic: topic,
      patience: .seconds(settings.number("answer_seconds") ?? 10))
    targets = GrowattOptions.targets(context, battery)
    lease = .seconds((settings.number("lease_min") ?? 30) * 60)
    operation = GrowattOperation(context, battery: battery, link: stick)
  }

  /// Listens to the stick, and asks now and then whether the inverter is as it was left.
  func start() {
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
  func stop() {
    watcher?.cancel()
    inbox.close()
  }

  private func receive(_ message: MQTTMessage) async {
    guard !message.isRetained, let telemetry = GrowattTelemetry(message),
      telemetry.count == nil || telemetry.count != lastCount
    else { return }
    lastCount = telemetry.count
    await take(telemetry)
  }
}
