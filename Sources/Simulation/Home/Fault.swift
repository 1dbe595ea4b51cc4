// SPDX-License-Identifier: MIT
public import Foundation

/// Something that is broken in the simulated home.
public enum Fault: Sendable, Hashable {
  /// A room's sensor gives nothing.
  case sensorDead(room: String)
  /// A room's sensor repeats the value it had when the fault began.
  case sensorStuck(room: String)
  /// A room's relay stays as given, whatever it is told.
  case relayStuck(room: String, isOn: Bool)
  /// The room's relay, the battery or the charge point of this name confirms commands and does
  /// nothing.
  case ignoresCommands(device: String)
  /// Power meters and the battery's state of charge give nothing.
  case metersSilent
}

/// A fault with the half-open time in which it lasts.
public struct ScheduledFault: Sendable, Hashable {
  /// What is broken.
  public let fault: Fault
  /// When.
  public let times: Range<Date>

  /// A fault for a time.
  public init(_ fault: Fault, during times: Range<Date>) {
    self.fault = fault
    self.times = times
  }
}
