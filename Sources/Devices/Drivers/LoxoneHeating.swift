// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// Heating relays of a Loxone Miniserver over MQTT.
///
/// `TOPIC/ROOM/set` takes `{"state":"on|off","until":EPOCH}`; `TOPIC/ROOM/status` shows what the
/// room does. After `until` the room's own thermostat decides.
public actor LoxoneHeating: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "loxone_heating", title: "Loxone Miniserver: heating relays over MQTT", transport: .mqtt,
    capabilities: [.heating, .roomTemperatures],
    options: [
      .init(
        "topic", .text(default: "loxone/heating"), "What stands before the room in its topics."),
      .init("rooms", .rooms, "The Miniserver's name of each room; without it, pems' own names."),
      .init(
        "lease_seconds", .number(20...900, unit: "s", default: 60),
        "How long a room obeys without being told again."),
      .init(
        "confirmation_seconds", .number(0.5...60, unit: "s", default: 5),
        "How long a room may take to show what it was told."),
    ],
    remarks: [
      "A room that shows another state than it was told, with an end that is not ours, was switched"
        + " by a person; pems leaves it alone for a while.",
      "Temperatures come with the status, so a room needs no other sensor.",
    ],
    withoutPems: "The room's own thermostat takes over when the lease ends.")

  /// What a room shows.
  struct Status: Sendable, Hashable {
    let isOn: Bool
    let source: String
    let until: Date?
    let celsius: Double?
    let time: Date?

    init?(_ message: MQTTMessage) {
      guard let fields = message.json, let state = fields["state"] as? String else { return nil }
      isOn = state.lowercased() == "on"
      source = fields["source"] as? String ?? "command"
      until = DeviceNumber.real(json: fields["until"]).map {
        Date(timeIntervalSince1970: $0 > 1e11 ? $0 / 1_000 : $0)
      }
      celsius = DeviceNumber.real(json: fields["temperature"])
      time = (fields["timestamp"] as? String).flatMap(Timestamp.iso8601)
    }
  }

  private struct Order {
    let isOn: Bool
    let until: Date
  }

  /// The rooms it switches.
  public nonisolated let targets: [CommandTarget]
  /// How long a room obeys.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let topic: String
  private let confirmation: Duration
  /// Room by the Miniserver's name, and the other way.
  private let rooms: [String: String]
  private let names: [String: String]
  private var awaited: [String: (order: Order, answer: Expectation<Bool>)] = [:]
  private var confirmed: [String: Order] = [:]

  /// A driver of a configured Miniserver.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    client = try context.requireBroker()
    inbox = MQTTInbox(client)
    topic = context.settings.text("topic")
    lease = .seconds(context.settings.number("lease_seconds") ?? 60)
    confirmation = .seconds(context.settings.number("confirmation_seconds") ?? 5)
    let given = context.settings.rooms("rooms")
    let heated = context.home.heatedRooms.map(\.name)
    let names =
      given.isEmpty ? Dictionary(uniqueKeysWithValues: heated.map { ($0, $0) }) : given
    self.names = names
    rooms = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    targets = heated.filter { names[$0] != nil }.map { .room($0) }
  }

  /// Listens to the rooms.
  public func start() {
    inbox.open(["\(topic)/+/status"]) { [weak self] in await self?.receive($0) }
  }

  /// Forgets the rooms.
  public func stop() { inbox.close() }

  private func receive(_ message: MQTTMessage) {
    let parts = message.topic.split(separator: "/")
    guard parts.count >= 2, let room = rooms[String(parts[parts.count - 2])],
      let status = context.read(
        Status(message), of: message, expected: "a JSON object with 'state'")
    else { return }
    // A message out of the broker's memory is as old as it says, not as new as it comes.
    guard let time = message.isRetained ? status.time : context.now() else { return }
    context.board.postRelay(room, isOn: status.isOn, at: time)
    if let celsius = status.celsius {
      context.board.post { $0.roomTemperatures[room] = Reading(Celsius(celsius), at: time) }
    }
    if !message.isRetained { compare(status, room: room) }
  }

  private func compare(_ status: Status, room: String) {
    if let (order, answer) = awaited[room], Self.shows(status, order) {
      awaited[room] = nil
      confirmed[room] = order
      answer.meet(true)
      return
    }
    guard awaited[room] == nil, let order = confirmed[room], context.now() < order.until,
      !Self.shows(status, order)
    else { return }
    confirmed[room] = nil
    let shown = "\(status.isOn ? "on" : "off") by \(status.source)"
    if status.source == "thermostat" {
      context.notice(.lost(.room(room), reason: "its thermostat decides before the lease is over"))
    } else {
      context.notice(.changedByHand(.room(room), shown: shown))
    }
  }

  /// Ends are compared to the second, as some Miniservers keep whole seconds.
  private static func shows(_ status: Status, _ order: Order) -> Bool {
    status.source == "command" && status.isOn == order.isOn
      && abs((status.until ?? .distantPast).timeIntervalSince(order.until)) < 1.5
  }

  /// Switches a room's relay and waits until the room shows it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    guard case .heat(let room, let isOn) = action, let name = names[room] else {
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    let order = Order(isOn: isOn, until: end)
    let answer = Expectation<Bool>()
    awaited[room]?.answer.meet(nil)
    awaited[room] = (order, answer)
    defer { if awaited[room]?.answer === answer { awaited[room] = nil } }
    let epoch = Int(end.timeIntervalSince1970.rounded())
    try client.publish(
      MQTTMessage(
        "\(topic)/\(name)/set", "{\"state\":\"\(isOn ? "on" : "off")\",\"until\":\(epoch)}"))
    guard await answer.value(within: confirmation) == true else {
      throw .timeout(device: "room \(room)", waitedFor: "its status '\(isOn ? "on" : "off")'")
    }
  }

  /// Lets every room that obeys us go back to its thermostat at once.
  public func handBack() async throws(DeviceError) {
    for (room, order) in confirmed {
      guard let name = names[room] else { continue }
      let epoch = Int(context.now().timeIntervalSince1970)
      let state = order.isOn ? "on" : "off"
      try client.publish(
        MQTTMessage("\(topic)/\(name)/set", "{\"state\":\"\(state)\",\"until\":\(epoch)}"))
    }
    confirmed = [:]
  }
}
