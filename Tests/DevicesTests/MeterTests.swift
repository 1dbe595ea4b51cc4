// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

extension ServerSuites {
  @Suite(
    "Meters and readings", .serialized,
    .enabled(
      if: TestBroker.isAvailable && Simulator.has("modbus_devices.py"),
      Comment(rawValue: Simulator.missing)))
  struct MeterTests {
    /// The simulator's house: 3 000 W of load, no sun and an empty battery are 3 000 W of import.
    @Test("a Modbus meter reads the import that its simulator has")
    func modbusMeter() async throws {
      let (port, control) = (try ServerProcess.freePort(), try ServerProcess.freePort())
      let simulator = try Simulator.start(
        "modbus_devices.py", ["meter", "--port", "\(port)", "--control", "\(control)"], port: port)
      defer { simulator.stop() }
      let answer = try ControlPort(port: control).ask(
        #"{"cmd":"set","pv":0,"load":3000,"soc":0.0}"#)
      #expect(answer.contains("sph"))
      let test = try await TestHub(
        [
          device(
            "modbus_meter",
            [
              "host": .text("127.0.0.1"), "port": .number(Double(port)),
              "poll_seconds": .number(0.5),
            ])
        ], broker: nil)
      let isRead = await test.eventually {
        abs((test.hub.snapshot(at: Date()).gridPower?.value ?? .zero).rawValue - 3_000) < 50
      }
      #expect(isRead, "\(String(describing: test.hub.snapshot(at: Date()).gridPower))")
      await test.hub.close()
    }

    @Test(
      "an MQTT meter reads numbers and fields with its factor, and no message of old",
      arguments: [
        ("", "1500", 1_500.0), ("power", #"{"power":1.5}"#, 1.5),
        ("em.total", #"{"em":{"total":-320.5}}"#, -320.5),
      ])
    func mqttMeter(field: String, payload: String, expected: Double) async throws {
      let broker = try TestBroker()
      let teller = try MQTTClient(
        BrokerSettings(host: "127.0.0.1", port: broker.port, clientName: "teller"))
      defer { teller.stop() }
      let kept = MessageLog()
      teller.subscribe("meter/grid") { kept.add($0) }
      try await teller.startAndConnect()
      // It has to be the broker's before the driver asks for it.
      try teller.publish(MQTTMessage("meter/grid", "9999", isRetained: true))
      try #require(await eventually { !kept.all.isEmpty })
      let test = try await TestHub(
        [
          device(
            "mqtt_meter",
            ["topic": .text("meter/grid"), "field": .text(field), "factor": .number(-2)])
        ], broker: broker.port)
      await test.pass(0.3)
      #expect(test.hub.snapshot(at: Date()).gridPower == nil, "it was kept by the broker")
      try teller.publish(MQTTMessage("meter/grid", payload))
      let isRead = await test.eventually {
        test.hub.snapshot(at: Date()).gridPower?.value == Watts(-2 * expected)
      }
      #expect(isRead)
      await test.hub.close()
    }

    /// The simulator's rooms begin at 20.5 °C. What it hears on UDP it repeats on `sim/loxone/udp`.
    @Test("the Loxone bridge hears temperatures and tells the state of charge")
    func loxoneDatagrams() async throws {
      let broker = try TestBroker()
      let ports = try (0..<3).map { _ in try ServerProcess.freePort() }
      let spy = try await TopicSpy(port: broker.port)
      defer { spy.stop() }
      let test = try await TestHub(
        [
          device(
            "loxone_udp",
            [
              "listen_port": .number(Double(ports[2])), "send_host": .text("127.0.0.1"),
              "send_port": .number(Double(ports[1])), "send_seconds": .number(1),
            ])
        ], broker: nil)
      let simulator = try Simulator.start(
        "loxone_sim.py",
        [
          "--mqtt", "\(broker.port)", "--http", "\(ports[0])", "--udp-in", "\(ports[1])",
          "--udp-to", "127.0.0.1:\(ports[2])", "--every", "1",
        ], port: ports[0])
      defer { simulator.stop() }
      let names = deviceHome().rooms.map(\.name)
      let isHeard = await test.eventually {
        let rooms = test.hub.snapshot(at: Date()).roomTemperatures
        return names.allSatisfy { abs((rooms[$0]?.value.rawValue ?? 0) - 20.5) < 0.2 }
      }
      try #require(isHeard)
      test.hub.board.post { $0.batteryStateOfCharge = Reading(.percent(55), at: Date()) }
      let isTold = await test.eventually {
        spy.all.contains { $0.topic == "sim/loxone/udp" && $0.json?["soc"] as? String == "55" }
      }
      #expect(isTold)
      await test.hub.close()
    }

    @Test("a wallbox tells of its car, and of a hand that changed it")
    func wallbox() async throws {
      let trial = try #require(DriverTrial.all.first { $0.driver == "mqtt_charger" })
      let device = try await TrialDevice(trial)
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      test.want(trial.first)
      try await test.requireConfirmation(of: trial.first)
      let isRead = await test.eventually {
        // 9 A · 3 · 230 V
        let car = test.hub.snapshot(at: Date()).vehicles["car"]?.value
        return car?.isConnected == true && abs((car?.power.rawValue ?? 0) - 6_210) < 1
      }
      try #require(isRead)
      device.double?.show("wallbox/enabled", "false")
      let isTold = await test.eventually {
        test.events.all.contains {
          if case .device(.changedByHand(.chargePoint("wallbox"), _)) = $0 { return true }
          return false
        }
      }
      #expect(isTold)
      await test.hub.close()
    }
  }
}
