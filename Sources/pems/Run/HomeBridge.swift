// SPDX-License-Identifier: MIT
import Control
import Devices
import Forecasting
import Foundation
import Household
import Synchronization
import TimeSeries

/// pems on MQTT: its state for everybody, wishes of people back, and Home Assistant's discovery.
///
/// Everything is retained, so that whoever comes later sees it at once. Messages are sent when the
/// broker is there; after it was away everything is sent again.
final class HomeBridge: Sendable {
  static let statusTopic = "pems/status"
  static let will = MQTTMessage(statusTopic, "offline", quality: 1, isRetained: true)
  static let overrideTopic = "pems/override/set"
  static let overridesTopic = "pems/overrides"

  let client: MQTTClient
  let home: Home
  private let settings: ServiceSettings
  let now: @Sendable () -> Date
  let log: RunLog
  private let retained = Mutex<[String: MQTTMessage]>([:])
  /// How long overrides of the topics of single targets last.
  let hours = Mutex(2.0)
  private let isOpen = Mutex(false)

  init(
    client: MQTTClient, home: Home, settings: ServiceSettings, log: RunLog,
    now: @escaping @Sendable () -> Date
  ) {
    self.now = now
    self.log = log
    self.client = client
    self.home = home
    self.settings = settings
  }

  /// Announces pems and listens to people.
  func open(
    overrides: @escaping @Sendable () -> Overrides,
    change: @escaping @Sendable (OverrideChange) -> Void,
    isStopped: Bool, stop: @escaping @Sendable (Bool) -> Void
  ) {
    isOpen.withLock { $0 = true }
    keep(MQTTMessage(Self.statusTopic, "online", quality: 1, isRetained: true))
    keep(MQTTMessage("pems/stop", isStopped ? "ON" : "OFF", quality: 1, isRetained: true))
    keep(MQTTMessage("pems/override_hours", "2", quality: 1, isRetained: true))
    publish(overrides())
    for entity in entities {
      guard let prefix = settings.discoveryPrefix else { break }
      keep(
        entity.announcement(
          prefix: prefix, availability: Self.statusTopic, version: pemsVersion))
    }
    client.observeConnection { [weak self] isConnected in if isConnected { self?.sendAll() } }
    if let prefix = settings.discoveryPrefix {
      // Home Assistant forgets nothing that is retained, but says when it is new.
      client.subscribe("\(prefix)/status") { [weak self] in
        if $0.text == "online" { self?.sendAll() }
      }
    }
    listen(change: change, stop: stop)
    sendAll()
  }

  /// Keeps a retained message and sends it when it is new and the broker is there.
  func keep(_ message: MQTTMessage) {
    let isNew = retained.withLock { retained in
      defer { retained[message.topic] = message }
      return retained[message.topic] != message
    }
    guard isNew else { return }
    try? client.publish(message)  // what is missed now is sent when the broker is back
  }

  private func sendAll() {
    for message in retained.withLock({ $0.values.sorted { $0.topic < $1.topic } }) {
      try? client.publish(message)  // what is missed now is sent when the broker is back
    }
  }

  /// Shows the overrides in force.
  func publish(_ overrides: Overrides) {
    func shown(_ target: CommandTarget) -> String {
      guard let override = overrides.all[target] else { return "auto" }
      return OverrideWish.word(for: override.wish)
    }
    for room in home.heatedRooms {
      keep(
        MQTTMessage(
          "pems/room/\(room.name)/override", shown(.room(room.name)), quality: 1, isRetained: true))
    }
    if let battery = home.battery {
      keep(
        MQTTMessage(
          "pems/battery/override", shown(.battery(battery.name)), quality: 1, isRetained: true))
    }
    for point in home.chargePoints {
      keep(
        MQTTMessage(
          "pems/charge_point/\(point.name)/override", shown(.chargePoint(point.name)), quality: 1,
          isRetained: true))
    }
    let lines = overrides.all.values.sorted { $0.wish.target < $1.wish.target }.map {
      [
        "target": "\($0.wish.target)", "wish": OverrideWish.word(for: $0.wish),
        "until": $0.until.formatted(.iso8601), "source": $0.source.rawValue,
      ]
    }
    keep(json(Self.overridesTopic, ["overrides": lines]))
  }

  /// Shows the readings and what is commanded.
  func publish(_ beat: ControlLoop.Beat) {
    guard isOpen.withLock({ $0 }) else { return }
    var fields: [String: any Sendable] = [
      "stage": settings.stage.rawValue, "mode": settings.mode.rawValue,
    ]
    let snapshot = beat.snapshot
    func add<Value: Quantity>(_ key: String, _ reading: Reading<Value>?, _ scale: Double = 1) {
      guard let reading, reading.isFresh(at: snapshot.time, maximumAge: .seconds(900)) else {
        return
      }
      fields[key] = (reading.value.rawValue * scale * 10).rounded() / 10
    }
    add("grid_power_w", snapshot.gridPower)
    add("pv_power_w", snapshot.pvPower)
    add("base_load_power_w", snapshot.baseLoadPower)
    add("battery_power_w", snapshot.batteryPower)
    add("battery_soc_percent", snapshot.batteryStateOfCharge, 100)
    add("temperature_outdoor_c", snapshot.outdoorTemperature)
    for room in home.rooms { add("room_\(room.name)_c", snapshot.roomTemperatures[room.name]) }
    fields["limits"] = beat.decision.interventions.map { "\($0.subject): \($0.cause)" }
    fields["commands"] = Dictionary(
      beat.decision.commands.map { ("\($0.action.target)", "\($0.action)") },
      uniquingKeysWith: { first, _ in first })
    keep(json("pems/state", fields))
  }

