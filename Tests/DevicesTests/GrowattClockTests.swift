// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

extension ServerSuites {
  /// Slots go by the inverter's clock: one that is off by an hour has them open at the wrong time, so a
  /// mode that is confirmed shows that the clock was set first.
  @Suite(
    "Growatt clocks", .serialized,
    .enabled(
      if: TestBroker.isAvailable && Simulator.has("growatt_mqtt.py"),
      Comment(rawValue: Simulator.missing)))
  struct GrowattClockTests {
    private let action = Command.Action.battery(
      name: "battery", mode: .chargeFromGrid(power: Watts(2_000), until: .percent(80)))

    @Test("a stick's inverter that is an hour late is set right before it is commanded")
    func stick() async throws {
      let device = try await TrialDevice.growattStick()
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      try await test.requireStateOfCharge()
      try await #require(device.hand).order(#"{"drift":-3600}"#)
      test.want(action)
      try await test.requireConfirmation(of: action)
      await test.hub.close()
    }

    @Test("a question whose answer is lost is asked again before it counts as failed")
    func lostAnswer() async throws {
      let device = try await TrialDevice.growattStick()
      defer { device.stop() }
      let hand = try #require(device.hand)
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      try await test.requireStateOfCharge()
      try await hand.order(#"{"lose":1}"#)
      test.want(action)
      // pems asks for the list of commands before all else.
      try #require(await test.eventually { !hand.commands("list").isEmpty })
      // The stick does one thing after the other: once it has done this, the answer of before is lost.
      let place = "608"
      hand.command(
        "modbus/set", #"{"id":\#(place),"type":"16b","registerType":"H","value":77}"#)
      var isDone = false
      for _ in 0..<3_000 where !isDone { isDone = try await hand.registers()[place] == 77 }
      try #require(isDone)
      // The answer to the repeated question comes, ten seconds after the first at the latest.
      try await hand.order(#"{"lose":0}"#)
      try await test.requireConfirmation(of: action)
      let asked = hand.commands("list").map(\.text)
      #expect(asked.count > 1 && Set(asked).count == 1, "\(asked)")
      #expect(!test.events.texts.contains { $0.contains("answer") }, "\(test.events.texts)")
      await test.hub.close()
    }

    @Test("an inverter on Modbus that is an hour early is set right before it is commanded")
    func modbus() async throws {
      let (port, control) = (try ServerProcess.freePort(), try ServerProcess.freePort())
      let simulator = try Simulator.start(
        "modbus_devices.py",
        ["growatt-sph", "--port", "\(port)", "--control", "\(control)", "--atomic-slots"],
        port: port)
      defer { simulator.stop() }
      _ = try ControlPort(port: control).ask(#"{"cmd":"set","drift":3600}"#)
      let test = try await TestHub(
        [
          device(
            "growatt_sph_modbus",
            [
              "host": .text("127.0.0.1"), "port": .number(Double(port)),
              "poll_seconds": .number(0.5),
            ])
        ], broker: nil)
      test.want(action)
      try await test.requireConfirmation(of: action)
      await test.hub.close()
    }
  }
}
