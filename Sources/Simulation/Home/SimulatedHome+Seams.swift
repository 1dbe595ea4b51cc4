// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

extension SimulatedHome: CommandApplying {
  /// Carries commands out; what the home does not have, or what has expired, is refused.
  public mutating func apply(_ commands: [Command], at time: Date) -> [CommandOutcome] {
    commands.map { apply($0, at: time) }
  }

  private mutating func apply(_ command: Command, at time: Date) -> CommandOutcome {
    guard command.expiresAt > time else { return .refused("it expired at \(command.expiresAt)") }
    switch command.action {
    case .heat(let room, let isOn):
      return heat(room: room, isOn: isOn, until: command.expiresAt)
    case .battery(let name, let mode):
      guard battery?.battery.name == name else { return .refused("there is no battery '\(name)'") }
      if !ignoresCommands(name) { battery?.take(mode, until: command.expiresAt) }
    case .charge(let name, let power):
      guard let index = chargePoints.firstIndex(where: { $0.chargePoint.name == name }) else {
        return .refused("there is no charge point '\(name)'")
      }
      if !ignoresCommands(name) {
        chargePoints[index].take(watts: power.rawValue, until: command.expiresAt)
      }
    case .run(let appliance, _):
      return .refused("there is no appliance '\(appliance)'")
    case .limitPV, .limitExport:
      guard home.inverter != nil else { return .refused("there is no PV to limit") }
      if !ignoresCommands(Self.plantName) {
        plantLimit.take(command.action, until: command.expiresAt)
      }
    }
    return .accepted
  }

  /// The PV plant in faults.
  static let plantName = "pv"

  private mutating func heat(room: String, isOn: Bool, until expiry: Date) -> CommandOutcome {
    guard let index = home.rooms.firstIndex(where: { $0.name == room }) else {
      return .refused("there is no room '\(room)'")
    }
    guard relays[index] != nil else { return .refused("room '\(room)' has no heater") }
    if !ignoresCommands(room) { relays[index]?.take(isOn: isOn, until: expiry) }
    return .accepted
  }
}

extension SimulatedHome: SnapshotReading {
  /// What the sensors and meters show now: temperatures to 0.1 K, powers with their meters' error,
  /// states of charge to 1 %. Readings are stamped with the simulated present.
  public func snapshot(at time: Date) -> Snapshot {
    var snapshot = Snapshot(time: time)
    readRooms(into: &snapshot)
    snapshot.outdoorTemperature = Reading(
      Celsius(rounded(conditions.celsius + 0.1 * meter(.outdoor))), at: self.time)
    for vehicle in vehicles {
      let share = (vehicle.stored / vehicle.capacity * 100).rounded() / 100
      snapshot.vehicles[vehicle.vehicle.name] = Reading(
        VehicleState(
          isConnected: vehicle.isConnected,
          stateOfCharge: vehicle.isConnected ? Fraction(share) : nil,
          power: Watts(measured(vehicle.powerWatts, .vehicle))), at: self.time)
    }
    if !faultIsActive(.metersSilent) { readMeters(into: &snapshot) }
    return snapshot
  }

  private func readRooms(into snapshot: inout Snapshot) {
    for (index, room) in home.rooms.enumerated() {
      if let relay = relays[index] {
        snapshot.relays[room.name] = Reading(
          RelayState(isOn: relay.isOn, since: relay.since), at: time)
      }
      guard !faultIsActive(.sensorDead(room: room.name)) else { continue }
      let noise = SeededNoise(seed: seed, stream: .meter, member: 100 + index)
      let value =
        sensedCelsius(ofRoom: index)
        + truth.roomSensorDeviation.rawValue * noise.normal(minuteNumber)
      let shown = stuckSensors[room.name] ?? Celsius(rounded(value))
      snapshot.roomTemperatures[room.name] = Reading(shown, at: time)
    }
  }

  private func readMeters(into snapshot: inout Snapshot) {
    let grid = flows.gridImport - flows.gridExport
    snapshot.gridPower = Reading(Watts(measured(grid, .grid)), at: time)
    snapshot.pvPower = home.inverter.map { _ in
      Reading(Watts(measured(flows.pv, .pv)), at: time)
    }
    snapshot.baseLoadPower = Reading(Watts(measured(baseLoadWatts, .baseLoad)), at: time)
    guard let battery else { return }
    snapshot.batteryPower = Reading(
      Watts(measured(flows.discharge - flows.charge, .battery)), at: time)
    let share = (battery.stateOfCharge.rawValue * 100).rounded() / 100
    snapshot.batteryStateOfCharge = Reading(Fraction(share), at: time)
  }

  /// The meters of the home, each with noise of its own.
  private enum Meter: Int {
    case grid, pv, baseLoad, battery, vehicle, outdoor
  }

  private var minuteNumber: Int { Int(time.timeIntervalSince1970) / 60 }

  private func meter(_ meter: Meter) -> Double {
    SeededNoise(seed: seed, stream: .meter, member: meter.rawValue).normal(minuteNumber)
  }

  private func measured(_ watts: Double, _ kind: Meter) -> Double {
    (watts * (1 + truth.meterDeviation.rawValue * meter(kind))).rounded()
  }

  private func rounded(_ celsius: Double) -> Double { (celsius * 10).rounded() / 10 }
}
