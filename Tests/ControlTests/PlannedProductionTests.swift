// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Planning
import TestSupport
import Testing
import TimeSeries

@testable import Control

@Suite("What the PV plant is told")
struct PlannedProductionTests {
  private let noon = instant("2026-06-11T10:00:00Z")

  private func home(export: Double, buying: Double = 5) -> Home {
    controlHome(
      rooms: [], energy: .fixed(PricePerKilowattHour(buying)),
      export: .fixed(PricePerKilowattHour(export)),
      pvArrays: [
        PVArray(
          name: "south", peakPower: Watts(8_000), tilt: Degrees(35), azimuth: Degrees(180),
          temperatureCoefficientPerKelvin: -0.004, losses: Fraction(0.1))
      ])
  }

  /// A decision in full sun; the base load follows its climatology.
  private func decide(
    _ home: Home, pv: Watts? = nil, memory: ControlCycle.Memory? = nil, after: Double = 0
  )
    throws -> ControlCycle.Result
  {
    let time = noon.addingTimeInterval(after)
    let cycle = ControlCycle(
      model: try HomeModel(home: home, settings: ControlSettings(planStepCount: 16)),
      strategy: .optimised(PlannerOptions()))
    let grid = cycle.planGrid(at: time)
    let empty = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    var snapshot = Snapshot(time: time)
    snapshot.pvPower = pv.map { Reading($0, at: time) }
    return cycle.step(
      .init(
        snapshot: snapshot,
        known: ForecastInputs(
          issuedAt: time, grid: grid,
          weather: Weather(
            issuedAt: time,
            globalHorizontalIrradiance: Series(grid: grid, constant: WattsPerSquareMetre(800)),
            temperature: Series(grid: grid, constant: Celsius(20))),
          outdoorTemperature: Celsius(20),
          publishedSpotPrice: Series(grid: grid, constant: PricePerKilowattHour(2)),
          pastSpotPrice: Series(grid: empty, values: []),
          baseLoadHistory: Series(grid: empty, values: []), pvHistory: nil, vehicles: [:])),
      memory: memory ?? .init())
  }

  private func order(_ result: ControlCycle.Result) -> Command? {
    result.limited.commands.first { $0.action.target == .pv }
  }

  @Test("produces freely while feeding in earns money")
  func free() throws {
    let result = try decide(home(export: 1))
    #expect(order(result)?.action == .limitPV(nil))
    #expect(result.plan?.gridPower.first.map { $0 < Watts(-1_000) } == true)
  }

  @Test("feeds nothing in while that costs money, and the reason says how much")
  func gated() throws {
    let result = try decide(home(export: -0.5))
    #expect(order(result)?.action == .limitExport(.zero))
    #expect(order(result)?.reason == "feeding in costs 0.500 CZK/kWh")
    #expect(result.plan?.gridPower.first.map { $0 > Watts(-50) } == true)
    #expect(result.verdict?.isFeasible == true)
  }

  @Test("produces what the plan uses while buying is paid for")
  func paid() throws {
    let result = try decide(home(export: -2, buying: -1))
    let used = try #require(result.plan?.pvPower.first)
    #expect(order(result)?.action == .limitPV(used))
    #expect(used < Watts(100))
  }

  @Test("a plant that is held back is no reason for another plan; one that is free is")
  func replanning() throws {
    for (export, isExpected) in [(-0.5, false), (1.0, true)] {
      let home = home(export: export)
      let first = try decide(home)
      let later = try decide(home, pv: Watts(300), memory: first.memory, after: 1_860)
      #expect((later.replanCause != nil) == isExpected, "\(later.replanCause ?? "none")")
    }
  }

  @Test("without a plan it is free; a home without a plant is told nothing")
  func none() throws {
    let state = PlannedCommands(home: home(export: -1), expiresAt: noon)
    let cycle = try decide(home(export: -1))
    let commands = state.withoutPlan(
      state: cycle.state, rooms: [], calendar: home(export: -1).site.calendar)
    #expect(commands.map(\.action) == [.limitPV(nil)])
    #expect(order(try decide(controlHome(rooms: [controlRoom("kitchen")]))) == nil)
  }
}
