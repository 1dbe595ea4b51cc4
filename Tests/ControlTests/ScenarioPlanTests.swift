// SPDX-License-Identifier: MIT
import Control
import Forecasting
import Foundation
import Household
import Planning
import TestSupport
import Testing
import TimeSeries

@Suite("Plans for scenarios")
struct ScenarioPlanTests {
  private let start = instant("2026-05-12T06:00:00Z")
  private let steps = 96

  private func decide(_ planning: PlanningSettings) throws -> ControlCycle.Result {
    let cycle = ControlCycle(
      model: try HomeModel(
        home: controlHome(rooms: [controlRoom("kitchen")], planning: planning),
        settings: ControlSettings(planStepCount: steps)),
      strategy: .optimised(PlannerOptions(.thorough)))
    var snapshot = Snapshot(time: start)
    snapshot.roomTemperatures["kitchen"] = Reading(Celsius(20.5), at: start)
    let grid = cycle.planGrid(at: start)
    let none = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    return cycle.step(
      ControlCycle.Input(
        snapshot: snapshot,
        known: ForecastInputs(
          issuedAt: start, grid: grid, weather: nil, outdoorTemperature: Celsius(5),
          publishedSpotPrice: Series(grid: grid, constant: PricePerKilowattHour(2)),
          pastSpotPrice: Series(grid: none, values: []),
          baseLoadHistory: Series(grid: none, values: []), pvHistory: nil, vehicles: [:])),
      memory: ControlCycle.Memory())
  }

  @Test("the configuration decides whether a plan is made for scenarios")
  func byConfiguration() throws {
    let certain = try decide(PlanningSettings())
    #expect(certain.problem != nil && certain.problem?.scenarios == nil)
    let result = try decide(PlanningSettings(uncertainty: .scenarios, riskWeight: .percent(20)))
    let problem = try #require(result.problem, "\(result.diagnostics)")
    let set = try #require(problem.scenarios)
    // Prices are published and there is no sun: only the load is uncertain.
    #expect(set.scenarios.map(\.probability) == [0.3, 0.4, 0.3])
    #expect(abs(set.riskWeight - 0.2) < 1e-12)
    #expect(result.verdict?.isFeasible == true)
  }

  @Test("scenarios keep the mean of what they stand for")
  func mean() throws {
    let result = try decide(PlanningSettings(uncertainty: .scenarios))
    let set = try #require(result.problem?.scenarios)
    let problem = try #require(result.problem)
    for step in 0..<steps {
      let mean = set.scenarios.reduce(0) { $0 + $1.probability * $1.baseLoadKilowatts[step] }
      #expect(abs(mean - problem.baseLoadKilowatts[step]) < 0.02 + 0.1 * mean)
    }
    let first = set.scenarios[0].baseLoadKilowatts
    let last = set.scenarios[2].baseLoadKilowatts
    #expect(zip(first, last).allSatisfy { $0 <= $1 })
  }
}
