// SPDX-License-Identifier: MIT
import Foundation
import Household
import Synchronization
import TestSupport
import Testing
import TimeSeries

@testable import Devices

/// A driver with its simulator: what every driver must show.
struct DriverTrial: Sendable, CustomTestStringConvertible {
  let driver: String
  var dialect = ""
  let simulator: String
  let first: Command.Action
  let second: Command.Action
  var values: [String: DeviceSettings.Value] = [:]
  var testDescription: String { dialect.isEmpty ? driver : "\(driver) \(dialect)" }

  static let all = [
    DriverTrial(
      driver: "loxone_heating", simulator: "loxone_sim.py",
      first: .heat(room: "obyvak", isOn: true), second: .heat(room: "obyvak", isOn: false)),
    DriverTrial(
      driver: "growatt_sph_mqtt", simulator: "growatt_mqtt.py",
      first: .battery(
        name: "battery", mode: .chargeFromGrid(power: Watts(2_000), until: .percent(80))),
      second: .battery(name: "battery", mode: .hold)),
    DriverTrial(
      driver: "growatt_sph_modbus", simulator: "modbus_devices.py",
      first: .battery(
        name: "battery", mode: .dischargeToGrid(power: Watts(1_000), until: .percent(20))),
      second: .battery(name: "battery", mode: .selfConsumption)),
    DriverTrial(
      driver: "mqtt_battery", simulator: "",
      first: .battery(name: "battery", mode: .hold),
      second: .battery(
        name: "battery", mode: .dischargeToGrid(power: Watts(500), until: .percent(30)))),
    // 9 A and 6 A on three phases of 230 V; a watt more than 9 A is still 9 A.
    DriverTrial(
      driver: "mqtt_charger", simulator: "",
      first: .charge(chargePoint: "wallbox", power: Watts(6_211)),
      second: .charge(chargePoint: "wallbox", power: .zero),
      values: [
        "charge_point": .text("wallbox"), "enable_topic": .text("wallbox/enable"),
        "enabled_topic": .text("wallbox/enabled"), "current_topic": .text("wallbox/maxcurrent"),
        "current_shown_topic": .text("wallbox/current"), "status_topic": .text("wallbox/status"),
        "power_topic": .text("wallbox/kilowatts"), "power_factor": .number(1_000),
      ]),
    DriverTrial(
      driver: "growatt_sph_mqtt", dialect: "limits", simulator: "growatt_mqtt.py",
      first: .limitExport(.zero), second: .limitPV(nil)),
    DriverTrial(
      driver: "growatt_sph_modbus", dialect: "limits", simulator: "modbus_devices.py",
      first: .limitPV(Watts(4_000)), second: .limitExport(Watts(1_500))),
    DriverTrial(
      driver: "sunspec_limit", simulator: "modbus_devices.py",
      first: .limitPV(Watts(2_500)), second: .limitPV(nil)),
    DriverTrial(
      driver: "mqtt_limit", dialect: "production", simulator: "",
      first: .limitPV(Watts(2_500)), second: .limitPV(nil), values: limit("production")),
    DriverTrial(
      driver: "mqtt_limit", dialect: "export", simulator: "",
      first: .limitExport(.zero), second: .limitPV(nil), values: limit("export")),
    relay("custom", ["command_topic": .text("relay/set"), "status_topic": .text("relay/state")]),
    relay("shelly_gen1", ["id": .text("shelly1-A4CF12")]),
    relay("shelly_gen2", ["id": .text("shellyplus1-a8032a")]),
    relay("tasmota", ["id": .text("tasmota_4F3A2B"), "channel": .number(1)]),
  ]

  /// Per cent of 10 kW.
  private static func limit(_ what: String) -> [String: DeviceSettings.Value] {
    [
      "limits": .text(what), "command_topic": .text("inverter/limit/set"),
      "status_topic": .text("inverter/limit"), "factor": .number(0.01), "unlimited": .number(100),
    ]
  }

  private static func relay(
    _ profile: String, _ values: [String: DeviceSettings.Value]
  ) -> DriverTrial {
    DriverTrial(
      driver: "mqtt_relay", dialect: profile, simulator: "",
      first: .heat(room: "obyvak", isOn: true), second: .heat(room: "obyvak", isOn: false),
      values: values.merging(["profile": .text(profile), "room": .text("obyvak")]) { $1 })
  }
}

