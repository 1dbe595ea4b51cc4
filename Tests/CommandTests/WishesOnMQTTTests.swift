// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Foundation
import Household
import Synchronization
import TestSupport
import Testing

@testable import pems

/// A bridge and somebody who speaks to it over a real broker.
private final class Conversation: Sendable {
  let changes = Mutex<[String]>([])
  let stops = Mutex<[Bool]>([])
  private let alerts = Mutex<[String]>([])
  private let pems: MQTTClient
  private let person: MQTTClient
  private let bridge: HomeBridge

  init(port: Int) async throws {
    func client(_ name: String) throws -> MQTTClient {
      try MQTTClient(BrokerSettings(host: "127.0.0.1", port: port, clientName: name))
    }
    pems = try client("pems")
    person = try client("person")
    bridge = HomeBridge(
      client: pems, home: try SunnyHome.home(batteryKilowattHours: 5),
      settings: ServiceSettings(stateFolder: ""), log: RunLog(now: { Date() }), now: { Date() })
    bridge.open(
      overrides: { Overrides() },
      change: { [weak self] change in self?.changes.withLock { $0.append("\(change)") } },
      isStopped: false, stop: { [weak self] isOn in self?.stops.withLock { $0.append(isOn) } })
    person.subscribe("pems/alert") { [weak self] message in
      self?.alerts.withLock { $0.append(message.text) }
    }
    pems.start()
    person.start()
    _ = await eventually { pems.isConnected && person.isConnected }
  }

  /// Says something until it has an effect: the first words may come before the bridge listens.
  func say(
    _ topic: String, _ text: String, isRetained: Bool = false, until isDone: () -> Bool
  ) async -> Bool {
    await eventually {
      try? person.publish(MQTTMessage(topic, text, quality: 1, isRetained: isRetained))
      return isDone()
    }
  }

  func alert(containing words: [String]) -> Bool {
    alerts.withLock { $0.contains { alert in words.allSatisfy(alert.contains) } }
  }

  func close() {
    bridge.close()
    pems.stop()
    person.stop()
  }
}

@Suite(
  "Wishes on MQTT", .serialized,
  .enabled(if: TestBroker.isAvailable, Comment(rawValue: TestBroker.missing)))
struct WishesOnMQTTTests {
  @Test(
    "that cannot be done are refused with the topic, the words and the reason, and change nothing")
  func refused() async throws {
    let broker = try TestBroker()
    let talk = try await Conversation(port: broker.port)
    let wrong = [
      ("pems/override/set", "heat!", "this is no wish as"),
      (
        "pems/override/set", #"{"target":"room","name":"attic","wish":"on"}"#,
        "this home has no room that can be overridden"
      ),
      ("pems/battery/override/set", "explode", "self_consumption, hold, charge, discharge"),
      ("pems/override_hours/set", "a while", "0.25 to 48 hours"),
      ("pems/override_hours/set", "1000", "0.25 to 48 hours"),
      ("pems/stop/set", "please", "the emergency stop is ON or OFF"),
    ]
    for (topic, text, reason) in wrong {
      let isTold = await talk.say(topic, text) { talk.alert(containing: [topic, reason]) }
      #expect(isTold, "\(topic) \(text)")
    }
    #expect(talk.changes.withLock { $0.isEmpty } && talk.stops.withLock { $0.isEmpty })
    talk.close()
  }

  @Test("the emergency stop is heard in any case, and an order that the broker kept is not obeyed")
  func stop() async throws {
    let broker = try TestBroker()
    let early = try MQTTClient(BrokerSettings(host: "127.0.0.1", port: broker.port))
    early.start()
    #expect(await early.waitForConnection(.seconds(10)))
    try early.publish(MQTTMessage("pems/stop/set", "OFF", quality: 1, isRetained: true))
    let talk = try await Conversation(port: broker.port)
    let isOn = await talk.say("pems/stop/set", " on\n") {
      talk.stops.withLock { $0.contains(true) }
    }
    #expect(isOn)
    #expect(talk.stops.withLock { !$0.contains(false) })
    #expect(talk.alert(containing: ["pems/stop/set", "do not retain it"]))
    early.stop()
    talk.close()
  }
}
