// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A room's heating relay with the thermostat that takes over when no command holds.
struct SimulatedRelay: Sendable, Hashable {
  /// Above the lower end of the band by this much the thermostat switches off.
  static let hysteresisKelvins = 0.4

  private(set) var isOn = false
  private(set) var since: Date
  private(set) var command: (isOn: Bool, expiresAt: Date)?

  init(start: Date) { since = start }

  /// Takes a command.
  mutating func take(isOn: Bool, until expiry: Date) { command = (isOn, expiry) }

  /// Decides for the coming minute: the command while it holds, then the thermostat.
  ///
  /// - Returns: whether it has just been switched on.
  mutating func update(at time: Date, celsius: Double, lowerCelsius: Double) -> Bool {
    if let held = command, time >= held.expiresAt { command = nil }
    let next: Bool
    if let command {
      next = command.isOn
    } else if celsius < lowerCelsius {
      next = true
    } else if celsius > lowerCelsius + Self.hysteresisKelvins {
      next = false
    } else {
      next = isOn
    }
    return set(next, at: time)
  }

  /// Switches; also what a stuck relay does by itself.
  mutating func set(_ next: Bool, at time: Date) -> Bool {
    guard next != isOn else { return false }
    isOn = next
    since = time
    return next
  }

  static func == (left: SimulatedRelay, right: SimulatedRelay) -> Bool {
    left.isOn == right.isOn && left.since == right.since
      && left.command?.isOn == right.command?.isOn
      && left.command?.expiresAt == right.command?.expiresAt
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(isOn)
    hasher.combine(since)
  }
}

/// The battery's content and what the inverter was told about it.
struct SimulatedBattery: Sendable {
  let battery: Battery
  /// Stored energy, kWh.
  var stored: Double
  private var command: (mode: BatteryMode, expiresAt: Date)?

  /// Half full.
  init(_ battery: Battery) {
    self.battery = battery
    let band = battery.stateOfChargeBand
    stored =
      battery.capacity.rawValue * min(band.upperBound, max(band.lowerBound, Fraction(0.5))).rawValue
  }

  var stateOfCharge: Fraction { Fraction(stored / battery.capacity.rawValue) }

  /// Takes a command.
  mutating func take(_ mode: BatteryMode, until expiry: Date) { command = (mode, expiry) }

  /// The mode in force: the command while it holds, then self-consumption.
  mutating func mode(at time: Date) -> BatteryMode {
    if let held = command, time >= held.expiresAt { command = nil }
    return command?.mode ?? .selfConsumption
  }

  /// Stores and gives for a time.
  ///
  /// - Returns: the energy lost, kWh.
  mutating func pass(charge: Double, discharge: Double, hours: Double) -> Double {
    let taken = charge / 1_000 * hours
    let given = discharge / 1_000 * hours
    let drawn = given / battery.dischargeEfficiency.rawValue
    let kept = taken * battery.chargeEfficiency.rawValue
    stored += kept - drawn
    return taken - kept + drawn - given
  }
}

/// A wallbox, which charges at its minimum when nobody talks to it: the car is ready at last.
struct SimulatedChargePoint: Sendable {
  let chargePoint: ChargePoint
  private var command: (watts: Double, expiresAt: Date)?

  init(_ chargePoint: ChargePoint) { self.chargePoint = chargePoint }

  /// Takes a command.
  mutating func take(watts: Double, until expiry: Date) { command = (watts, expiry) }

  /// The power it allows: below the smallest current nothing, above the largest the largest.
  mutating func allowedWatts(at time: Date) -> Double {
    if let held = command, time >= held.expiresAt { command = nil }
    let minimum = chargePoint.minimumPower.rawValue
    guard let command else { return minimum }
    return command.watts < minimum ? 0 : min(command.watts, chargePoint.maximumPower.rawValue)
  }
}
