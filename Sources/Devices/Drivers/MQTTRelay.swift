// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A relay with topics of its own: Shelly, Tasmota, or any other by its topics.
public actor MQTTRelay: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "mqtt_relay", title: "Relay on MQTT: Shelly, Tasmota or by its topics", transport: .mqtt,
    capabilities: [.appliance, .heating],
    options: [
      .init("room", .text(default: ""), "The room whose heater it switches."),
      .init("appliance", .text(default: ""), "In place of a room: the appliance that it switches."),
      .init("power_topic", .text(default: ""), "Where it tells what the appliance draws, in W."),
      .init(
        "power_field", .text(default: ""), "The key of a JSON text that holds the power."),
      .init(
        "profile", .choice(["custom", "shelly_gen1", "shelly_gen2", "tasmota"]), "Whose topics."),
      .init("id", .text(default: ""), "With a profile: the device's name in its topics."),
      .init("channel", .number(0...15, unit: "", default: 0), "With a profile: which relay."),
      .init("command_topic", .text(default: ""), "Custom: where it is told."),
      .init("status_topic", .text(default: ""), "Custom: where it tells."),
      .init("on", .text(default: "on"), "Custom: the text for on, both ways."),
      .init("off", .text(default: "off"), "Custom: the text for off, both ways."),
      .init(
        "field", .text(default: ""), "Custom: the key of a JSON status that holds the state."),
      .init(
        "confirmation_seconds", .number(0.5...60, unit: "s", default: 5),
        "How long it may take to show what it was told."),
    ],
    remarks: [
      "These relays do not fall back by themselves; give them an auto-off timer of about 30 minutes"
        + " (Shelly: auto off; Tasmota: PulseTime) so that a dead pems cannot heat for ever."
    ],
    withoutPems:
      "It stays as it is until its own auto-off timer; pems switches it off when it stops.")

  /// The topics and words of a relay.
  struct Dialect: Sendable, Hashable {
    var command: String
    var status: String
    var on = "on"
    var off = "off"
    var field = ""
    /// A topic and a text that make it tell its state.
    var question: MQTTMessage?

    init(_ settings: DeviceSettings) {
      let (id, channel) = (settings.text("id"), settings.integer("channel") ?? 0)
      switch settings.text("profile") {
      case "shelly_gen1":
        command = "shellies/\(id)/relay/\(channel)/command"
        status = "shellies/\(id)/relay/\(channel)"
      case "shelly_gen2":
        command = "\(id)/command/switch:\(channel)"
        status = "\(id)/status/switch:\(channel)"
        field = "output"
        question = MQTTMessage("\(id)/command/switch:\(channel)", "status_update")
      case "tasmota":
        let power = channel == 0 ? "POWER" : "POWER\(channel + 1)"
        command = "cmnd/\(id)/\(power)"
        status = "stat/\(id)/\(power)"
        (on, off) = ("ON", "OFF")
        question = MQTTMessage("cmnd/\(id)/\(power)", "")
      default:
        command = settings.text("command_topic")
        status = settings.text("status_topic")
        (on, off, field) = (settings.text("on"), settings.text("off"), settings.text("field"))
      }
    }

    /// What a status says; `nil` when it says something else.
    func state(_ message: MQTTMessage) -> Bool? {
      guard !field.isEmpty else { return word(message.text) }
      guard let value = message.json?[field] else { return nil }
      if let flag = value as? Bool { return flag }
      return (value as? String).flatMap(word)
    }

    var expected: String {
      "'\(on)' or '\(off)'" + (field.isEmpty ? "" : " at '\(field)'")
    }

    private func word(_ text: String) -> Bool? {
      let text = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
      return text == on.lowercased() ? true : text == off.lowercased() ? false : nil
    }
  }

  /// The room or the appliance.
  public nonisolated let targets: [CommandTarget]
  /// None: the relay stays as it is.
  public nonisolated let lease: Duration? = nil
  private let context: DriverContext
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let dialect: Dialect
  private let target: CommandTarget
  private let confirmation: Duration
  private var awaited: (isOn: Bool, answer: Expectation<Bool>)?
  private var confirmed: Bool?
  private var isOn: Bool?

  /// A driver of a configured relay.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    client = try context.requireBroker()
    inbox = MQTTInbox(client)
    dialect = Dialect(context.settings)
    confirmation = .seconds(context.settings.number("confirmation_seconds") ?? 5)
    let (room, appliance) = (context.settings.text("room"), context.settings.text("appliance"))
    guard room.isEmpty != appliance.isEmpty else {
      throw .configuration(
        device: context.settings.name, "a relay has either a room or an appliance")
    }
    target = appliance.isEmpty ? .room(room) : .appliance(appliance)
    targets = [target]
    guard
      context.home.heatedRooms.contains(where: { $0.name == room })
        || context.home.appliances.contains(where: { $0.name == appliance })
    else {
      throw .configuration(
        device: context.settings.name,
        appliance.isEmpty ? "there is no heated room '\(room)'" : "there is no \(target)")
    }
    guard !dialect.command.isEmpty, !dialect.status.isEmpty else {
      throw .configuration(
        device: context.settings.name, "a custom relay needs command_topic and status_topic")
    }
  }

  /// Listens to the relay and asks for its state.
  public func start() {
    let power = context.settings.text("power_topic")
    inbox.open(Array(Set([dialect.status, power])).filter { !$0.isEmpty }) { [weak self] in
      await self?.receive($0)
    }
  }

  /// Listens no more.
  public func stop() { inbox.close() }

  private func receive(_ message: MQTTMessage) {
    receivePower(message)
    guard message.topic == dialect.status,
      let state = context.read(
        dialect.state(message), of: message, expected: dialect.expected)
    else { return }
    isOn = state
    if case .room(let room) = target {
      context.board.postRelay(room, isOn: state, at: context.now())
    }
    if let awaited, awaited.isOn == state {
      self.awaited = nil
      confirmed = state
      awaited.answer.meet(true)
    } else if awaited == nil, !message.isRetained, let confirmed, confirmed != state {
      self.confirmed = nil
      context.notice(.changedByHand(target, shown: state ? "on" : "off"))
    }
  }

  /// What an appliance draws, where its topic tells.
  private func receivePower(_ message: MQTTMessage) {
    guard case .appliance(let name) = target,
      message.topic == context.settings.text("power_topic")
    else { return }
    let field = context.settings.text("power_field")
    let expected = "a number" + (field.isEmpty ? "" : " at '\(field)'")
    guard let watts = context.read(message.number(at: field), of: message, expected: expected)
    else { return }
    context.board.postAppliance(name, power: Watts(max(0, watts)), at: context.now())
  }

  /// Switches and waits until the relay shows it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    let isOn: Bool
    switch action {
    case .heat(_, let state) where action.target == target: isOn = state
    case .run(_, let state) where action.target == target: isOn = state
    default: throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    let answer = Expectation<Bool>()
    awaited?.answer.meet(nil)
    awaited = (isOn, answer)
    defer { if awaited?.answer === answer { awaited = nil } }
    try client.publish(MQTTMessage(dialect.command, isOn ? dialect.on : dialect.off))
    guard await answer.value(within: confirmation) == true else {
      throw .timeout(device: context.settings.name, waitedFor: "'\(isOn ? "on" : "off")'")
    }
  }

  /// A heater goes off; an appliance gets its current, so that its own thermostat decides.
  public func handBack() async throws(DeviceError) {
    confirmed = nil
    if case .appliance = target {
      try client.publish(MQTTMessage(dialect.command, dialect.on))
      return
    }
    guard isOn != false else { return }
    try client.publish(MQTTMessage(dialect.command, dialect.off))
  }
}
