// SPDX-License-Identifier: MIT
import Planning
import PlanningFixtures
import Testing

@Suite("Plan check")
struct PlanCheckTests {
  private func case_(_ seed: UInt64) throws -> (PlanningProblem, PlanSchedule.Controls) {
    var homes = Homes(seed: seed)
    let problem = homes.home(loads: 2)
    var options = PlannerOptions()
    options.effort = .sweep
    return (problem, try Planner(options: options).plan(problem).schedule.controls)
  }

  @Test(
    "accepts the planner's plans and agrees on the money", arguments: 1...20 as ClosedRange<UInt64>)
  func agrees(seed: UInt64) throws {
    let (problem, controls) = try case_(seed)
    let verdict = PlanCheck(problem).verdict(controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    var options = PlannerOptions()
    options.effort = .sweep
    let objective = try Planner(options: options).plan(problem).schedule.objective.total
    #expect(abs((verdict.objective ?? .nan) - objective) < 1e-6)
  }

  @Test("finds a mutation of every limit")
  func findsMutations() throws {
    let (problem, controls) = try case_(3)
    func limits(_ change: (inout PlanSchedule.Controls) -> Void) -> Set<PlanVerdict.Violation.Limit>
    {
      var changed = controls
      change(&changed)
      return Set(PlanCheck(problem).verdict(changed).violations.map(\.limit))
    }
    #expect(limits { $0.dispatch.batteryChargeKilowatts[0][0] = 99 }.contains(.batteryPower))
    #expect(limits { $0.dispatch.batteryDischargeKilowatts[0][0] = -1 }.contains(.batteryPower))
    #expect(
      limits {
        $0.dispatch.batteryChargeKilowatts[0][0] = 1
        $0.dispatch.batteryDischargeKilowatts[0][0] = 1
      }.contains(.simultaneous))
    #expect(
      limits { plan in
        for step in 0..<48 { plan.dispatch.batteryDischargeKilowatts[0][step] = 2 }
      }.contains(.batteryEnergy))
    #expect(limits { $0.dispatch.chargerKilowatts[0][40] = 0.7 }.contains(.chargerPower))
    #expect(limits { $0.dispatch.pvUsedKilowatts[0] += 1 }.contains(.pvPower))
    #expect(limits { $0.dispatch.chargerKilowatts[0][40] = 40 }.contains(.importLimit))
    #expect(
      limits { $0.dispatch.batteryDischargeKilowatts[0][2] = 25 }.contains(.exportLimit))
    #expect(limits { $0.relays.removeLast() } == [.shape])
    #expect(limits { $0.dispatch.pvUsedKilowatts[5] = .nan } == [.shape])
    #expect(
      limits { plan in plan.deferrableRuns[1] = (0..<48).map { $0.isMultiple(of: 2) } }
        .contains(.deferrableRun))
  }

  @Test("finds a relay that switches before its time")
  func minimumTimes() throws {
    var (problem, controls) = try case_(5)
    problem.rooms[0].minimumOnSteps = 3
    problem.rooms[0].minimumOffSteps = 3
    problem.rooms[0].isOnInitially = false
    problem.rooms[0].stepsInState = 3
    controls.relays[0] = (0..<48).map { $0 == 4 }
    let verdict = PlanCheck(problem).verdict(controls)
    #expect(verdict.violations.contains { $0.limit == .minimumTime && $0.amount == 2 })
  }

  @Test("prices a home without devices as its bill")
  func plainBill() throws {
    // 4 steps of a quarter-hour at 2 kW and 3 a kWh: 4 · 0.25 h · 2 kW · 3 = 6.
    let grid = PlanningProblem.Grid(
      importLimitKilowatts: 10, exportLimitKilowatts: 10,
      importPrices: [3, 3, 3, 3], exportPrices: [1, 1, 1, 1])
    let problem = PlanningProblem(
      name: "plain", stepHours: [0.25, 0.25, 0.25, 0.25], grid: grid,
      baseLoadKilowatts: [2, 2, 2, 2])
    let outcome = try Planner().plan(problem)
    #expect(abs(outcome.schedule.objective.total - 6) < 1e-9)
    let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
    #expect(verdict.isFeasible)
    #expect(abs((verdict.objective ?? .nan) - 6) < 1e-9)
  }
}
