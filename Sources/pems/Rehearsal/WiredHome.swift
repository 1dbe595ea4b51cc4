// SPDX-License-Identifier: MIT
import Devices
import Foundation
import Household
import Simulation
import Synchronization
import TimeSeries

/// A simulated home whose readings and commands go over a real broker and the real drivers: the
/// home speaks as a Loxone Miniserver and a Growatt stick on one connection, pems' drivers listen
/// and command on another. Time is the home's; everything waits until both sides agree.
final class WiredHome: HomeTwin, Sendable {
  /// What went over the wire.
  struct Traffic: Sendable {
    var confirmed = 0
    var failed = 0
    var unconfirmed = 0
    /// What devices were measured to do instead of what they confirmed.
    var contradictions: [String] = []

    mutating func note(_ event: DeviceHub.Event) {
      switch event {
      case .confirmed: confirmed += 1
      case .failed: failed += 1
      case .degraded(let target, let text): contradictions.append("\(target): \(text)")
      case .device: break
      }
    }
  }

  /// The home behind the wire; shared with the thread that answers commands.
  private final class Devices: Sendable {
    struct State {
      var home: SimulatedHome
      var stick: TwinStick
      var count = 0
      var switching = SwitchingStatistics()
    }
    let state: Mutex<State>
    init(_ home: SimulatedHome, stick: TwinStick) {
      state = Mutex(State(home: home, stick: stick))
    }
  }

  private final class Count: Sendable {
    let traffic = Mutex(Traffic())
  }

  private let devices: Devices
  private let client: MQTTClient
  let hub: DeviceHub
  private let count: Count
  private let home: Home
  private let patience: Duration

  /// Connects both sides.
  ///
  /// - Parameter patience: how long it is waited until both sides agree, each time.
  init(
    _ twin: SimulatedHome, broker: BrokerSettings, patience: Duration = .seconds(20)
  ) async throws {
    guard let battery = twin.home.battery else {
      throw CommandFailure.configuration("a rehearsal needs a home with a battery")
    }
    home = twin.home
    self.patience = patience
    let devices = Devices(
      twin, stick: TwinStick(battery: battery, calendar: twin.home.site.calendar))
    self.devices = devices
    let count = Count()
    self.count = count
    var settings = broker
    settings.clientName = "rehearsed-home"
    client = try MQTTClient(settings)
    settings.clientName = "rehearsed-pems"
    let start = twin.time
    hub = try Self.hub(for: devices, count, home, broker: settings, start: start)
    // Both runs begin with the same belief about how long the relays have rested.
    let relays = twin.snapshot(at: start).relays
    hub.board.post { $0.relays = relays }
    listen()
    client.start()
    await hub.open()
    guard await client.waitForConnection(patience),
      await hub.broker?.waitForConnection(patience) == true
    else {
      throw CommandFailure.unreachable("there is no broker at \(broker.host):\(broker.port)")
    }
  }

  /// pems' side: real drivers whose clock is the home's.
  private static func hub(
    for devices: Devices, _ count: Count, _ home: Home, broker: BrokerSettings, start: Date
  ) throws -> DeviceHub {
    var service = ServiceSettings(stateFolder: "")
    service.stage = .full
    service.devices = configured
    let began = ContinuousClock.now
    return try DeviceHub(
      settings: service, home: home, broker: MQTTClient(broker),
      now: { devices.state.withLock { $0.home.time } },
      clock: {
        // While the home's time stands still, pauses between two tries pass all the same.
        devices.state.withLock { $0.home.time }.timeIntervalSince(start)
          + (ContinuousClock.now - began).seconds
      },
      onEvent: { event in count.traffic.withLock { $0.note(event) } })
  }

