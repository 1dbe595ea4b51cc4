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

  private func home(_ planning: PlanningSettings) throws -> Home {
    Home(
      site: Site(
        name: "test",
        location: Location(latitude: Degrees(49), longitude: Degrees(16), altitude: Metres(200)),
        timeZone: try #require(TimeZone(identifier: "Europe/Prague")), holidays: .none,
        currency: "CZK"),
      tariff: Tariff(
        energy: .fixed(PricePerKilowattHour(5)), layers: [], valueAddedTax: .zero, export: .none),
      grid: GridConnection(
        mainFuse: Amperes(16), phases: 3, voltage: Volts(230), exportLimit: Watts(5_000)),
      pvArrays: [], inverter: nil, battery: nil,
      rooms: [
        Room(
          name: "kitchen",
          heater: RoomHeater(
            power: Watts(2_000), minimumOn: .minutes(15), minimumOff: .minutes(15),
            switchingCost: .zero),
          comfort: ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(22))),
          thermal: RoomThermalProperties(
            heatLoss: WattsPerKelvin(50), heatCapacity: KilowattHoursPerKelvin(2)),
          priority: 1)
      ],
      chargePoints: [], vehicles: [],
      preferences: Preferences(
        coldCostPerKelvinHour: Money(3), warmCostPerKelvinHour: Money(1), exportPenalty: .zero,
        yearlyBaseLoad: KilowattHours(3_000), planning: planning),
      safety: SafetySettings(
        maximumRoomTemperature: Celsius(25), minimumRoomTemperature: Celsius(16),
        fuseMargin: Fraction(1), maximumReadingAge: .minutes(15)))
  }

  private func decide(_ planning: PlanningSettings) throws -> ControlCycle.Result {
    let cycle = ControlCycle(
      model: try HomeModel(
        home: try home(planning), settings: ControlSettings(planStepCount: steps)),
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
