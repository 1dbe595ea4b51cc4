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
      defer { listener.stop() }
      try await listener.startAndConnect()
      broker.kill()
      try #require(await eventually { !listener.isConnected })
      try broker.start()
      try await listener.startAndConnect()
      try listener.publish(MQTTMessage("x/y", "hello"))
      #expect(await eventually { received.withLock { $0 == ["hello"] } })
    }

    /// A broker that takes clients in at once, notes each subscription in a file, and acknowledges them all
    /// once another file is there.
    private static let hesitantBroker = """
      import os, socket, sys, threading, time
      port, asked, go = int(sys.argv[1]), sys.argv[2], sys.argv[3]
      def acknowledge(client, number):
          while not os.path.exists(go): time.sleep(.01)
          client.sendall(bytes([0x90, 3]) + number + bytes([1]))
      with socket.create_server(("127.0.0.1", port)) as listener:
          while True:
              client = listener.accept()[0]
              stream = client.makefile("rb")
              while head := stream.read(2):
                  kind, content = head[0] >> 4, stream.read(head[1])
                  if kind == 1: client.sendall(bytes([0x20, 2, 0, 0]))
                  if kind != 8: continue
                  with open(asked, "a") as notes: print(content[4:-1].decode(), file=notes)
                  threading.Thread(target=acknowledge, args=(client, content[:2])).start()
      """

    @Test(
      "is connected when all its subscriptions are, and forgets none that came in between",
      .enabled(if: ServerProcess.has("python3"), "skipped: python3 is not installed"))
    func subscribes() async throws {
      let folder = try TemporaryFolder()
      let (asked, go) = (folder.path("asked"), folder.path("go"))
      let port = try ServerProcess.freePort()
      let broker = try ServerProcess(
        "python3", ["-c", Self.hesitantBroker, "\(port)", asked, go], port: port)
      defer { broker.kill() }
      func hasAsked(for filters: String) -> Bool {
        (try? String(contentsOfFile: asked, encoding: .utf8)) == filters
      }
      let client = try client(port)
      client.subscribe("early") { _ in }
      client.start()
      defer { client.stop() }
      try #require(await eventually { hasAsked(for: "early\n") })
      client.subscribe("late") { _ in }
      try #require(await eventually { hasAsked(for: "early\nlate\n") })
      #expect(!client.isConnected)
      #expect(FileManager.default.createFile(atPath: go, contents: nil))
      try await client.startAndConnect()
    }

    @Test("tells a retained message from a live one")
    func retained() async throws {
      let broker = try TestBroker()
      let kept = MessageLog()
      let sender = try client(broker.port)
      sender.subscribe("t") { kept.add($0) }
      defer { sender.stop() }
      try await sender.startAndConnect()
      try sender.publish(MQTTMessage("t", "old", isRetained: true))
      // It has to be the broker's before the listener asks for it.
      try #require(await eventually { !kept.all.isEmpty })
      let received = Mutex<[MQTTMessage]>([])
      let listener = try client(broker.port)
      listener.subscribe("t") { message in received.withLock { $0.append(message) } }
      defer { listener.stop() }
      try await listener.startAndConnect()
      try #require(await eventually { received.withLock { $0.count } == 1 })
      try sender.publish(MQTTMessage("t", "new", isRetained: true))
      try #require(await eventually { received.withLock { $0.count } == 2 })
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
      defer { listener.stop() }
      try await listener.startAndConnect()
      if isGraceful {
        let leaving = try client(broker.port, will: MQTTMessage("status", "offline"))
        try await leaving.startAndConnect()
        leaving.stop()
        // The broker reads what came to it in the order in which it came, the goodbye first.
        try listener.publish(MQTTMessage("status", "after"))
        try #require(await eventually { received.withLock { !$0.isEmpty } })
        #expect(received.withLock { $0 } == ["after"])
      } else {
        // A second client of the same name throws the first one out, which counts as death.
        let name = "twin"
        let settings = BrokerSettings(host: "127.0.0.1", port: broker.port, clientName: name)
        let first = try MQTTClient(settings, will: MQTTMessage("status", "offline"))
        try await first.startAndConnect()
        let second = try MQTTClient(settings)
        second.start()
        #expect(await eventually { received.withLock { $0.contains("offline") } })
        second.stop()
        first.stop()
      }
    }

    @Test(
      "matches topics by the rules of MQTT",
      arguments: [("a/b", "a/+", true), ("a/b/c", "a/#", true), ("a/b", "a/b/c", false)])
    func matching(topic: String, filter: String, matches: Bool) {
      #expect(MQTTClient.matches(topic, filter) == matches)
    }
  }
}
