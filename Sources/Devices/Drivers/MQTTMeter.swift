// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// One measured value on a topic.
public actor MQTTMeter: DeviceDriver {
  /// What is measured.
  enum Quantity: String, Sendable, CaseIterable {
    case gridPower = "grid_power"
    case pvPower = "pv_power"
    case loadPower = "load_power"
    case batteryPower = "battery_power"
    case batteryStateOfCharge = "battery_soc"
    case outdoorTemperature = "outdoor_temperature"
    case roomTemperature = "room_temperature"
  }

  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "mqtt_meter", title: "One measured value on an MQTT topic", transport: .mqtt,
    capabilities: [.gridMeter, .pvMeter, .loadMeter, .roomTemperatures, .outdoorTemperature],
    options: [
      .init("topic", .text(default: nil), "The topic."),
      .init(
        "field", .text(default: ""),
        "The key in a JSON message, `a.b` for b inside a; without it the message is the number."),
      .init("quantity", .choice(Quantity.allCases.map(\.rawValue)), "What it measures."),
      .init("room", .text(default: ""), "For room_temperature: which room."),
      .init(
        "factor", .number(-1_000_000...1_000_000, unit: "", default: 1),
        "Turns the number into W, % or °C with pems' signs: grid + import, battery + discharge."),
    ],
    remarks: [
      "Messages out of the broker's memory are not believed: nobody knows how old they are."
    ],
    withoutPems: "It only measures.")

  /// None: it only measures.
  public nonisolated let targets: [CommandTarget] = []
  /// None.
  public nonisolated let lease: Duration? = nil
  private let context: DriverContext
  private let inbox: MQTTInbox
  private let quantity: Quantity
  private let field: String

  /// A driver of a configured value.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    inbox = MQTTInbox(try context.requireBroker())
    quantity = Quantity(rawValue: context.settings.text("quantity")) ?? .gridPower
    field = context.settings.text("field")
    let room = context.settings.text("room")
    guard quantity != .roomTemperature || context.home.rooms.contains(where: { $0.name == room })
    else {
      throw .configuration(
        device: context.settings.name,
        "room_temperature needs 'room', one of "
          + context.home.rooms.map(\.name).joined(separator: ", "))
    }
  }

  /// Listens to the topic.
  public func start() {
    inbox.open([context.settings.text("topic")]) { [weak self] in await self?.receive($0) }
  }

  /// Listens no more.
  public func stop() { inbox.close() }

  private func receive(_ message: MQTTMessage) {
    guard !message.isRetained,
      let value = context.read(value(of: message), of: message, expected: expected)
    else { return }
    let (time, room) = (context.now(), context.settings.text("room"))
    context.board.post { snapshot in
      switch quantity {
      case .gridPower: snapshot.gridPower = Reading(Watts(value), at: time)
      case .pvPower: snapshot.pvPower = Reading(Watts(value), at: time)
      case .batteryPower: snapshot.batteryPower = Reading(Watts(value), at: time)
      case .batteryStateOfCharge:
        snapshot.batteryStateOfCharge = Reading(.percent(value), at: time)
      case .outdoorTemperature: snapshot.outdoorTemperature = Reading(Celsius(value), at: time)
      case .roomTemperature: snapshot.roomTemperatures[room] = Reading(Celsius(value), at: time)
      case .loadPower: break
      }
    }
    if quantity == .loadPower { context.board.postLoad(Reading(Watts(value), at: time)) }
  }

  /// The number in pems' unit; a state of charge is between 0 and 100 %.
  private func value(of message: MQTTMessage) -> Double? {
    guard let number = message.number(at: field) else { return nil }
    let value = number * (context.settings.number("factor") ?? 1)
    return quantity != .batteryStateOfCharge || (0...100).contains(value) ? value : nil
  }

  private var expected: String {
    let place = field.isEmpty ? "" : " at '\(field)'"
    let range = quantity == .batteryStateOfCharge ? " that is 0 to 100 % by its factor" : ""
    return "a number\(place)\(range)"
  }

  /// Refuses: a meter does nothing.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    throw .refused(device: context.settings.name, "a meter carries nothing out")
  }

  /// Nothing to hand back.
  public func handBack() async throws(DeviceError) {}
}
