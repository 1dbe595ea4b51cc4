// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The two ways to the settings of a Growatt SPH: the MQTT stick and Modbus.
protocol GrowattLink: Sendable {
  /// Looks whether the other side knows everything that is asked of it.
  func probe() async throws(DeviceError)
  /// All settings as the inverter has them.
  func settings() async throws(DeviceError) -> GrowattSettings
  /// Writes one.
  func write(_ write: GrowattSettings.Write) async throws(DeviceError)
  /// What holds production back, as the inverter has it.
  func limits() async throws(DeviceError) -> GrowattLimits
  /// Writes one of these.
  func write(_ write: GrowattLimits.Write) async throws(DeviceError)
  /// The priority the inverter works by now: 0 load, 1 battery, 2 grid; `nil` where it cannot tell.
  func priority() async throws(DeviceError) -> Int?
  /// The inverter's clock, with which its slots are compared; `nil` where it cannot tell.
  func clock(_ timeZone: TimeZone) async throws(DeviceError) -> Date?
  /// Sets the inverter's clock.
  func setClock(_ time: Date, _ timeZone: TimeZone) async throws(DeviceError)
}
