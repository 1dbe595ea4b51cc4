// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// A measured value with the time it was measured.
public struct Reading<Value: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
  /// What was read.
  public let value: Value
  /// When.
  public let time: Date

  /// A value read at a time.
  public init(_ value: Value, at time: Date) {
    self.value = value
    self.time = time
  }

  /// Whether the reading is at most `age` old, and not from the future by more than that.
  public func isFresh(at now: Date, maximumAge age: Duration) -> Bool {
    abs(now.timeIntervalSince(time)) <= age.seconds
  }
}

/// A relay with how long it has been so.
public struct RelayState: Sendable, Hashable, Codable {
  /// Whether current flows.
  public let isOn: Bool
  /// When it was last switched.
  public let since: Date

  /// A relay's state.
  public init(isOn: Bool, since: Date) {
    self.isOn = isOn
    self.since = since
  }
}

/// A car at a charge point, as far as it can be known.
public struct VehicleState: Sendable, Hashable, Codable {
  /// Whether it is plugged in.
  public let isConnected: Bool
  /// Its state of charge, where it tells.
  public let stateOfCharge: Fraction?
  /// What it draws now.
  public let power: Watts

  /// A car's state.
  public init(isConnected: Bool, stateOfCharge: Fraction?, power: Watts) {
    self.isConnected = isConnected
    self.stateOfCharge = stateOfCharge
    self.power = power
  }
}

/// All readings of the home, frozen: a decision sees this and no device.
///
/// What was not read is absent. Signs are the house's: grid + is import, battery + is discharge.
public struct Snapshot: Sendable, Hashable, Codable {
  /// When the picture was taken.
  public let time: Date
  /// Exchange with the grid.
  public var gridPower: Reading<Watts>?
  /// PV production.
  public var pvPower: Reading<Watts>?
  /// Consumption without heaters and cars.
  public var baseLoadPower: Reading<Watts>?
  /// Battery power.
  public var batteryPower: Reading<Watts>?
  /// State of charge of the battery.
  public var batteryStateOfCharge: Reading<Fraction>?
  /// Temperature of the battery's cells.
  public var batteryTemperature: Reading<Celsius>?
  /// Air temperature outdoors.
  public var outdoorTemperature: Reading<Celsius>?
  /// Temperatures by the name of the room.
  public var roomTemperatures: [String: Reading<Celsius>]
  /// Heating relays by the name of the room.
  public var relays: [String: Reading<RelayState>]
  /// Cars by their name.
  public var vehicles: [String: Reading<VehicleState>]
  /// What appliances that are planned draw, by their name; `nil` where none tells.
  public var appliancePowers: [String: Reading<Watts>]?
  /// The same, empty where none tells.
  public var appliances: [String: Reading<Watts>] { appliancePowers ?? [:] }

  /// A picture in which nothing has been read yet.
  public init(time: Date) {
    self.time = time
    roomTemperatures = [:]
    relays = [:]
    vehicles = [:]
  }

  /// The same readings in a picture of another time.
  public func taken(at time: Date) -> Snapshot {
    var picture = Snapshot(time: time)
    picture.gridPower = gridPower
    picture.pvPower = pvPower
    picture.baseLoadPower = baseLoadPower
    picture.batteryPower = batteryPower
    picture.batteryStateOfCharge = batteryStateOfCharge
    picture.batteryTemperature = batteryTemperature
    picture.outdoorTemperature = outdoorTemperature
    picture.roomTemperatures = roomTemperatures
    picture.relays = relays
    picture.vehicles = vehicles
    picture.appliancePowers = appliancePowers
    return picture
  }
}
