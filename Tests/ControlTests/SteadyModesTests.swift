// SPDX-License-Identifier: MIT
import Household
import Testing
import TimeSeries

@testable import Control
@testable import Planning

/// Two hours in quarters, then two dear ones in which the house needs 1 kW; a lossless battery of 10 kWh and
/// 5 kW that holds 2 kWh. Prices are about 0.20, and the mean is 0.40, so a
/// change costs 0.03 · 0.40 · 5 kW · ¼ h = 0.015.
@Suite("Changes of the inverter's mode")
struct SteadyModesTests {
  private let steps = 16

  private func steadied(
    prices: [Double], charge: [Double], current: BatteryMode? = nil, until: Double? = nil
  ) -> [BatteryMode] {
    var problem = PlanningProblem(
      name: "saw", stepHours: Array(repeating: 0.25, count: steps),
      grid: PlanningProblem.Grid(
        importLimitKilowatts: 17, exportLimitKilowatts: 10,
        importPrices: prices + Array(repeating: 0.6, count: 8),
        exportPrices: Array(repeating: 0.05, count: steps)),
      baseLoadKilowatts: Array(repeating: 0, count: 8) + Array(repeating: 1, count: 8),
      pvKilowatts: [])
    problem.batteries = [
      PlanningProblem.Battery(
        name: "battery", capacityKilowattHours: 10, chargeLimitKilowatts: 5,
        dischargeLimitKilowatts: 5, chargeEfficiency: 1, dischargeEfficiency: 1,
        initialFraction: 0.2)
    ]
    var controls = PlanSchedule.Controls(idleFor: problem)
    controls.dispatch.batteryChargeKilowatts[0] = charge + Array(repeating: 0, count: 8)
    controls.dispatch.batteryDischargeKilowatts[0] =
      Array(repeating: 0, count: 8) + Array(repeating: 1, count: 8)
    let schedule = PlanSimulation(problem: problem).schedule(controls)
    let states = schedule.batteryKilowattHours[0].dropFirst().map { Fraction($0 / 10) }
    let wanted = BatteryModes(
      schedule: schedule, problem: problem, battery: problem.batteries[0], stateOfCharge: states,
      cautiousSurplus: Array(repeating: 0, count: steps),
      smallerNeed: Array(repeating: 0, count: steps)
    ).modes
    return SteadyModes(
      wanted, current: current, schedule: schedule, problem: problem,
      battery: problem.batteries[0], stateOfCharge: states
    ).steadied
  }

  private func changes(_ modes: [BatteryMode]) -> Int {
    zip(modes, modes.dropFirst()).count { $0 != $1 }
  }

  /// 4 · 4 kW · ¼ h = 4 kWh over eight quarter-hours are 2 kW, from 2 to 6 kWh.
  @Test("a purchase that follows a saw-tooth becomes one with its mean power and its own end")
  func sawTooth() {
    let modes = steadied(
      prices: [0.2, 0.202, 0.2, 0.202, 0.2, 0.202, 0.2, 0.202], charge: [4, 0, 4, 0, 4, 0, 4, 0])
    let one = BatteryMode.chargeFromGrid(power: .kilowatts(2.5), until: Fraction(0.6))
    #expect(modes.prefix(7).allSatisfy { $0 == modes[0] })
    guard case .chargeFromGrid(let power, let until) = modes[0] else {
      Issue.record("\(modes[0]) instead of \(one)")
      return
    }
    #expect((2.0...2.5).contains(power.kilowatts) && abs(until.percent - 60) < 1e-9)
    #expect(modes[8...].allSatisfy { $0 == .selfConsumption })
    #expect(changes(modes) <= 2)
  }

  /// Filling a gap at 0.60 costs 4 kW · ¼ h · 0.4 = 0.40, two changes cost 0.03.
  @Test("a dear hour between two cheap ones is not bought in")
  func dearGap() {
    let modes = steadied(
      prices: [0.2, 0.2, 0.6, 0.6, 0.2, 0.2, 0.2, 0.2], charge: [4, 4, 0, 0, 4, 4, 0, 0])
    #expect(modes[2] != modes[1] && modes[4] != modes[3])
    if case .chargeFromGrid = modes[2] { Issue.record("bought at 0.60") }
  }

  @Test("an order that is nearly the same goes on as it is; one that is not is given")
  func goesOn() {
    let prices = Array(repeating: 0.2, count: 8)
    let charge = Array(repeating: 2.0, count: 8)
    let near = BatteryMode.chargeFromGrid(power: .kilowatts(2.25), until: Fraction(0.59))
    #expect(steadied(prices: prices, charge: charge, current: near)[0] == near)
    let far = BatteryMode.chargeFromGrid(power: .kilowatts(4), until: Fraction(0.59))
    #expect(steadied(prices: prices, charge: charge, current: far)[0] != far)
  }

  /// 0.06 kW for a quarter-hour at 0.20 save 0.015 kWh · 0.40 = 0.006, less than a change costs.
  @Test("what the inverter does goes on unless a change gains more than it costs")
  func hysteresis() {
    let prices = Array(repeating: 0.2, count: 8)
    let charge = [0.06, 0, 0, 0, 0, 0, 0, 0.0]
    #expect(
      steadied(prices: prices, charge: charge, current: .selfConsumption)[0] == .selfConsumption)
    let large = Array(repeating: 4.0, count: 8)
    guard
      case .chargeFromGrid = steadied(prices: prices, charge: large, current: .selfConsumption)[0]
    else {
      Issue.record("a large purchase must begin")
      return
    }
  }
}
