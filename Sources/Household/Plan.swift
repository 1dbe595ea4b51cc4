// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// What a hybrid inverter can be told to do with its battery.
public enum BatteryMode: Sendable, Hashable, Codable {
  /// Cover the house from the battery and store what PV leaves over.
  case selfConsumption
  /// Neither charge from the grid nor discharge.
  case hold
  /// Charge with a power, from the grid where PV does not suffice, up to a state of charge.
  case chargeFromGrid(power: Watts, until: Fraction)
  /// Give a power, into the grid where the house does not need it, down to a state of charge.
  case dischargeToGrid(power: Watts, until: Fraction)
}

/// Where a plan came from: how much its numbers may be trusted.
public enum PlanOrigin: String, Sendable, Hashable, Codable {
  /// The optimiser proved that nothing better exists.
  case optimal
  /// The optimiser's best so far.
  case feasible
  /// The rules, because the optimiser gave nothing that may be used.
  case rules
}

/// What the home shall do over the horizon, and what is expected to follow from it.
///
/// Every array has one element for each step of `grid`, room temperatures those at the end of the
/// step. Powers follow the house's signs.
public struct Plan: Sendable, Hashable, Codable {
  /// When it was made.
  public let issuedAt: Date
  /// Its steps.
  public let grid: TimeGrid
  /// Where it came from.
  public let origin: PlanOrigin
  /// Whether each heater is on, by room.
  public var heating: [String: [Bool]] = [:]
  /// Expected temperature at the end of each step, by room.
  public var roomTemperatures: [String: [Celsius]] = [:]
  /// Battery power, discharge positive; empty without a battery.
  public var batteryPower: [Watts] = []
  /// What the inverter is told in each step; empty without a battery.
  public var batteryModes: [BatteryMode] = []
  /// State of charge at the end of each step; empty without a battery.
  public var stateOfCharge: [Fraction] = []
  /// Power of each car, by name.
  public var vehiclePower: [String: [Watts]] = [:]
  /// Whether each appliance may run, by name; `nil` in plans that were made before there were any.
  public var applianceRuns: [String: [Bool]]?
  /// PV production that is used; less than the forecast where it is curtailed.
  public var pvPower: [Watts] = []
  /// Consumption without heaters and cars.
  public var baseLoadPower: [Watts] = []
  /// Exchange with the grid, import positive.
  public var gridPower: [Watts] = []
  /// The plan's whole objective: bill, wear, comfort and the value of what is left stored.
  public var objective: Money = .zero
  /// Nothing can be cheaper than this; `nil` where it was not computed.
  public var lowerBound: Money?

  /// A plan that says nothing yet.
  public init(issuedAt: Date, grid: TimeGrid, origin: PlanOrigin) {
    self.issuedAt = issuedAt
    self.grid = grid
    self.origin = origin
  }
}
