// SPDX-License-Identifier: MIT
public import Foundation

/// Everything a planner needs to know about one home over one horizon.
///
/// Powers are kW, energies kWh, temperatures °C, money any one currency, prices currency/kWh. Arrays over
/// the steps have `stepHours.count` values; a value belongs to its whole half-open step. Arrays that do not
/// apply may be empty where their text says so.
public struct PlanningProblem: Sendable, Equatable {
  /// What results are called.
  public var name: String
  /// The instant at which step 0 starts; `nil` where only step numbers matter.
  public var start: Date?
  /// Length of each step in hours, > 0; they may differ, for example a partial first step.
  public var stepHours: [Double]
  /// The connection to the grid with its prices and limits.
  public var grid: Grid
  /// Consumption that cannot be moved, each step, kW, ≥ 0.
  public var baseLoadKilowatts: [Double]
  /// PV production that is available, each step, kW, ≥ 0; empty for a home without PV.
  public var pvKilowatts: [Double]
  /// Outdoor temperature, each step, °C; may be empty without rooms.
  public var outdoorCelsius: [Double]
  /// Irradiance on windows, each step, kW/m², ≥ 0; may be empty without rooms.
  public var solarKilowattsPerSquareMetre: [Double]
  /// Stationary batteries.
  public var batteries: [Battery] = []
  /// Charge points with the vehicles that will stand at them.
  public var chargers: [Charger] = []
  /// Rooms heated through relays.
  public var rooms: [Room] = []
  /// Appliances that run once within a window.
  public var deferrableLoads: [DeferrableLoad] = []
  /// Highest power of all heaters together, kW, ≥ 0; `nil` where only the fuse limits them.
  public var heatingLimitKilowatts: Double?
  /// What may come instead of the expected values; `nil` to plan for the expected values only.
  public var scenarios: ScenarioSet?

  /// A home without any flexible device; devices are added afterwards.
  public init(
    name: String, stepHours: [Double], grid: Grid, baseLoadKilowatts: [Double],
    pvKilowatts: [Double] = [], outdoorCelsius: [Double] = [],
    solarKilowattsPerSquareMetre: [Double] = []
  ) {
    self.name = name
    self.stepHours = stepHours
    self.grid = grid
    self.baseLoadKilowatts = baseLoadKilowatts
    self.pvKilowatts = pvKilowatts
    self.outdoorCelsius = outdoorCelsius
    self.solarKilowattsPerSquareMetre = solarKilowattsPerSquareMetre
  }

  /// How many steps the horizon has.
  public var stepCount: Int { stepHours.count }

  /// PV production that is available in a step, kW.
  func availablePV(_ step: Int) -> Double { pvKilowatts.isEmpty ? 0 : pvKilowatts[step] }
}
