// SPDX-License-Identifier: MIT
import Household
import Testing
import TimeSeries

@testable import Control
@testable import Planning

/// Six hours with 4 kWh in a lossless battery of 10 kWh, of which nothing is reserved: two hours at 0.20,
/// two dear ones at 0.40, then two of sun. The plan keeps the energy for the dear hours.
@Suite("Modes of the inverter")
struct BatteryModesTests {
  private func problem(load: [Double], sun: Double) -> PlanningProblem {
    var problem = PlanningProblem(
      name: "night", stepHours: Array(repeating: 1, count: 6),
      grid: PlanningProblem.Grid(
        importLimitKilowatts: 17, exportLimitKilowatts: 10,
        importPrices: [0.2, 0.2, 0.4, 0.4, 0.2, 0.2],
        exportPrices: [0.05, 0.05, 0.05, 0.05, 0.05, 0.05]),
      baseLoadKilowatts: load, pvKilowatts: [0, 0, 0, 0, sun, sun])
    problem.batteries = [
      PlanningProblem.Battery(
        name: "battery", capacityKilowattHours: 10, chargeLimitKilowatts: 5,
        dischargeLimitKilowatts: 5, chargeEfficiency: 1, dischargeEfficiency: 1,
        initialFraction: 0.4)
    ]
    return problem
  }

  private func modes(
    _ problem: PlanningProblem, discharge: [Double], charge: [Double]? = nil,
    smallerNeed: Double = 0.1, cautiousSurplus: Double = 0
  ) -> [BatteryMode] {
    var controls = PlanSchedule.Controls(idleFor: problem)
    controls.dispatch.batteryDischargeKilowatts[0] = discharge
    if let charge { controls.dispatch.batteryChargeKilowatts[0] = charge }
    let schedule = PlanSimulation(problem: problem).schedule(controls)
    return BatteryModes(
      schedule: schedule, problem: problem, battery: problem.batteries[0],
      stateOfCharge: schedule.batteryKilowattHours[0].dropFirst().map { Fraction($0 / 10) },
      cautiousSurplus: problem.pvKilowatts.map { $0 > 0 ? cautiousSurplus : 0 },
      smallerNeed: Array(repeating: smallerNeed, count: 6)
    ).modes
  }

  /// 1 + 1 + 2 + 2 = 6 kWh are needed before the sun comes, 2 more than there are: kept energy saves
  /// 0.20 a kWh for sure.
  @Test("energy is kept where it would run out before the dear hours end")
  func kept() {
    let problem = problem(load: [1, 1, 2, 2, 1, 1], sun: 0)
    let modes = modes(problem, discharge: [0, 0, 2, 2, 0, 0])
    #expect(modes.prefix(2) == [.hold, .hold])
    #expect(modes[2] == .selfConsumption && modes[3] == .selfConsumption)
  }

  /// 0.5 + 0.5 + 1.5 + 1.5 = 4 kWh: just what is there, but with a probability of one half less is
  /// needed, and what is left is worth 0.05 when the sun fills the battery: 0.5 · 0.20 < 0.5 · 0.15 + 0.023.
  @Test("energy is used where the sun fills the battery anyway and it would probably last")
  func used() {
    let problem = problem(load: [0.5, 0.5, 1.5, 1.5, 0, 0], sun: 6)
    let discharge = [0, 0, 1.5, 1.5, 0, 0]
    #expect(modes(problem, discharge: discharge, smallerNeed: 0.4)[0] == .selfConsumption)
    // the same need for certain on the other side of what is stored is worth keeping for
    let more = self.problem(load: [0.8, 0.8, 2, 2, 0, 0], sun: 6)
    #expect(modes(more, discharge: [0, 0, 2, 2, 0, 0], smallerNeed: 0.05)[0] == .hold)
  }

  @Test("energy is not kept for a price that is hardly higher")
  func hardlyDearer() {
    var problem = problem(load: [1, 1, 2, 2, 1, 1], sun: 0)
    problem.grid.importPrices = [0.2, 0.2, 0.21, 0.21, 0.2, 0.2]
    #expect(modes(problem, discharge: [0, 0, 2, 2, 0, 0])[0] == .selfConsumption)
  }

  @Test("flows beyond need and surplus are purchases and sales, with their state of charge")
  func gridFlows() {
    let problem = problem(load: [1, 1, 1, 1, 0, 0], sun: 0)
    let modes = modes(
      problem, discharge: [0, 0, 3, 1, 0, 0], charge: [2, 0, 0, 0, 0, 0])
    #expect(modes[0] == .chargeFromGrid(power: .kilowatts(2), until: Fraction(0.6)))
    #expect(modes[2] == .dischargeToGrid(power: .kilowatts(3), until: Fraction(0.3)))
  }

  @Test("a surplus is exported only when a later one is cheaper and fills the battery even if dull")
  func exported() {
    var problem = problem(load: [0, 0, 0, 0, 0, 0], sun: 5)
    problem.pvKilowatts = [5, 5, 5, 5, 5, 5]
    problem.grid.exportPrices = [0.3, 0.3, 0.01, 0.01, 0.01, 0.01]
    let charge = [0, 0, 2, 2, 2, 0.0]
    let still = Array(repeating: 0.0, count: 6)
    #expect(modes(problem, discharge: still, charge: charge, cautiousSurplus: 3)[0] == .hold)
    #expect(
      modes(problem, discharge: still, charge: charge, cautiousSurplus: 0.5)[0] == .selfConsumption)
  }

  /// By hand: what the battery takes beyond the surplus is bought, what it gives beyond the need is sold,
  /// and everything else goes through the house.
  @Test("no mode contradicts the flow that is planned", arguments: 1...200 as ClosedRange<UInt64>)
  func labels(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    func six(_ range: ClosedRange<Double>) -> [Double] {
      (0..<6).map { _ in Double.random(in: range, using: &generator) }
    }
    let flows = six(-5...5).map { abs($0) < 1 ? 0 : $0 }
    var problem = problem(load: six(0...4), sun: 0)
    problem.pvKilowatts = six(-4...6).map { max(0, $0) }
    let modes = modes(
      problem, discharge: flows.map { max(0, $0) }, charge: flows.map { max(0, -$0) })
    for (step, mode) in modes.enumerated() {
      let house = problem.baseLoadKilowatts[step] - problem.pvKilowatts[step]
      // Imported, + or exported, − with the battery's part.
      let grid = house - flows[step]
      switch mode {
      case .chargeFromGrid(let power, _):
        #expect(flows[step] < 0 && grid > 0, "seed \(seed), step \(step)")
        #expect(abs(power.kilowatts + flows[step]) <= 0.25, "in steps of 5 % of 5 kW")
      case .dischargeToGrid(let power, _):
        #expect(flows[step] > 0 && grid < 0, "seed \(seed), step \(step)")
        #expect(abs(power.kilowatts - flows[step]) <= 0.25)
      case .hold, .selfConsumption:
        #expect(flows[step] <= max(0, house) + 0.05, "nothing is sold")
        #expect(-flows[step] <= max(0, -house) + 0.05, "nothing is bought for the battery")
      }
    }
  }
}
