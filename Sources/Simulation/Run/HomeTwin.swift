// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// A home whose time can be moved: controllers are tried on it before they are trusted.
public protocol HomeTwin: SnapshotReading, CommandApplying {
  /// The twin's present.
  var time: Date { get }
  /// What has happened since its start, exactly.
  var ledger: EnergyLedger { get }
  /// The true temperature of each room, in the order of the home.
  var trueRoomTemperatures: [Celsius] { get }
  /// The true state of charge; `nil` without a battery.
  var trueStateOfCharge: Fraction? { get }
  /// The true outdoor temperature; `nil` where it is not part of the twin.
  var outdoorTemperature: Celsius? { get }
  /// Lets time pass.
  mutating func advance(to end: Date)
  /// The true prices on a grid.
  func truePrices(
    on grid: TimeGrid
  ) -> (import: Series<PricePerKilowattHour>, export: Series<PricePerKilowattHour>)
}

extension SimulatedHome: HomeTwin {
  /// The true outdoor temperature of the minute that passed last.
  public var outdoorTemperature: Celsius? { trueOutdoorTemperature }
}
