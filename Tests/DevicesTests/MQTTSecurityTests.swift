// SPDX-License-Identifier: MIT
import Foundation
import Household
import Synchronization
import TestSupport
import Testing

@testable import Devices

extension ServerSuites {
  @Suite(
    "MQTT with TLS and passwords", .serialized,
    .enabled(
      if: TestBroker.isAvailable && TestCertificate.isAvailable,
      Comment(rawValue: TestCertificate.missing)))
  struct MQTTSecurityTests {
    private func client(
      _ broker: TestBroker, authority: String, password: String = "secret"
    ) throws -> MQTTClient {
      var settings = BrokerSettings(
        host: "localhost", port: broker.port, clientName: "test-\(UUID().uuidString)")
      settings.authorityFile = authority
      settings.user = "pems"
      settings.password = password
      return try MQTTClient(settings)
    }

    @Test("a broker whose certificate is trusted carries messages, and again after it was killed")
    func trusted() async throws {
      let certificate = try TestCertificate()
      let broker = try TestBroker(certificate: certificate)
      let client = try client(broker, authority: certificate.file)
      let received = Mutex<[String]>([])
      client.subscribe("secret/#") { message in received.withLock { $0.append(message.text) } }
      defer { client.stop() }
      try await client.startAndConnect()
      broker.kill()
      try #require(await eventually { !client.isConnected })
      try broker.start()
      try await client.startAndConnect()
      try client.publish(MQTTMessage("secret/a", "hello"))
      #expect(await eventually { received.withLock { $0 == ["hello"] } })
    }

    @Test("a broker with another certificate, and a wrong password, are no connection")
    func untrusted() async throws {
      let certificate = try TestCertificate()
      let other = try TestCertificate()
      let broker = try TestBroker(certificate: certificate)
      let stranger = try client(broker, authority: other.file)
      stranger.start()
      let forgetful = try client(broker, authority: certificate.file, password: "wrong")
      forgetful.start()
      // One that may come in shows that there was time enough for the others.
      let welcome = try client(broker, authority: certificate.file)
      try await welcome.startAndConnect()
      welcome.stop()
      #expect(await !stranger.waitForConnection(.seconds(2)))
      #expect(await !forgetful.waitForConnection(.seconds(1)))
      stranger.stop()
      forgetful.stop()
    }
  }
}
