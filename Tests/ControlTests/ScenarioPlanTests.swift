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

  /// A decision for scenarios of a sunny day, and the line of the journal it is made again from.
  private func decideSunny(
    _ ensemble: WeatherEnsemble?
  ) throws -> (result: ControlCycle.Result, replay: CycleReplay.Comparison) {
    let roof = PVArray(
      name: "roof", peakPower: Watts(8_000), tilt: Degrees(35), azimuth: Degrees(180),
      temperatureCoefficientPerKelvin: -0.004, losses: .percent(10))
    let cycle = ControlCycle(
      model: try HomeModel(
        home: controlHome(
          rooms: [], battery: controlBattery, pvArrays: [roof],
          planning: PlanningSettings(uncertainty: .scenarios)),
        settings: ControlSettings(planStepCount: steps)),
      strategy: .optimised(PlannerOptions(.thorough)))
    var snapshot = Snapshot(time: start)
    snapshot.batteryStateOfCharge = Reading(.percent(30), at: start)
    let grid = cycle.planGrid(at: start)
    let none = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    let sun = grid.indices.map { WattsPerSquareMetre(600 * Self.sun(grid.middle(at: $0))) }
    var known = ForecastInputs(
      issuedAt: start, grid: grid,
      weather: Weather(
        issuedAt: start, globalHorizontalIrradiance: Series(grid: grid, values: sun),
        temperature: Series(grid: grid, constant: Celsius(15))), outdoorTemperature: nil,
      publishedSpotPrice: Series(grid: grid, constant: PricePerKilowattHour(2)),
      pastSpotPrice: Series(grid: none, values: []),
      baseLoadHistory: Series(grid: none, values: []), pvHistory: nil, vehicles: [:])
    known.ensemble = ensemble
    let input = ControlCycle.Input(snapshot: snapshot, known: known)
    let result = cycle.step(input, memory: ControlCycle.Memory())
    let line = try CycleRecord(
      result, input: input, memory: ControlCycle.Memory(), isFirst: true, version: "1",
      configuration: "x", planner: .thorough
    ).line()
    var replay = CycleReplay(cycle: cycle)
    return (result, replay.replay(try CycleRecord(line: line)))
  }

  private static func sun(_ date: Date) -> Double {
    let hour = date.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) / 3_600
    return max(0, sin((hour - 4) / 14 * .pi))
  }

  private func ensemble(_ share: (Int, Int) -> Double) -> WeatherEnsemble {
    let hours = TimeGrid(start: start, stepSeconds: 3_600, count: steps / 4)
    return WeatherEnsemble(
      source: "E", issuedAt: start, grid: hours,
      members: (0..<20).map { member in
        WeatherEnsemble.Member(
          irradiance: hours.indices.map {
            700 * Self.sun(hours.middle(at: $0)) * share(member, $0)
          }, temperature: hours.indices.map { _ in 15 })
      })
  }

  @Test("a weather ensemble changes the scenarios of the sun, and the decision is replayed exactly")
  func ensembles() throws {
    let without = try decideSunny(nil)
    // Showers: whoever has the sun at ten does not have it at eleven.
    let showers = try decideSunny(
      ensemble { member, hour in 0.2 + 0.8 * Double((member * 7 + hour * 11) % 20) / 19 })
    func energies(_ result: ControlCycle.Result) throws -> [Double] {
      let scenarios = try #require(result.problem?.scenarios).scenarios
      return Set(scenarios.map { $0.pvKilowatts.reduce(0, +) / 4 }).sorted()
    }
    let (plain, followed) = (try energies(without.result), try energies(showers.result))
    #expect(plain.count == 3 && followed.count == 3)
    #expect(followed[2] - followed[0] < 0.6 * (plain[2] - plain[0]))
    #expect(followed[0] > plain[0])
    #expect(showers.result.diagnostics.contains { "\($0)".contains("20 members of E") })
    #expect(showers.result.verdict?.isFeasible == true)
    for comparison in [without.replay, showers.replay] {
      #expect(comparison.wasReplayed && comparison.differences.isEmpty)
    }
  }

  @Test("an ensemble of equal members leaves the plan as it is without")
  func equalMembers() throws {
    let without = try decideSunny(nil).result
    let equal = try decideSunny(ensemble { _, _ in 0.7 }).result
    #expect(equal.problem?.scenarios == without.problem?.scenarios)
    #expect(equal.plan == without.plan)
    #expect(equal.diagnostics == without.diagnostics)
  }
}
