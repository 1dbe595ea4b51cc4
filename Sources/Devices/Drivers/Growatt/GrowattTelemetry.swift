// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// What a Growatt SPH measures, in the house's signs.
struct GrowattTelemetry: Sendable, Hashable {
  var pv: Watts?
  var grid: Watts?
  var battery: Watts?
  var load: Watts?
  var stateOfCharge: Fraction?
  var batteryTemperature: Celsius?
  /// Counts the telegrams of the stick; a repeated one is an old telegram.
  var count: Int?

  init() {}

  /// A telegram of the stick; `nil` when it is none or the stick has lost its inverter.
  init?(_ message: MQTTMessage) {
    guard let fields = message.json else { return nil }
    func number(_ key: String) -> Double? { DeviceNumber.real(json: fields[key]) }
    guard let status = number("InverterStatus"), status >= 0 else { return nil }
    func difference(_ plus: String, _ minus: String) -> Watts? {
      guard let plus = number(plus), let minus = number(minus) else { return nil }
      return Watts(plus - minus)
    }
    pv = number("InputPower").map { Watts($0) }
    grid = difference("ACPowerToUser", "ACPowerToGrid")
    battery = difference("DischargePower", "ChargePower")
    load = number("INVPowerToLocalLoad").map { Watts($0) }
    stateOfCharge = number("SOC").flatMap { (0...100).contains($0) ? .percent($0) : nil }
    batteryTemperature = number("BatteryTemperature").map { Celsius($0) }
    count = number("Cnt").flatMap(DeviceNumber.whole)
  }

  /// Hangs the readings on the board.
  func post(to board: ReadingBoard, at time: Date) {
    board.post { snapshot in
      if let pv { snapshot.pvPower = Reading(pv, at: time) }
      if let grid { snapshot.gridPower = Reading(grid, at: time) }
      if let battery { snapshot.batteryPower = Reading(battery, at: time) }
      if let stateOfCharge { snapshot.batteryStateOfCharge = Reading(stateOfCharge, at: time) }
      if let batteryTemperature {
        snapshot.batteryTemperature = Reading(batteryTemperature, at: time)
      }
    }
    if let load { board.postLoad(Reading(load, at: time)) }
  }
}
