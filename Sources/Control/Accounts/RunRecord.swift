// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// What happened in a home over a time, step by step, as the meters had it: the material of every
/// account, report and comparison.
///
/// Every array has one element for each step of `grid`. Powers are means over the step, temperatures
/// and states of charge those at its end. Signs are the house's.
public struct RunRecord: Sendable, Hashable {
  /// Who was in control, for people.
  public let controller: String
  /// The steps.
  public let grid: TimeGrid
  /// What importing cost.
  public var importPrice: [PricePerKilowattHour] = []
  /// What exporting earned.
  public var exportPrice: [PricePerKilowattHour] = []
  /// Imported energy; a step can have both directions.
  public var imported: [KilowattHours] = []
  /// Exported energy.
  public var exported: [KilowattHours] = []
  /// PV production that was used.
  public var pvPower: [Watts] = []
  /// Consumption without heaters and cars.
  public var baseLoadPower: [Watts] = []
  /// All heaters.
  public var heatingPower: [Watts] = []
  /// All cars.
  public var vehiclePower: [Watts] = []
  /// Energy the battery gave, on the alternating-current side.
  public var discharged: [KilowattHours] = []
  /// Energy the battery took, on the alternating-current side.
  public var charged: [KilowattHours] = []
  /// State of charge at the end of each step; empty without a battery.
  public var stateOfCharge: [Fraction] = []
  /// Outdoors.
  public var outdoorTemperature: [Celsius] = []
  /// Each room.
  public var rooms: [RoomRecord] = []
  /// Energy that cars were short of at their departures.
  public var vehicleShortfall: KilowattHours = .zero
  /// Times to find a plan, in seconds, in the order of the plans.
  public var planningSeconds: [Double] = []
  /// Plans that the independent check accepted.
  public var acceptedPlans = 0
  /// Plans that the independent check refused.
  public var refusedPlans = 0

  /// A record in which nothing has happened yet.
  public init(controller: String, grid: TimeGrid) {
    self.controller = controller
    self.grid = grid
  }
}

/// What happened in one room.
public struct RoomRecord: Sendable, Hashable {
  /// The room.
  public let name: String
  /// Its temperature at the end of each step.
  public var temperature: [Celsius] = []
  /// The wished band in each step.
  public var band: [ComfortBand] = []
  /// The share of each step in which the heater was on; empty without a heater.
  public var heating: [Fraction] = []
  /// How often the heater was switched on.
  public var switchings = 0

  /// A room in which nothing has happened yet.
  public init(name: String) { self.name = name }
}