/// A running device of a trial, which listens.
struct TrialDevice {
  let settings: DeviceSettings
  let broker: TestBroker?
  var process: ServerProcess?
  var double: DeviceDouble?
  /// The hand on the inverter, where it is the simulated one behind its stick.
  var hand: GrowattHand?

  /// - Parameter patience: how long its driver waits for an answer, seconds.
  init(_ trial: DriverTrial, patience: Double = 10) async throws {
    var values = trial.values.merging(
      ["confirmation_seconds": .number(patience), "answer_seconds": .number(patience)]) { $1 }
    switch trial.driver {
    case "growatt_sph_modbus", "sunspec_limit":
      let port = try ServerProcess.freePort()
      let kind = trial.driver == "sunspec_limit" ? "sunspec" : "growatt-sph"
      process = try Simulator.start(
        trial.simulator, [kind, "--port", "\(port)", "--atomic-slots"], port: port)
      broker = nil
      values = [
        "host": .text("127.0.0.1"), "port": .number(Double(port)), "poll_seconds": .number(0.5),
        "timeout_seconds": .number(patience),
      ]
    case "loxone_heating":
      let broker = try TestBroker()
      self.broker = broker
      let ports = try (0..<3).map { _ in try ServerProcess.freePort() }
      process = try Simulator.start(
        trial.simulator,
        [
          "--mqtt", "\(broker.port)", "--http", "\(ports[0])", "--udp-in", "\(ports[1])",
          "--udp-to", "127.0.0.1:\(ports[2])", "--every", "1",
        ], port: ports[0])
      // It says so after it has subscribed, on the same connection.
      let spy = try await TopicSpy(port: broker.port)
      let isThere = await eventually { spy.all.contains { $0.topic == "loxone/online" } }
      spy.stop()
      try #require(isThere, "the Miniserver does not listen")
    case "growatt_sph_mqtt":
      let broker = try TestBroker()
      self.broker = broker
      process = try Simulator.start(
        trial.simulator, ["--port", "\(broker.port)", "--every", "0.5", "--latency", "0.02"])
      hand = try await GrowattHand(port: broker.port)
    default:
      let broker = try TestBroker()
      self.broker = broker
      double = try await DeviceDouble(port: broker.port)
    }
    settings = device(trial.driver, values)
  }

  /// The simulated Growatt inverter behind its stick, whose battery may be told things.
  static func growattStick() async throws -> TrialDevice {
    let trials = DriverTrial.all.filter { $0.driver == "growatt_sph_mqtt" && $0.dialect.isEmpty }
    return try await TrialDevice(try #require(trials.first))
  }

  func stop() {
    hand?.stop()
    process?.stop()
    double?.stop()
    broker?.kill()
  }
}

extension ServerSuites {
  @Suite(
    "Every driver", .serialized,
    .enabled(
      if: TestBroker.isAvailable && Simulator.has("loxone_sim.py"),
      Comment(rawValue: Simulator.missing)))
  struct ConformanceTests {
    @Test(
      "carries out, is confirmed by its device, does not repeat itself, and hands back",
      arguments: DriverTrial.all)
    func conforms(trial: DriverTrial) async throws {
      let device = try await TrialDevice(trial)
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      let target = trial.first.target
      // Reads before it writes: the simulated inverters have no readings in their first moments.
      if trial.driver.hasPrefix("growatt") { try await test.requireStateOfCharge() }
      for (index, action) in [trial.first, trial.second].enumerated() {
        test.want(action)
        try await test.requireConfirmation(of: action)
        let sent = test.hub.status[target]?.sent
        test.want(action)
        test.hub.deliver()
        #expect(test.hub.status[target]?.sent == sent, "a confirmed wish is not repeated")
        #expect(test.hub.status[target]?.changes == index + 1)
      }
      let left = await test.hub.handBack()
      #expect(left.isEmpty, "\(left)")
      await test.hub.close()
    }