  /// A relay holds for a cycle of the rehearsal, because its fast loop is not rehearsed.
  private static let configured: [DeviceSettings] = [
    DeviceSettings(
      name: "miniserver", driver: "loxone_heating",
      values: [
        "topic": .text("loxone/heating"), "lease_seconds": .number(900),
        "confirmation_seconds": .number(10),
      ]),
    DeviceSettings(
      name: "inverter", driver: "growatt_sph_mqtt",
      values: [
        "topic": .text("energy/solar"), "lease_min": .number(30), "writes_per_day": .number(2_000),
        "check_seconds": .number(3_600), "answer_seconds": .number(10),
        "export_control": .text("yes"),
      ]),
    DeviceSettings(
      name: "outdoor", driver: "mqtt_meter",
      values: [
        "topic": .text("weather/outdoor"), "quantity": .text("outdoor_temperature"),
        "factor": .number(1),
      ]),
  ]

  private func listen() {
    let (devices, client) = (devices, client)
    client.subscribe("loxone/heating/+/set") { message in
      guard
        let fields = try? JSONSerialization.jsonObject(with: Data(message.payload))
          as? [String: Any], let epoch = (fields["until"] as? NSNumber)?.doubleValue
      else { return }
      let room = String(message.topic.split(separator: "/")[2])
      let isOn = fields["state"] as? String == "on"
      devices.state.withLock { state in
        _ = state.home.apply(
          [
            Command(
              .heat(room: room, isOn: isOn), expiresAt: Date(timeIntervalSince1970: epoch),
              reason: "")
          ], at: state.home.time)
        state.switching.note(.room(room), isOn ? "on" : "off", at: state.home.time)
      }
      try? client.publish(
        MQTTMessage(
          "loxone/heating/\(room)/status",
          "{\"state\":\"\(isOn ? "on" : "off")\",\"source\":\"command\",\"until\":\(Int(epoch))}"))
    }
    client.subscribe("energy/solar/command/#") { message in
      let fields =
        (try? JSONSerialization.jsonObject(with: Data(message.payload)) as? [String: Any]) ?? [:]
      let command = String(message.topic.dropFirst("energy/solar/command/".count))
      let answer = devices.state.withLock { state in
        if command.contains("/set/") || command.hasPrefix("export/") {
          state.switching.noteWrite(at: state.home.time)
        }
        var answer = state.stick.answer(command, fields, at: state.home.time)
        answer["command"] = command
        answer["correlationId"] = fields["correlationId"] as? String
        return try? JSONSerialization.data(withJSONObject: answer)
      }
      try? client.publish(MQTTMessage("energy/solar/result", Array(answer ?? Data())))
    }
  }

  /// What was carried so far.
  var traffic: Traffic { count.traffic.withLock { $0 } }
  /// How each target stands.
  var status: [CommandTarget: DeliveryQueue.Status] { hub.status }

  /// How often the devices were switched.
  var switching: SwitchingStatistics { devices.state.withLock { $0.switching } }

  /// Ends both sides.
  func close() async {
    await hub.close()
    client.stop()
  }

  var time: Date { devices.state.withLock { $0.home.time } }
  var ledger: EnergyLedger { devices.state.withLock { $0.home.ledger } }
  var trueRoomTemperatures: [Celsius] { devices.state.withLock { $0.home.trueRoomTemperatures } }
  var trueStateOfCharge: Fraction? { devices.state.withLock { $0.home.trueStateOfCharge } }
  var outdoorTemperature: Celsius? { devices.state.withLock { $0.home.outdoorTemperature } }

  func truePrices(
    on grid: TimeGrid
  ) -> (import: Series<PricePerKilowattHour>, export: Series<PricePerKilowattHour>) {
    devices.state.withLock { $0.home.truePrices(on: grid) }
  }

