// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A wallbox by its topics on MQTT: one for on and off, one for the current, and what it shows of both.
public actor MQTTCharger: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "mqtt_charger", title: "Wallbox on MQTT by its topics", transport: .mqtt,
    capabilities: [.charging],
    options: [
      .init("charge_point", .text(default: nil), "The charge point of the home that it is."),
      .init("enable_topic", .text(default: nil), "Where it is told to charge or not."),
      .init("enabled_topic", .text(default: nil), "Where it shows whether it may charge."),
      .init("current_topic", .text(default: nil), "Where it is told the current, A a phase."),
      .init("current_shown_topic", .text(default: nil), "Where it shows the current it was told."),
      .init(
        "status_topic", .text(default: ""),
        "Where it shows the state of the plug, A to F by IEC 61851; without it a car is there when it draws."
      ),
      .init("power_topic", .text(default: ""), "Where it shows the power it draws."),
      .init("power_factor", .number(0.001...1_000, unit: "", default: 1), "Turns that into W."),
      .init("soc_topic", .text(default: ""), "Where the car shows its state of charge, %."),
      .init("on", .text(default: "true"), "The text for on, both ways."),
      .init("off", .text(default: "false"), "The text for off, both ways."),
      .init("current_step_a", .number(0.1...6, unit: "A", default: 1), "Steps of the current."),
      .init(
        "confirmation_seconds", .number(0.5...60, unit: "s", default: 10),
        "How long it may take to show what it was told."),
    ],
    remarks: [
      "The same topics as a custom charger of evcc: status, enabled, enable, maxcurrent.",
      "A power below the smallest current stops it; it is told off, never unplugged or restarted.",
      "What the broker kept tells how the plug is, but a car counts only once the wallbox speaks.",
    ],
    withoutPems: "It stays at the current it was told last; pems lets it charge when it stops.")

  private struct Order: Hashable {
    let isOn: Bool
    /// Per phase, in steps; what it was before where it is off.
    let amperes: Double
  }

  private struct Shown {
    var isOn: Bool?
    var amperes: Double?
    var plug: String?
    var watts: Double?
    var percent: Double?
  }

  /// The charge point.
  public nonisolated let targets: [CommandTarget]
  /// None: it stays as it is.
  public nonisolated let lease: Duration? = nil
  private let context: DriverContext
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let point: ChargePoint
  private let vehicle: String?
  private var shown = Shown()
  private var awaited: (order: Order, answer: Expectation<Bool>)?
  private var confirmed: Order?

  /// A driver of a configured wallbox.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    client = try context.requireBroker()
    inbox = MQTTInbox(client)
    let name = context.settings.text("charge_point")
    guard let point = context.home.chargePoints.first(where: { $0.name == name }) else {
      throw .configuration(device: context.settings.name, "there is no charge point '\(name)'")
    }
    self.point = point
    vehicle = context.home.vehicles.first { $0.chargePoint == name }?.name
    targets = [.chargePoint(name)]
  }

  /// Listens to the wallbox.
  public func start() {
    let keys = [
      "enabled_topic", "current_shown_topic", "status_topic", "power_topic", "soc_topic",
    ]
    let topics = keys.map(context.settings.text).filter { !$0.isEmpty }
    inbox.open(topics) { [weak self] in await self?.receive($0) }
  }

  /// Listens no more.
  public func stop() { inbox.close() }

  private func receive(_ message: MQTTMessage) {
    let settings = context.settings
    let text = message.text.trimmingCharacters(in: .whitespacesAndNewlines)
    func number() -> Double? {
      context.read(DeviceNumber.real(text), of: message, expected: "a number")
    }
    // One topic may serve two purposes, so each is looked at.
    if message.topic == settings.text("enabled_topic") {
      let (on, off) = (settings.text("on"), settings.text("off"))
      shown.isOn = context.read(
        Self.flag(text, on: on, off: off), of: message, expected: "'\(on)' or '\(off)'")
    }
    if message.topic == settings.text("current_shown_topic") { shown.amperes = number() }
    if message.topic == settings.text("status_topic") {
      shown.plug = text.first.map { String($0).uppercased() }
    }
    if message.topic == settings.text("power_topic") {
      shown.watts = number().map { $0 * (settings.number("power_factor") ?? 1) }
    }
    if message.topic == settings.text("soc_topic") {
      shown.percent = context.read(
        DeviceNumber.real(text).flatMap { (0...100).contains($0) ? $0 : nil }, of: message,
        expected: "a number from 0 to 100")
    }
    guard !message.isRetained else { return }
    post()
    compare()
  }

  private static func flag(_ text: String, on: String, off: String) -> Bool? {
    text == on ? true : text == off ? false : nil
  }

  /// States B to F are those with a car; the power alone tells only that one charges.
  private func post() {
    guard let vehicle else { return }
    let watts = shown.watts ?? 0
    let isConnected = shown.plug.map { ["B", "C", "D"].contains($0) } ?? (watts > 0)
    let state = VehicleState(
      isConnected: isConnected,
      stateOfCharge: isConnected ? shown.percent.map { .percent($0) } : nil, power: Watts(watts))
    let time = context.now()
    context.board.post { $0.vehicles[vehicle] = Reading(state, at: time) }
  }

  private func shows(_ order: Order) -> Bool {
    guard shown.isOn == order.isOn else { return false }
    guard order.isOn, let amperes = shown.amperes else { return !order.isOn }
    return abs(amperes - order.amperes) < 0.05
  }

  private func compare() {
    if let awaited, shows(awaited.order) {
      self.awaited = nil
      confirmed = awaited.order
      awaited.answer.meet(true)
    } else if awaited == nil, let confirmed, let target = targets.first, !shows(confirmed) {
      self.confirmed = nil
      let state = shown.isOn == true ? "on at \(shown.amperes ?? 0) A" : "off"
      context.notice(.changedByHand(target, shown: state))
    }
  }

  private func order(_ power: Watts) -> Order {
    let step = context.settings.number("current_step_a") ?? 1
    let smallest = point.minimumCurrent.rawValue
    let possible = power / point.power(at: Amperes(1))
    guard possible > smallest - 0.01 else {
      return Order(isOn: false, amperes: shown.amperes ?? smallest)
    }
    // Rounded down: a fuse that leaves 9.9 A leaves no 10 A.
    let steps = ((possible + 1e-6) / step).rounded(.down) * step
    return Order(
      isOn: true, amperes: min(point.maximumCurrent.rawValue, max(smallest, steps)))
  }

  /// Sets the current, then lets it charge or not, and waits until it shows both.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    guard case .charge(_, let power) = action, targets.contains(action.target) else {
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    let order = order(power)
    let answer = Expectation<Bool>()
    awaited?.answer.meet(nil)
    awaited = (order, answer)
    defer { if awaited?.answer === answer { awaited = nil } }
    try send(order)
    guard
      await answer.value(within: .seconds(context.settings.number("confirmation_seconds") ?? 10))
        == true
    else {
      let state = order.isOn ? "on at \(order.amperes) A" : "off"
      throw .timeout(device: context.settings.name, waitedFor: "'\(state)'")
    }
  }

  private func send(_ order: Order) throws(DeviceError) {
    let settings = context.settings
    if order.isOn {
      let text =
        order.amperes == order.amperes.rounded()
        ? "\(Int(order.amperes))" : String(format: "%.1f", order.amperes)
      try client.publish(MQTTMessage(settings.text("current_topic"), text))
    }
    try client.publish(
      MQTTMessage(settings.text("enable_topic"), settings.text(order.isOn ? "on" : "off")))
  }

  /// Lets the car charge at the smallest current: it shall be ready at last.
  public func handBack() async throws(DeviceError) {
    confirmed = nil
    try send(Order(isOn: true, amperes: point.minimumCurrent.rawValue))
  }
}
