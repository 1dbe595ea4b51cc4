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
      client.start()
      defer { client.stop() }
      #expect(await client.waitForConnection(.seconds(10)))
      broker.kill()
      for _ in 0..<400 where client.isConnected { try await Task.sleep(for: .milliseconds(25)) }
      #expect(!client.isConnected)
      try broker.start()
      #expect(await client.waitForConnection(.seconds(20)))
      for _ in 0..<200 where received.withLock({ $0.isEmpty }) {
        try? client.publish(MQTTMessage("secret/a", "hello"))
        try await Task.sleep(for: .milliseconds(25))
      }
      #expect(received.withLock { $0.first } == "hello")
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
      #expect(await !stranger.waitForConnection(.seconds(2)))
      #expect(await !forgetful.waitForConnection(.seconds(1)))
      stranger.stop()
      forgetful.stop()
    }
  }
}
