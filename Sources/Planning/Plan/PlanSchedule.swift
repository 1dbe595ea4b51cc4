// SPDX-License-Identifier: MIT

/// What every device does in every step, with what follows from it.
public struct PlanSchedule: Sendable, Equatable {
  /// The decisions; everything else follows from them and the problem.
  public struct Controls: Sendable, Equatable {
    /// Relay of each room in each step.
    public var relays: [[Bool]]
    /// Whether each deferrable load runs in each step.
    public var deferrableRuns: [[Bool]]
    /// Batteries, chargers and PV, for the expected values.
    public var dispatch: DispatchSchedule
    /// The same for each scenario; empty when the plan is for the expected values only.
    public var scenarioDispatches: [DispatchSchedule]

    /// Decisions of all devices.
    public init(
      relays: [[Bool]], deferrableRuns: [[Bool]], dispatch: DispatchSchedule,
      scenarioDispatches: [DispatchSchedule] = []
    ) {
      self.relays = relays
      self.deferrableRuns = deferrableRuns
      self.dispatch = dispatch
      self.scenarioDispatches = scenarioDispatches
    }

    /// Decisions in which nothing runs.
    public init(idleFor problem: PlanningProblem) {
      let off = [Bool](repeating: false, count: problem.stepCount)
      relays = problem.rooms.map { _ in off }
      deferrableRuns = problem.deferrableLoads.map { _ in off }
      dispatch = DispatchSchedule(idleFor: problem)
      scenarioDispatches = []
    }
  }

  /// The decisions.
  public let controls: Controls
  /// Heating power of all rooms, each step, kW.
  public let heatingKilowatts: [Double]
  /// Grid power, each step, kW, + import.
  public let gridKilowatts: [Double]
  /// Temperature of each room at the start of step 0 and at the end of each step, °C.
  public let temperaturesCelsius: [[Double]]
  /// Energy in each battery at the start of step 0 and at the end of each step, kWh.
  public let batteryKilowattHours: [[Double]]
  /// Energy of the vehicle at each charge point at the end of each step, kWh; `nil` when none is there.
  public let vehicleKilowattHours: [[Double?]]
  /// The objective in its parts, for the expected values or, with scenarios, weighed by risk.
  public let objective: PlanObjective

  /// Relay of each room in each step.
  public var relays: [[Bool]] { controls.relays }
  /// Import, each step, kW, ≥ 0.
  public var importKilowatts: [Double] { gridKilowatts.map { max(0, $0) } }
  /// Export, each step, kW, ≥ 0.
  public var exportKilowatts: [Double] { gridKilowatts.map { max(0, -$0) } }
  /// PV power that is used, each step, kW.
  public var pvUsedKilowatts: [Double] { controls.dispatch.pvUsedKilowatts }
}
