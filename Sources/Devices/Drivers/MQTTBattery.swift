// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A battery whose controller takes one JSON order and shows what it does.
public actor MQTTBattery: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "mqtt_battery", title: "Battery controller on MQTT with a JSON contract",
    transport: .mqtt,
    capabilities: [.battery],
    options: [
      .init("topic", .text(default: "battery"), "What stands before `/set` and `/status`."),
      .init(
        "lease_seconds", .number(30...7_200, unit: "s", default: 300),
        "How long the controller obeys without being told again."),
      .init(
        "confirmation_seconds", .number(0.5...60, unit: "s", default: 10),
        "How long it may take to show what it was told."),
    ],
    remarks: [
      "`TOPIC/set` takes {\"mode\":\"self_consumption|hold|charge|discharge\",\"power_w\":2000,"
        + "\"until_soc_percent\":80,\"until\":EPOCH}; `TOPIC/status` repeats mode, power_w and until,"
        + " and adds soc_percent and battery_power_w (+ discharge).",
      "For inverters without a driver: a few lines of Node-RED or Home Assistant make the bridge.",
    ],
    withoutPems: "The controller falls back to self-consumption when the time is over.")

  /// The battery.
  public nonisolated let targets: [CommandTarget]
  /// How long the controller obeys.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let topic: String
  private let confirmation: Duration
  private var awaited: (order: Order, answer: Expectation<Bool>)?
  private var confirmed: Order?

  private struct Order: Hashable {
    let mode: String
    let power: Int
    let until: Int
  }

  /// A driver of a configured battery.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    client = try context.requireBroker()
    inbox = MQTTInbox(client)
    topic = context.settings.text("topic")
    lease = .seconds(context.settings.number("lease_seconds") ?? 300)
    confirmation = .seconds(context.settings.number("confirmation_seconds") ?? 10)
    targets = [.battery(try context.requireBattery().name)]
  }

  /// Listens to the controller.
  public func start() {
    inbox.open(["\(topic)/status"]) { [weak self] in await self?.receive($0) }
  }

  /// Listens no more.
  public func stop() { inbox.close() }

  private func receive(_ message: MQTTMessage) {
    guard !message.isRetained,
      let fields = context.read(message.json, of: message, expected: "a JSON object")
    else { return }
    func number(_ key: String) -> Double? { DeviceNumber.real(json: fields[key]) }
    let time = context.now()
    context.board.post { snapshot in
      if let percent = number("soc_percent"), (0...100).contains(percent) {
        snapshot.batteryStateOfCharge = Reading(.percent(percent), at: time)
      }
      if let power = number("battery_power_w") {
        snapshot.batteryPower = Reading(Watts(power), at: time)
      }
    }
    guard let mode = fields["mode"] as? String else { return }
    func whole(_ key: String) -> Int { number(key).flatMap(DeviceNumber.whole) ?? 0 }
    let shown = Order(mode: mode, power: whole("power_w"), until: whole("until"))
    if let awaited, awaited.order == shown {
      self.awaited = nil
      confirmed = shown
      awaited.answer.meet(true)
    } else if awaited == nil, let confirmed, shown != confirmed, let target = targets.first,
      time.timeIntervalSince1970 < Double(confirmed.until)
    {
      self.confirmed = nil
      context.notice(
        mode == "self_consumption"
          ? .lost(target, reason: "the controller fell back early")
          : .changedByHand(target, shown: mode))
    }
  }

  /// Gives the order and waits until the controller shows it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    guard case .battery(_, let mode) = action, targets.contains(action.target) else {
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    let words = Self.words(mode)
    let order = Order(
      mode: words.mode, power: Int(words.power.rawValue.rounded()),
      until: Int(end.timeIntervalSince1970.rounded()))
    let answer = Expectation<Bool>()
    awaited?.answer.meet(nil)
    awaited = (order, answer)
    defer { if awaited?.answer === answer { awaited = nil } }
    let limit = words.until.map { ",\"until_soc_percent\":\(Int($0.percent.rounded()))" } ?? ""
    try client.publish(
      MQTTMessage(
        "\(topic)/set",
        "{\"mode\":\"\(order.mode)\",\"power_w\":\(order.power)\(limit),\"until\":\(order.until)}"))
    guard await answer.value(within: confirmation) == true else {
      throw .timeout(device: context.settings.name, waitedFor: "its status '\(order.mode)'")
    }
  }

  private static func words(
    _ mode: BatteryMode
  ) -> (mode: String, power: Watts, until: Fraction?) {
    switch mode {
    case .selfConsumption: ("self_consumption", .zero, nil)
    case .hold: ("hold", .zero, nil)
    case .chargeFromGrid(let power, let until): ("charge", power, until)
    case .dischargeToGrid(let power, let until): ("discharge", power, until)
    }
  }

  /// Back to self-consumption.
  public func handBack() async throws(DeviceError) {
    confirmed = nil
    try client.publish(
      MQTTMessage(
        "\(topic)/set",
        "{\"mode\":\"self_consumption\",\"power_w\":0,\"until\":"
          + "\(Int(context.now().timeIntervalSince1970))}"))
  }
}
