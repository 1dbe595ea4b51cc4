// SPDX-License-Identifier: MIT
import Devices
import Foundation
import Household
import Synchronization
import TestSupport
import Testing
import TimeSeries

/// A small home with the rooms of the Loxone simulator, for device tests.
func deviceHome(mainFuse: Amperes = Amperes(25)) -> Home {
  let comfort = ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(23)))
  let thermal = RoomThermalProperties(
    heatLoss: WattsPerKelvin(50), heatCapacity: KilowattHoursPerKelvin(2))
  let rooms = ["obyvak", "loznice", "koupelna", "detsky_pokoj"].enumerated().map { index, name in
    Room(
      name: name,
      heater: RoomHeater(
        power: Watts(1_500), minimumOn: .seconds(0), minimumOff: .seconds(0),
        switchingCost: .zero),
      comfort: comfort, thermal: thermal, priority: 10 * index)
  }
  return Home(
    site: Site(
      name: "test",
      location: Location(latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(230)),
      timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt, holidays: .czechRepublic,
      currency: "CZK"),
    tariff: TariffExample.czechD57d.tariff,
    grid: GridConnection(
      mainFuse: mainFuse, phases: 3, voltage: Volts(230), exportLimit: Watts(10_000)),
    pvArrays: [], inverter: Inverter(ratedPower: Watts(10_000), efficiency: .percent(97)),
    battery: Battery(
      name: "battery", capacity: KilowattHours(10),
      stateOfChargeBand: .percent(10) ... .percent(90), maximumCharge: Watts(5_000),
      maximumDischarge: Watts(5_000), chargeEfficiency: .percent(95),
      dischargeEfficiency: .percent(95), wearCost: .zero),
    rooms: rooms,
    chargePoints: [
      ChargePoint(
        name: "wallbox", phases: 3, minimumCurrent: Amperes(6), maximumCurrent: Amperes(16),
        voltage: Volts(230))
    ],
    vehicles: [
      Vehicle(
        name: "car", chargePoint: "wallbox", capacity: KilowattHours(60), target: .percent(80),
        chargeEfficiency: .percent(90), shortfallCost: PricePerKilowattHour(10), routines: [])
    ],
    preferences: Preferences(
      coldCostPerKelvinHour: Money(10), warmCostPerKelvinHour: Money(5), exportPenalty: .zero,
      yearlyBaseLoad: KilowattHours(3_500)),
    safety: SafetySettings(
      maximumRoomTemperature: Celsius(25), minimumRoomTemperature: Celsius(16),
      fuseMargin: .percent(90), maximumReadingAge: .seconds(900)))
}

/// A device with the defaults of its blueprint and some values of its own.
func device(
  _ driver: String, stage: RolloutStage? = nil, _ values: [String: DeviceSettings.Value] = [:]
) -> DeviceSettings {
  let blueprint = DeviceHub.blueprints.first { $0.name == driver }
  var all: [String: DeviceSettings.Value] = [:]
  for option in blueprint?.options ?? [] {
    switch option.kind {
    case .text(let text?): all[option.key] = .text(text)
    case .number(_, _, let number?): all[option.key] = .number(number)
    case .choice(let words): all[option.key] = .text(words[0])
    case .text, .number, .rooms: break
    }
  }
  return DeviceSettings(
    name: driver, driver: driver, stage: stage, values: all.merging(values) { $1 })
}

extension MQTTClient {
  /// Starts, and waits until the broker has taken the client in with all its subscriptions.
  func startAndConnect() async throws {
    start()
    let isConnected = await waitForConnection(.seconds(300))
    try #require(isConnected, "no broker")
  }
}

/// A hub on a broker, and what it told.
final class TestHub: Sendable {
  let hub: DeviceHub

  init(
    _ devices: [DeviceSettings], broker: Int?, stage: RolloutStage = .full,
    home: Home = deviceHome(), clock: (@Sendable () -> Double)? = nil
  ) async throws {
    var settings = ServiceSettings(stateFolder: "")
    settings.stage = stage
    settings.devices = devices
    let client = try broker.map { port in
      try MQTTClient(
        BrokerSettings(host: "127.0.0.1", port: port, clientName: "pems-\(UUID().uuidString)"))
    }
    let events = EventLog()
    hub = try DeviceHub(
      settings: settings, home: home, broker: client, now: { Date() }, clock: clock,
      onEvent: { events.add($0) })
    self.events = events
    await hub.open()
    if let client {
      let isConnected = await client.waitForConnection(.seconds(300))
      try #require(isConnected, "the hub finds no broker")
    }
  }

  let events: EventLog

  /// Wants a command for a quarter of an hour.
  func want(_ actions: Command.Action...) {
    let now = Date()
    _ = hub.apply(
      actions.map { Command($0, expiresAt: now.addingTimeInterval(900), reason: "test") }, at: now)
  }

  /// Waits for something, delivering meanwhile as the loop would.
  func eventually(_ condition: () -> Bool) async -> Bool {
    await TestSupport.eventually {
      if condition() { return true }
      hub.deliver()
      return false
    }
  }

  /// Delivers for a while as the loop would, for what shall not happen.
  func pass(_ seconds: Double) async {
    _ = await TestSupport.eventually(within: .seconds(seconds)) {
      hub.deliver()
      return false
    }
  }

  /// Waits until the battery has told its state of charge, without which nobody can hold it.
  func requireStateOfCharge() async throws {
    let isKnown = await eventually { hub.snapshot(at: Date()).batteryStateOfCharge != nil }
    try #require(isKnown, "no state of charge: \(events.texts)")
  }

  /// Waits until a device has confirmed an action.
  func requireConfirmation(of action: Command.Action) async throws {
    let isConfirmed = await eventually { self.isConfirmed(action) }
    try #require(isConfirmed, "\(action) is not confirmed: \(events.texts)")
  }

  func isConfirmed(_ action: Command.Action) -> Bool {
    hub.status[action.target]?.confirmed == action
  }
}

/// What a hub told, in order.
final class EventLog: Sendable {
  private let events = Mutex<[DeviceHub.Event]>([])
  func add(_ event: DeviceHub.Event) { events.withLock { $0.append(event) } }
  var all: [DeviceHub.Event] { events.withLock { $0 } }
  var texts: [String] { all.map { "\($0)" } }
}
