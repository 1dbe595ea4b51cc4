// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

extension ServerSuites {
  @Suite(
    "Trust that was taken away",
    .enabled(if: TestBroker.isAvailable, Comment(rawValue: TestBroker.missing)))
  struct TrustTests {
    @Test("nothing more goes to the target, and a relay without a lease is switched off")
    func demoted() async throws {
      let broker = try TestBroker()
      let double = try await DeviceDouble(port: broker.port)
      let spy = try await TopicSpy(port: broker.port)
      defer {
        double.stop()
        spy.stop()
      }
      let on = Command.Action.heat(room: "obyvak", isOn: true)
      let test = try await TestHub(
        [
          device(
            "mqtt_relay",
            [
              "room": .text("obyvak"), "command_topic": .text("relay/set"),
              "status_topic": .text("relay/state"), "confirmation_seconds": .number(60),
            ])
        ], broker: broker.port)
      test.want(on)
      try await test.requireConfirmation(of: on)
      test.hub.demote([.room("obyvak")])
      try #require(await test.eventually { spy.commands.last?.text == "off" })
      #expect(!test.hub.mayCommand(on))
      let outcomes = test.hub.apply(
        [Command(on, expiresAt: Date(timeIntervalSinceNow: 900), reason: "test")], at: Date())
      guard case .refused? = outcomes.first else {
        Issue.record("it was taken: \(outcomes)")
        return
      }
      await test.pass(0.5)
      #expect(spy.commands.map(\.text) == ["on", "off"])
      await test.hub.close()
    }
  }
}