  /// Lets time pass minute by minute, the battery doing in each what its settings say.
  func advance(to end: Date) {
    devices.state.withLock { state in
      guard let battery = state.home.home.battery else { return }
      while state.home.time < end {
        let now = state.home.time
        let limit = state.stick.limit(rated: state.home.home.inverter?.ratedPower ?? .zero)
        let mode = state.stick.mode(
          at: now, stateOfCharge: state.home.trueStateOfCharge ?? .zero)
        _ = state.home.apply(
          [
            Command(
              .battery(name: battery.name, mode: mode?.mode ?? .selfConsumption),
              expiresAt: now.addingTimeInterval(60), reason: ""),
            Command(limit, expiresAt: now.addingTimeInterval(60), reason: ""),
          ], at: now)
        state.switching.note(.pv, "\(limit)", at: now)
        state.switching.note(
          .battery(battery.name), "\(mode?.mode ?? .selfConsumption)", at: now)
        state.home.advance(to: min(end, now.addingTimeInterval(60)))
      }
    }
  }

  /// Lets the home tell everything and takes the picture that pems' drivers make of it.
  func snapshot(at time: Date) -> Snapshot {
    tell()
    let names = home.rooms.map(\.name)
    wait { [hub] in
      let board = hub.snapshot(at: time)
      return board.outdoorTemperature?.time == time && board.batteryStateOfCharge?.time == time
        && names.allSatisfy { board.roomTemperatures[$0]?.time == time }
    }
    return hub.snapshot(at: time)
  }

  private func tell() {
    let messages = devices.state.withLock { state -> [MQTTMessage] in
      state.count += 1
      let truth = state.home.snapshot(at: state.home.time)
      var messages = home.rooms.map { room in
        let relay = truth.relays[room.name]?.value.isOn == true ? "on" : "off"
        let celsius = truth.roomTemperatures[room.name]?.value.rawValue ?? 0
        return MQTTMessage(
          "loxone/heating/\(room.name)/status",
          "{\"state\":\"\(relay)\",\"source\":\"telemetry\",\"temperature\":\(celsius)}")
      }
      messages.append(Self.telegram(truth, home: home, count: state.count))
      messages.append(
        MQTTMessage("weather/outdoor", "\(truth.outdoorTemperature?.value.rawValue ?? 0)"))
      return messages
    }
    for message in messages {
      try? client.publish(message)  // a lost broker shows as a picture that does not come
    }
  }

  private static func telegram(_ truth: Snapshot, home: Home, count: Int) -> MQTTMessage {
    func watts(_ reading: Reading<Watts>?) -> Double { reading?.value.rawValue ?? 0 }
    let heating = home.heatedRooms.reduce(0.0) { sum, room in
      sum
        + (truth.relays[room.name]?.value.isOn == true ? room.heater?.power.rawValue ?? 0 : 0)
    }
    let fields: [String: Double] = [
      "InverterStatus": 5, "Cnt": Double(count), "InputPower": watts(truth.pvPower),
      "ACPowerToUser": max(0, watts(truth.gridPower)),
      "ACPowerToGrid": max(0, -watts(truth.gridPower)),
      "DischargePower": max(0, watts(truth.batteryPower)),
      "ChargePower": max(0, -watts(truth.batteryPower)),
      "INVPowerToLocalLoad": watts(truth.baseLoadPower) + heating,
      "SOC": (truth.batteryStateOfCharge?.value.percent ?? 0).rounded(),
    ]
    let data = try? JSONSerialization.data(withJSONObject: fields)
    return MQTTMessage("energy/solar", Array(data ?? Data()))
  }

  /// Commands over the wire, and waits until every device has confirmed.
  func apply(_ commands: [Command], at time: Date) -> [CommandOutcome] {
    let outcomes = hub.apply(commands, at: time)
    if !wait({ [hub] in hub.isSettled }) {
      count.traffic.withLock { $0.unconfirmed += 1 }
    }
    return outcomes
  }

  /// Waits on this thread, which is not one of the shared pool.
  @discardableResult
  private func wait(_ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      if condition() { return true }
      Thread.sleep(forTimeInterval: 0.0005)
    }
    return false
  }
}
