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
      let trial = try #require(DriverTrial.all.first { $0.driver == "growatt_sph_mqtt" })
      let device = try TrialDevice(trial)
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      #expect(
        await test.eventually(20) { test.hub.snapshot(at: Date()).batteryStateOfCharge != nil })
      try test.hub.broker?.publish(MQTTMessage("sim/growatt/ctl", #"{"drift":-3600}"#))
      test.want(action)
      #expect(await test.eventually(15) { test.isConfirmed(action) }, "\(test.events.texts)")
      await test.hub.close()
    }

    @Test("a question whose answer is lost is asked again before it counts as failed")
    func lostAnswer() async throws {
      let trial = try #require(DriverTrial.all.first { $0.driver == "growatt_sph_mqtt" })
      let device = try TrialDevice(trial)
      defer { device.stop() }
      let patient = DeviceSettings(
        name: device.settings.name, driver: device.settings.driver,
        values: device.settings.values.merging(["answer_seconds": .number(5)]) { $1 })
      let test = try await TestHub([patient], broker: device.broker?.port)
      #expect(
        await test.eventually(20) { test.hub.snapshot(at: Date()).batteryStateOfCharge != nil })
      try test.hub.broker?.publish(MQTTMessage("sim/growatt/ctl", #"{"lose":1}"#))
      test.want(action)
      // Five seconds are waited for an answer; the first one is lost, that to the repeated question not.
      try await Task.sleep(for: .seconds(1))
      try test.hub.broker?.publish(MQTTMessage("sim/growatt/ctl", #"{"lose":0}"#))
      #expect(await test.eventually(30) { test.isConfirmed(action) }, "\(test.events.texts)")
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
      #expect(await test.eventually(15) { test.isConfirmed(action) }, "\(test.events.texts)")
      await test.hub.close()
    }
  }
}
