// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Planning
import TestSupport
import Testing
import TimeSeries

@testable import Control

@Suite("Heat pumps in rooms")
struct HeatPumpTests {
  private let dataSheet = HeatPumpCurve([
    .init(outdoors: Celsius(7), factor: 4), .init(outdoors: Celsius(-7), factor: 2.6),
  ])

  @Test("the curve is straight between the points of the data sheet and level beyond them")
  func curve() throws {
    let curve = try #require(dataSheet)
    #expect(curve.factor(at: Celsius(-20)) == 2.6)
    #expect(abs(curve.factor(at: Celsius(0)) - 3.3) < 1e-12)
    #expect(curve.factor(at: Celsius(20)) == 4)
    #expect(HeatPumpCurve([]) == nil)
    #expect(HeatPumpCurve([.init(outdoors: Celsius(7), factor: 0)]) == nil)
  }

  @Test("a factor of three warms as three kilowatts and draws one; dynamics and check agree")
  func planning() throws {
    var room = PlanningProblem.Room(
      name: "kitchen", powerKilowatts: 1, referenceStepHours: 0.25, retention: 0.995,
      kelvinPerKilowatt: 0.08, outdoorWeight: 0.005, kelvinPerSolarKilowatt: 0,
      initialCelsius: 19, lowerCelsius: Array(repeating: 20, count: 48),
      upperCelsius: Array(repeating: 22, count: 48), terminalCelsius: 20,
      capacityKilowattHoursPerKelvin: 3)
    func plan(_ factors: [Double], power: Double) throws -> (cost: Double, hours: Int) {
      room.heatFactors = factors
      room.powerKilowatts = power
      var problem = PlanningProblem(
        name: "t", stepHours: Array(repeating: 0.25, count: 48),
        grid: .init(
          importLimitKilowatts: 10, exportLimitKilowatts: 10,
          importPrices: Array(repeating: 4, count: 48),
          exportPrices: Array(repeating: 1, count: 48)),
        baseLoadKilowatts: Array(repeating: 0.2, count: 48), pvKilowatts: [],
        outdoorCelsius: Array(repeating: 0, count: 48),
        solarKilowattsPerSquareMetre: Array(repeating: 0, count: 48))
      problem.rooms = [room]
      let outcome = try Planner(options: PlannerOptions()).plan(problem, memory: nil)
      let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
      #expect(verdict.isFeasible)
      return (
        outcome.schedule.objective.total, outcome.schedule.controls.relays[0].count { $0 }
      )
    }
    let pump = try plan(Array(repeating: 3, count: 48), power: 1)
    let electric = try plan([], power: 3)
    // Cheaper heat may be bought a step longer.
    #expect(abs(pump.hours - electric.hours) <= 2)
    #expect(pump.cost < electric.cost)
  }
}