    @Test("each fails in time, is degraded and tells, when its device is silent")
    func silent() async throws {
      try await withThrowingTaskGroup(of: (String, [String]).self) { group in
        for trial in DriverTrial.all {
          group.addTask { (trial.testDescription, try await Self.problems(ofSilent: trial)) }
        }
        for try await (name, problems) in group { #expect(problems.isEmpty, "\(name)") }
      }
    }

    private static func problems(ofSilent trial: DriverTrial) async throws -> [String] {
      let device = try await TrialDevice(trial, patience: 1)
      defer { device.stop() }
      let test = try await TestHub([device.settings], broker: device.broker?.port)
      device.process?.pause(true)
      device.double?.stop()
      test.want(trial.first)
      let isDegraded = await test.eventually {
        test.hub.status[trial.first.target]?.isDegraded == true
      }
      let isConfirmed = test.hub.status[trial.first.target]?.confirmed != nil
      device.process?.pause(false)
      await test.hub.close()
      return (isDegraded ? [] : ["not degraded: \(test.events.texts)"])
        + (isConfirmed ? ["confirmed"] : [])
    }

    /// Drivers that only read: `MeterTests` runs each against its simulator.
    private static let readers = ["loxone_udp", "modbus_meter", "mqtt_meter"]

    @Test("is tried here against its simulator, or only reads and refuses every command")
    func isTried() async throws {
      let tried = Set(DriverTrial.all.map(\.driver) + Self.readers)
      #expect(tried == Set(DeviceHub.blueprints.map(\.name)))
      let broker = try TestBroker()
      for name in Self.readers {
        let port = Double(try ServerProcess.freePort())
        let family = try #require(DeviceHub.drivers.first { $0.blueprint.name == name })
        let driver = try family.init(
          DriverContext(
            settings: device(
              name,
              [
                "topic": .text("meter"), "host": .text("127.0.0.1"), "port": .number(port),
                "listen_port": .number(port),
              ]), home: deviceHome(),
            broker: try MQTTClient(BrokerSettings(host: "127.0.0.1", port: broker.port)),
            board: ReadingBoard(home: deviceHome()), mayCommand: true, now: { Date() },
            notice: { _ in }))
        #expect(driver.targets.isEmpty)
        await #expect(throws: DeviceError.self) {
          try await driver.carryOut(.heat(room: "obyvak", isOn: true), until: Date())
        }
        await #expect(throws: Never.self) { try await driver.handBack() }
      }
    }

    @Test(
      "asks nothing and tells nothing before it is trusted",
      arguments: DriverTrial.all.filter {
        !["growatt_sph_modbus", "sunspec_limit"].contains($0.driver)
      })
    func keepsQuiet(trial: DriverTrial) async throws {
      let stage: RolloutStage = trial.driver.hasPrefix("mqtt") ? .simulation : .advisory
      let device = try await TrialDevice(trial)
      defer { device.stop() }
      let spy = try await TopicSpy(port: try #require(device.broker?.port))
      let test = try await TestHub([device.settings], broker: device.broker?.port, stage: stage)
      test.want(trial.first)
      await test.pass(1)
      _ = await test.hub.handBack(all: true)
      await test.hub.close()
      #expect(spy.commands.isEmpty)
      #expect(test.hub.status.isEmpty)
      spy.stop()
    }
  }
}

/// Sees everything that passes a broker, from the first moment on.
final class TopicSpy: Sendable {
  private let client: MQTTClient
  private let seen = MessageLog()

  init(port: Int) async throws {
    // Of two clients of one name a broker keeps the second.
    client = try MQTTClient(
      BrokerSettings(host: "127.0.0.1", port: port, clientName: "spy-\(UUID().uuidString)"))
    client.subscribe("#") { [seen] in seen.add($0) }
    try await client.startAndConnect()
  }

  var all: [MQTTMessage] { seen.all }
  /// Messages on topics by which devices are told or asked.
  var commands: [MQTTMessage] {
    all.filter {
      $0.topic.hasSuffix("/set") || $0.topic.contains("/command") || $0.topic.hasPrefix("cmnd/")
    }
  }
  /// Tells something, as a person or a test would.
  func say(_ topic: String, _ text: String) { try? client.publish(MQTTMessage(topic, text)) }
  func stop() { client.stop() }
}

final class MessageLog: Sendable {
  private let messages = Mutex<[MQTTMessage]>([])
  func add(_ message: MQTTMessage) { messages.withLock { $0.append(message) } }
  var all: [MQTTMessage] { messages.withLock { $0 } }
}
