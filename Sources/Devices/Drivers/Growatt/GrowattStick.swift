// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// Questions to the MQTT stick of a Growatt inverter and its answers, matched by correlation.
///
/// The stick answers everything on one retained topic, one command at a time.
/// Source: OpenInverterGateway, ShineMqtt.cpp and Growatt124.cpp at ad247df (protocol only).
final class GrowattStick: GrowattLink, Sendable {
  /// An answer; what a command does not give is absent.
  struct Answer: Decodable, Sendable {
    struct Slot: Decodable, Sendable {
      let slot: Int
      let start: String
      let stop: String
      let enabled: Bool
    }

    let correlationId: String?
    let success: Bool
    let message: String?
    let powerRate: Int?
    let stopSOC: Int?
    let acChargeEnabled: Bool?
    let timeSlots: [Slot]?
    let commands: [String]?
    let value: Value?
  }

  /// A number or a text.
  enum Value: Decodable, Sendable {
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  private let device: String
  private let client: MQTTClient
  private let topic: String
  private let patience: Duration
  private let state = Mutex(State())

  private struct State {
    var count = 0
    var awaited: [String: Expectation<Answer>] = [:]
  }

  /// Different in every process, so that nobody takes an answer to another.
  private let mark = String(ProcessInfo.processInfo.globallyUniqueString.prefix(8))

  init(device: String, client: MQTTClient, topic: String, patience: Duration) {
    self.device = device
    self.client = client
    self.topic = topic
    self.patience = patience
  }

  /// A message of the result topic; old answers out of the broker's memory are nobody's.
  func receive(_ message: MQTTMessage) {
    guard !message.isRetained,
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(message.payload)),
      let correlation = answer.correlationId
    else { return }
    state.withLock { $0.awaited.removeValue(forKey: correlation) }?.meet(answer)
  }

  /// When a question whose answer has not come is sent again, in parts of the patience.
  private static let repeats = [0.4, 0.3]

  /// Sends a command and waits for its own answer.
  ///
  /// The stick loses answers now and then. Sent twice, a command does the same, and its number is the
  /// same, so that whichever answer comes counts.
  func ask(
    _ command: String, _ fields: [String: any Sendable] = [:]
  ) async throws(DeviceError) -> Answer {
    let answer = Expectation<Answer>()
    let correlation = state.withLock { state in
      state.count += 1
      let correlation = "pems-\(mark)-\(state.count)"
      state.awaited[correlation] = answer
      return correlation
    }
    defer { state.withLock { _ = $0.awaited.removeValue(forKey: correlation) } }
    var fields = fields
    fields["correlationId"] = correlation
    guard let payload = try? JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
    else { throw .unreadable(device: device, "command \(command) has no JSON") }
    let question = MQTTMessage("\(topic)/command/\(command)", Array(payload))
    try client.publish(question)
    let again = Task { [client, patience] in
      for share in Self.repeats {
        try await Task.sleep(for: patience * share)
        try client.publish(question)
      }
    }
    defer { again.cancel() }
    guard let result = await answer.value(within: patience) else {
      throw .timeout(device: device, waitedFor: "the answer to \(command)")
    }
    guard result.success else {
      throw .refused(device: device, "\(command): \(result.message ?? "no reason")")
    }
    return result
  }

  /// What a mode needs; `modbus/get` is used where it is there.
  private static let needed = [
    "batteryfirst/get", "batteryfirst/set/acchargeenabled", "batteryfirst/set/powerrate",
    "batteryfirst/set/stopsoc", "batteryfirst/set/timeslot", "datetime/get", "datetime/set",
    "gridfirst/get", "gridfirst/set/powerrate", "gridfirst/set/stopsoc",
    "gridfirst/set/timeslot",
  ]

  /// Asks the firmware for its commands; one that has no such list is believed.
  func probe() async throws(DeviceError) {
    let known: [String]?
    do {
      known = try await ask("list").commands
    } catch DeviceError.refused {
      known = nil
    }
    let missing = Self.needed.filter { !(known ?? Self.needed).contains($0) }
    guard missing.isEmpty else {
      throw .refused(
        device: device, "its firmware lacks \(missing.joined(separator: ", ")); update the stick")
    }
  }

  func settings() async throws(DeviceError) -> GrowattSettings {
    var settings = GrowattSettings()
    let battery = try await ask("batteryfirst/get")
    let grid = try await ask("gridfirst/get")
    settings.batteryFirst = try priority(battery)
    settings.gridFirst = try priority(grid)
    settings.chargesFromGrid = battery.acChargeEnabled ?? false
    return settings
  }

