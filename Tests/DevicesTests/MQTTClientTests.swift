// SPDX-License-Identifier: MIT
import Foundation
import Household
import Synchronization
import TestSupport
import Testing

@testable import Devices

extension ServerSuites {
  @Suite(
    "MQTT client", .serialized,
    .enabled(if: TestBroker.isAvailable, Comment(rawValue: TestBroker.missing)))
  struct MQTTClientTests {
    private func client(_ port: Int, will: MQTTMessage? = nil) throws -> MQTTClient {
      try MQTTClient(
        BrokerSettings(host: "127.0.0.1", port: port, clientName: "test-\(UUID().uuidString)"),
        will: will)
    }

    private func eventually(_ condition: () -> Bool) async -> Bool {
      for _ in 0..<400 where !condition() { try? await Task.sleep(for: .milliseconds(25)) }
      return condition()
    }

    @Test("refuses to publish while the broker is away, instead of queueing")
    func refuses() throws {
      let client = try client(try ServerProcess.freePort())
      client.start()
      defer { client.stop() }
      #expect(throws: DeviceError.self) { try client.publish(MQTTMessage("a", "b")) }
    }

    @Test("comes back after the broker was killed, subscribes anew and gets messages")
    func reconnects() async throws {
      let broker = try TestBroker()
      let received = Mutex<[String]>([])
      let listener = try client(broker.port)
      listener.subscribe("x/#") { message in received.withLock { $0.append(message.text) } }
      listener.start()
      defer { listener.stop() }
      #expect(await listener.waitForConnection(.seconds(5)))
      broker.kill()
      #expect(await eventually { !listener.isConnected })
      try broker.start()
      #expect(await listener.waitForConnection(.seconds(10)))
      let ok = await eventually {
        try? listener.publish(MQTTMessage("x/y", "hello"))
        return received.withLock { $0.contains("hello") }
      }
      #expect(ok)
    }

    @Test("tells a retained message from a live one")
    func retained() async throws {
      let broker = try TestBroker()
      let sender = try client(broker.port)
      sender.start()
      defer { sender.stop() }
      #expect(await sender.waitForConnection(.seconds(5)))
      try sender.publish(MQTTMessage("t", "old", isRetained: true))
      try await Task.sleep(for: .milliseconds(100))
      let received = Mutex<[MQTTMessage]>([])
      let listener = try client(broker.port)
      listener.subscribe("t") { message in received.withLock { $0.append(message) } }
      listener.start()
      defer { listener.stop() }
      #expect(await eventually { received.withLock { $0.count } == 1 })
      try sender.publish(MQTTMessage("t", "new", isRetained: true))
      #expect(await eventually { received.withLock { $0.count } == 2 })
      #expect(received.withLock { $0.map(\.isRetained) } == [true, false])
    }

    @Test(
      "its will is published when it dies, and not when it says goodbye",
      arguments: [true, false])
    func will(isGraceful: Bool) async throws {
      let broker = try TestBroker()
      let received = Mutex<[String]>([])
      let listener = try client(broker.port)
      listener.subscribe("status") { message in received.withLock { $0.append(message.text) } }
      listener.start()
      defer { listener.stop() }
      #expect(await listener.waitForConnection(.seconds(5)))
      var dying: MQTTClient? = try client(broker.port, will: MQTTMessage("status", "offline"))
      dying?.start()
      #expect(await dying?.waitForConnection(.seconds(5)) == true)
      if isGraceful {
        dying?.stop()
        try await Task.sleep(for: .milliseconds(300))
        #expect(received.withLock { $0.isEmpty })
      } else {
        // A second client of the same name throws the first one out, which counts as death.
        let name = "twin"
        let settings = BrokerSettings(host: "127.0.0.1", port: broker.port, clientName: name)
        let first = try MQTTClient(settings, will: MQTTMessage("status", "offline"))
        first.start()
        #expect(await first.waitForConnection(.seconds(5)))
        let second = try MQTTClient(settings)
        second.start()
        #expect(
          await eventually {
            received.withLock { $0 == ["offline"] } || received.withLock { $0.count > 0 }
          })
        second.stop()
        first.stop()
      }
      dying?.stop()
      dying = nil
    }

    @Test(
      "matches topics by the rules of MQTT",
      arguments: [("a/b", "a/+", true), ("a/b/c", "a/#", true), ("a/b", "a/b/c", false)])
    func matching(topic: String, filter: String, matches: Bool) {
      #expect(MQTTClient.matches(topic, filter) == matches)
    }
  }
}
