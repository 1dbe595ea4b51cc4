// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// What a device is told to do until a time; the device falls back by itself when it is not renewed.
public struct Command: Sendable, Hashable, Codable {
  /// The deed.
  public enum Action: Sendable, Hashable, Codable {
    /// Switch a room's heater.
    case heat(room: String, isOn: Bool)
    /// Set what the inverter does with the battery.
    case battery(name: String, mode: BatteryMode)
    /// Let a car charge with at most this power; zero stops it.
    case charge(chargePoint: String, power: Watts)
    /// Let an appliance run, or keep it from running.
    case run(appliance: String, isOn: Bool)
    /// Limit PV production; `nil` lifts every limit, that of the export too.
    case limitPV(Watts?)
    /// Limit what is fed into the grid, without touching what the house uses itself.
    case limitExport(Watts)
  }

  /// The deed.
  public let action: Action
  /// When it stops to hold.
  public let expiresAt: Date
  /// Why, in one sentence for people.
  public let reason: String

  /// A deed with an end and a reason.
  public init(_ action: Action, expiresAt: Date, reason: String) {
    self.action = action
    self.expiresAt = expiresAt
    self.reason = reason
  }
}