  private func priority(_ answer: Answer) throws(DeviceError) -> GrowattSettings.Priority {
    guard let rate = answer.powerRate, let stop = answer.stopSOC, let slots = answer.timeSlots
    else { throw .unreadable(device: device, "settings without rate, stop or slots") }
    var priority = GrowattSettings.Priority(powerRate: rate, stopStateOfCharge: stop)
    for slot in slots where (1...3).contains(slot.slot) {
      guard let start = Self.minute(slot.start), let stop = Self.minute(slot.stop) else {
        throw .unreadable(device: device, "the slot \(slot.start)–\(slot.stop)")
      }
      priority.slots[slot.slot - 1] = GrowattSettings.Slot(
        startMinute: start, stopMinute: stop, isEnabled: slot.enabled)
    }
    return priority
  }

  func write(_ write: GrowattSettings.Write) async throws(DeviceError) {
    switch write {
    case .slot(let kind, let number, let slot):
      _ = try await ask(
        "\(kind.rawValue)/set/timeslot",
        [
          "start": slot.isEnabled ? Self.clock(slot.startMinute) : "00:00",
          "stop": slot.isEnabled ? Self.clock(slot.stopMinute) : "00:00",
          "enabled": slot.isEnabled, "slot": number,
        ])
    case .powerRate(let kind, let percent):
      _ = try await ask("\(kind.rawValue)/set/powerrate", ["value": percent])
    case .stopStateOfCharge(let kind, let percent):
      _ = try await ask("\(kind.rawValue)/set/stopsoc", ["value": percent])
    case .chargesFromGrid(let isOn):
      _ = try await ask("batteryfirst/set/acchargeenabled", ["value": isOn ? 1 : 0])
    }
  }

  func limits() async throws(DeviceError) -> GrowattLimits {
    GrowattLimits(
      limitsExport: try await register(122) != 0, exportThousandths: try await register(123),
      activeRate: try await register(3))
  }

  private func register(_ address: Int) async throws(DeviceError) -> Int {
    let answer = try await ask(
      "modbus/get", ["id": address, "type": "16b", "registerType": "H"])
    guard case .number(let value)? = answer.value else {
      throw .unreadable(device: device, "register \(address)")
    }
    return Int(value)
  }

  func write(_ write: GrowattLimits.Write) async throws(DeviceError) {
    switch write {
    case .export(0): _ = try await ask("export/disable", ["value": true])
    case .export(1_000): _ = try await ask("export/enable", ["value": true])
    case .export(let thousandths):
      // The limit first: once it is switched on it must not be an old one.
      for (address, value) in [(123, thousandths), (122, 1)] {
        _ = try await ask(
          "modbus/set", ["id": address, "type": "16b", "registerType": "H", "value": value])
      }
    case .activeRate(let percent): _ = try await ask("power/set/activerate", ["value": percent])
    }
  }

  func priority() async throws(DeviceError) -> Int? {
    do {
      let answer = try await ask(
        "modbus/get", ["id": 118, "type": "16b", "registerType": "I"])
      guard case .number(let priority)? = answer.value else { return nil }
      return DeviceNumber.whole(priority)
    } catch DeviceError.refused {
      return nil  // a firmware without modbus/get: the settings that were read back must do
    }
  }

  func clock(_ timeZone: TimeZone) async throws(DeviceError) -> Date? {
    guard case .text(let shown)? = try await ask("datetime/get").value else { return nil }
    // The inverter keeps two digits of the year: "0026-11-20 18:30:15".
    return Self.date("20" + shown.dropFirst(2), timeZone: timeZone)
  }

  func setClock(_ time: Date, _ timeZone: TimeZone) async throws(DeviceError) {
    _ = try await ask("datetime/set", ["value": Self.text(time, timeZone: timeZone)])
  }

  private static func formatter(_ timeZone: TimeZone) -> DateFormatter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = timeZone
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return formatter
  }

  private static func text(_ date: Date, timeZone: TimeZone) -> String {
    formatter(timeZone).string(from: date)
  }

  private static func date(_ text: String, timeZone: TimeZone) -> Date? {
    formatter(timeZone).date(from: text)
  }

  private static func clock(_ minute: Int) -> String {
    String(format: "%02d:%02d", minute / 60, minute % 60)
  }

  private static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    guard parts.count == 2, (0...24).contains(parts[0]), (0...59).contains(parts[1]) else {
      return nil
    }
    return parts[0] * 60 + parts[1]
  }
}
