// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// An inverter that takes one number on a topic: the most it may produce or feed in.
public actor MQTTLimit: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "mqtt_limit", title: "Limit of an inverter on MQTT, of its production or its export",
    transport: .mqtt, capabilities: [.pvLimit],
    options: [
      .init(
        "limits", .choice(["production", "export"]),
        "What the number limits: what the inverter gives, or what is fed in."),
      .init("command_topic", .text(default: nil), "Where it is told the number."),
      .init("status_topic", .text(default: nil), "Where it shows the number it was told."),
      .init(
        "field", .text(default: ""),
        "The key of the number in a JSON status, `a.b` for b inside a; without it the message."),
      .init(
        "factor", .number(0.000_1...1_000, unit: "", default: 1),
        "Turns W into its number: 0.01 for per cent of 10 kW."),
      .init(
        "unlimited", .number(0...1_000_000, unit: "", default: nil),
        "The number that lifts the limit, by the inverter's own count."),
      .init(
        "renew_seconds", .number(5...900, unit: "s", default: 30),
        "Production: how often a limit that shall end the export is made anew."),
      .init(
        "confirmation_seconds", .number(0.5...60, unit: "s", default: 10),
        "How long it may take to show what it was told."),
    ],
    remarks: [
      "OpenDTU: `solar/SERIAL/cmd/limit_nonpersistent_absolute` and `solar/SERIAL/status/limit_absolute`.",
      "One that limits its production needs meters of grid and PV: pems then allows what house and battery "
        + "take. Take a number that is not kept in the inverter's memory.",
      "One that limits its export cannot produce less on purpose: it exports nothing instead.",
    ],
    withoutPems: "It keeps the number it was told last; pems lifts the limit when it stops.")

  /// The PV plant.
  public nonisolated let targets: [CommandTarget] = [.pv]
  /// How long a number is good.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let limitsExport: Bool
  private let factor: Double
  private let unlimited: Double
  private let confirmation: Duration
  private var awaited: (number: Double, answer: Expectation<Bool>)?
  private var confirmed: Double?

  /// A driver of a configured limit.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    client = try context.requireBroker()
    inbox = MQTTInbox(client)
    let settings = context.settings
    limitsExport = settings.text("limits") == "export"
    factor = settings.number("factor") ?? 1
    unlimited = settings.number("unlimited") ?? 0
    confirmation = .seconds(settings.number("confirmation_seconds") ?? 10)
    // The queue renews in the middle of a lease.
    lease = limitsExport ? nil : .seconds(2 * (settings.number("renew_seconds") ?? 30))
    guard context.home.inverter != nil else {
      throw .configuration(device: settings.name, "limits an inverter; add the section 'pv'")
    }
  }

  /// The number stays until somebody says another.
  public nonisolated func fallsBack(_ target: CommandTarget) -> Bool { false }

  /// Listens to the inverter.
  public func start() {
    inbox.open([context.settings.text("status_topic")]) { [weak self] in await self?.receive($0) }
  }

  /// Listens no more.
  public func stop() { inbox.close() }

  private func receive(_ message: MQTTMessage) {
    let field = context.settings.text("field")
    guard !message.isRetained,
      let shown = context.read(
        message.number(at: field), of: message,
        expected: "a number" + (field.isEmpty ? "" : " at '\(field)'"))
    else { return }
    if let awaited, isSame(awaited.number, shown) {
      self.awaited = nil
      confirmed = shown
      awaited.answer.meet(true)
    } else if awaited == nil, let confirmed, !isSame(confirmed, shown) {
      self.confirmed = nil
      context.notice(
        isSame(shown, unlimited)
          ? .lost(.pv, reason: "the inverter forgot its limit; was it restarted?")
          : .changedByHand(.pv, shown: "a limit of \(shown)"))
    }
  }

  /// Inverters round to whole numbers or to thousandths of their power.
  private func isSame(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= max(0.5, 0.002 * unlimited)
  }

  private func number(for action: Command.Action) throws(DeviceError) -> Double {
    let watts: Watts?
    switch action {
    case .limitExport(let limit) where limitsExport: watts = limit
    case .limitPV(.some) where limitsExport: watts = .zero
    default: watts = try ProductionLimit.watts(for: action, context)
    }
    return watts.map { min(unlimited, ($0.rawValue * factor).rounded(.down)) } ?? unlimited
  }

  /// Tells the number and waits until the inverter shows it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    let number = try number(for: action)
    let answer = Expectation<Bool>()
    awaited?.answer.meet(nil)
    awaited = (number, answer)
    defer { if awaited?.answer === answer { awaited = nil } }
    try tell(number)
    guard await answer.value(within: confirmation) == true else {
      throw .timeout(device: context.settings.name, waitedFor: "its limit of \(number)")
    }
  }

  private func tell(_ number: Double) throws(DeviceError) {
    let text = number == number.rounded() ? "\(Int(number))" : "\(number)"
    try client.publish(MQTTMessage(context.settings.text("command_topic"), text))
  }

  /// Lifts the limit.
  public func handBack() async throws(DeviceError) {
    confirmed = nil
    try tell(unlimited)
  }
}