  /// Shows the plan and the forecasts that it was made for.
  func publish(_ result: ControlCycle.Result) {
    if let forecast = result.memory.forecast, forecast.grid.count > 0 {
      let message = ForecastMessage(
        pv: forecast.pvPower, baseLoad: forecast.baseLoadPower, at: now())
      keep(json(ForecastMessage.topic, message.fields))
    }
    guard let plan = result.plan else { return }
    let hours = stride(from: 0, to: min(plan.grid.count, 96), by: 4)
    let forecast = hours.map { step -> [String: any Sendable] in
      var point: [String: any Sendable] = [
        "time": plan.grid.date(at: step).formatted(.iso8601),
        "grid_w": plan.gridPower[step].rawValue.rounded(),
      ]
      if step < plan.stateOfCharge.count {
        point["soc_percent"] = plan.stateOfCharge[step].percent.rounded()
      }
      return point
    }
    keep(
      json(
        "pems/plan",
        [
          "origin": plan.origin.rawValue, "objective": plan.objective.rawValue.rounded(),
          "issued_at": plan.issuedAt.formatted(.iso8601), "forecast": forecast,
        ]))
  }

  /// Tells people something.
  func alert(_ text: String) { keep(json("pems/alert", ["text": text])) }

  private func json(_ topic: String, _ fields: [String: any Sendable]) -> MQTTMessage {
    let data = try? JSONSerialization.data(
      withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    return MQTTMessage(topic, Array(data ?? Data()), quality: 1, isRetained: true)
  }

  /// Says that pems is away.
  func close() {
    isOpen.withLock { $0 = false }
    try? client.publish(Self.will)  // a broker that is away publishes the will by itself
    // The message leaves before the goodbye.
    Thread.sleep(forTimeInterval: 0.1)
  }

  private var entities: [DiscoveredEntity] {
    func sensor(_ key: String, _ name: String, _ deviceClass: String, _ unit: String)
      -> DiscoveredEntity
    {
      var entity = DiscoveredEntity(.sensor, key, name: name, stateTopic: "pems/state")
      (entity.field, entity.deviceClass, entity.unit) = (key, deviceClass, unit)
      entity.isMeasurement = true
      return entity
    }
    var entities = [
      sensor("grid_power_w", "Grid power", "power", "W"),
      sensor("base_load_power_w", "Base load", "power", "W"),
    ]
    entities.append(forecast("base_load_24h_kwh", "Base load of the next day"))
    if home.inverter != nil {
      entities.append(sensor("pv_power_w", "PV power", "power", "W"))
      entities.append(forecast("pv_24h_kwh", "PV of the next day"))
    }
    if home.battery != nil {
      entities.append(sensor("battery_power_w", "Battery power", "power", "W"))
      entities.append(sensor("battery_soc_percent", "Battery charge", "battery", "%"))
      entities.append(
        select(
          "battery_override", "Battery", "pems/battery/override",
          ["auto", "self_consumption", "hold", "charge", "discharge", "hands_off"]))
    }
    for room in home.rooms {
      entities.append(
        sensor("room_\(room.name)_c", "Temperature \(room.name)", "temperature", "°C"))
    }
    for room in home.heatedRooms {
      entities.append(
        select(
          "room_\(room.name)_override", "Heating \(room.name)",
          "pems/room/\(room.name)/override", ["auto", "on", "off", "hands_off"]))
    }
    for point in home.chargePoints {
      entities.append(
        select(
          "charge_point_\(point.name)_override", "Charging \(point.name)",
          "pems/charge_point/\(point.name)/override", ["auto", "charge", "stop", "hands_off"]))
    }
    var plan = DiscoveredEntity(.sensor, "plan", name: "Plan", stateTopic: "pems/plan")
    (plan.field, plan.attributesTopic) = ("origin", "pems/plan")
    var stage = DiscoveredEntity(.sensor, "stage", name: "Stage", stateTopic: "pems/state")
    stage.field = "stage"
    var mode = DiscoveredEntity(.sensor, "mode", name: "Mode", stateTopic: "pems/state")
    mode.field = "mode"
    var hours = DiscoveredEntity(
      .number, "override_hours", name: "Override lasts", stateTopic: "pems/override_hours")
    (hours.commandTopic, hours.unit, hours.range) = (
      "pems/override_hours/set", "h", (0.25, 48, 0.25)
    )
    var stop = DiscoveredEntity(.toggle, "stop", name: "Emergency stop", stateTopic: "pems/stop")
    stop.commandTopic = "pems/stop/set"
    return entities + [plan, stage, mode, hours, stop]
  }

  /// An energy of the day to come; hour by hour with its band in the attributes.
  private func forecast(_ key: String, _ name: String) -> DiscoveredEntity {
    var entity = DiscoveredEntity(.sensor, key, name: name, stateTopic: ForecastMessage.topic)
    (entity.field, entity.deviceClass, entity.unit) = (key, "energy", "kWh")
    entity.attributesTopic = ForecastMessage.topic
    return entity
  }

  private func select(
    _ object: String, _ name: String, _ topic: String, _ options: [String]
  ) -> DiscoveredEntity {
    var entity = DiscoveredEntity(.select, object, name: name, stateTopic: topic)
    (entity.commandTopic, entity.options) = ("\(topic)/set", options)
    return entity
  }
}
