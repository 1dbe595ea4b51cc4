// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

@Suite("Messages that cannot be read")
struct UnreadableMessageTests {
  private let start = instant("2026-01-12T12:00:00Z")

  @Test("are told after three in a row, once an hour, each topic for itself")
  func rhythm() {
    let messages = UnreadableMessages()
    let told = (0..<80).filter { minute in
      messages.note("a", isReadable: false, at: start.addingTimeInterval(Double(minute) * 60))
    }
    #expect(told == [2, 62])
    #expect(!messages.note("b", isReadable: false, at: start))
  }

  @Test("are not told while readable ones come between")
  func gaps() {
    let messages = UnreadableMessages()
    for minute in 0..<100 {
      let isNews = messages.note(
        "a", isReadable: minute.isMultiple(of: 3),
        at: start.addingTimeInterval(Double(minute) * 60))
      #expect(!isNews)
    }
  }

  @Test("a meter of a room that the home has not is refused")
  func unknownRoom() {
    let home = deviceHome()
    let broker = try? MQTTClient(BrokerSettings(host: "127.0.0.1", port: 1))
    let context = DriverContext(
      settings: device(
        "mqtt_meter",
        ["topic": .text("t"), "quantity": .text("room_temperature"), "room": .text("attic")]),
      home: home, broker: broker, board: ReadingBoard(home: home), mayCommand: false,
      now: { Date() }, notice: { _ in })
    #expect(throws: DeviceError.self) { try MQTTMeter(context) }
  }
}

extension ServerSuites {
  @Suite(
    "Unreadable messages on a broker", .serialized,
    .enabled(if: TestBroker.isAvailable, Comment(rawValue: TestBroker.missing)))
  struct UnreadableMessageServerTests {
    @Test(
      "a meter with a wrong field, and a state of charge in hundredths, tell what they expected")
    func meters() async throws {
      let broker = try TestBroker()
      let hand = try await TopicSpy(port: broker.port)
      let test = try await TestHub(
        [
          device(
            "mqtt_meter",
            [
              "topic": .text("meter"), "field": .text("power"), "quantity": .text("grid_power"),
            ]),
          device(
            "mqtt_meter", ["topic": .text("battery"), "quantity": .text("battery_soc")]),
        ], broker: broker.port)
      func isTold(_ words: String...) -> Bool {
        test.events.texts.contains { text in words.allSatisfy(text.contains) }
      }
      #expect(
        await test.eventually {
          hand.say("meter", #"{"Power": 300}"#)
          hand.say("battery", "5500")
          return isTold("Power", "a number at", "was expected")
            && isTold("5500", "0 to 100 %")
        }, "\(test.events.texts)")
      #expect(test.hub.snapshot(at: Date()).gridPower == nil)
      #expect(test.hub.snapshot(at: Date()).batteryStateOfCharge == nil)
      #expect(test.events.all.count == 2, "once each")
      await test.hub.close()
      hand.stop()
    }
  }
}
