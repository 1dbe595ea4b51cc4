// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

@testable import Control
@testable import Planning

/// A solver that says optimal is not believed: what breaks a limit or the balance of energy never
/// becomes the plan in force.
@Suite("Plans that the independent check refuses")
struct RefusedPlanTests {
  private let now = instant("2026-01-12T20:00:00Z")

  private func model() throws -> HomeModel {
    try HomeModel(
      home: controlHome(
        rooms: [controlRoom("kitchen")], battery: controlBattery,
        energy: .spot(factor: 1, fee: .zero)),
      settings: ControlSettings())
  }

  private func input(_ cycle: ControlCycle, at time: Date) -> ControlCycle.Input {
    var snapshot = Snapshot(time: time)
    snapshot.outdoorTemperature = Reading(Celsius(-5), at: time)
    snapshot.gridPower = Reading(Watts(500), at: time)
    snapshot.batteryStateOfCharge = Reading(.percent(50), at: time)
    snapshot.roomTemperatures["kitchen"] = Reading(Celsius(19), at: time)
    let grid = cycle.planGrid(at: time)
    let empty = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    return ControlCycle.Input(
      snapshot: snapshot,
      known: ForecastInputs(
        issuedAt: time, grid: grid, weather: nil, outdoorTemperature: Celsius(-5),
        publishedSpotPrice: Series(grid: grid, constant: PricePerKilowattHour(3)),
        pastSpotPrice: Series(grid: empty, values: []),
        baseLoadHistory: Series(grid: empty, values: []), pvHistory: nil, vehicles: [:]))
  }

  /// Plans as they are, then changed and called optimal.
  private func cycle(
    _ change: @escaping @Sendable (inout PlanSchedule.Controls) -> Void
  ) throws -> ControlCycle {
    var cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    cycle.planning = { options, problem, memory throws(PlanningError) in
      var controls = try Planner(options: options).plan(problem, memory: memory).schedule.controls
      change(&controls)
      return PlanningOutcome(
        schedule: PlanSimulation(problem: problem).schedule(controls), quality: .optimal,
        bound: nil)
    }
    return cycle
  }

  private static let lies: [(String, @Sendable (inout PlanSchedule.Controls) -> Void)] = [
    ("PV power", { $0.dispatch.pvUsedKilowatts[3] += 2 }),  // power out of nothing
    ("battery power", { $0.dispatch.batteryDischargeKilowatts[0][2] = 9 }),
    (
      "battery energy",
      { controls in for step in 0..<40 { controls.dispatch.batteryDischargeKilowatts[0][step] = 5 }
      }
    ),
    (
      "charging while discharging",
      {
        $0.dispatch.batteryChargeKilowatts[0][1] = 2
        $0.dispatch.batteryDischargeKilowatts[0][1] = 2
      }
    ),
  ]

  @Test("leave the house to its thermostats where there was no plan before", arguments: lies)
  func first(limit: String, lie: @escaping @Sendable (inout PlanSchedule.Controls) -> Void) throws {
    let cycle = try cycle(lie)
    let result = cycle.step(input(cycle, at: now), memory: ControlCycle.Memory())
    #expect(result.verdict?.isFeasible == false)
    #expect(result.plan == nil && result.schedule == nil && result.memory.plan == nil)
    let told = result.diagnostics.map(\.message).first { $0.hasPrefix("refused by the check") }
    #expect(told?.contains(limit) == true, "\(told ?? "nothing told")")
    // 19 °C in a room that shall have 20: its thermostat heats, and the battery follows the house.
    let actions = result.limited.commands.map(\.action)
    #expect(actions.contains(.heat(room: "kitchen", isOn: true)))
    #expect(
      !actions.contains {
        if case .battery(_, let mode) = $0 { mode != .selfConsumption } else { false }
      })
  }

  @Test("leave the plan before in force, and another is made at the next decision")
  func later() throws {
    let right = try cycle { _ in }
    let before = right.step(input(right, at: now), memory: ControlCycle.Memory())
    #expect(before.plan != nil)
    let wrong = try cycle { $0.dispatch.pvUsedKilowatts[3] += 2 }
    let due = now.addingTimeInterval(3_600)
    let refused = wrong.step(input(wrong, at: due), memory: before.memory)
    #expect(refused.replanCause != nil && refused.verdict?.isFeasible == false)
    #expect(refused.plan == before.plan)
    #expect(!refused.limited.commands.isEmpty)
    let next = right.step(
      input(right, at: due.addingTimeInterval(300)), memory: refused.memory)
    #expect(next.verdict?.isFeasible == true && next.plan != before.plan)
  }
}
