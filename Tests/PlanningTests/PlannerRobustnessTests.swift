// SPDX-License-Identifier: MIT
import Foundation
import Planning
import PlanningFixtures
import Testing
import TimeSeries

@Suite("Planner under odd conditions")
struct PlannerRobustnessTests {
  private func home(_ seed: UInt64 = 7) -> PlanningProblem {
    var homes = Homes(seed: seed)
    return homes.home(steps: 32, rooms: 2)
  }

  private func checked(_ problem: PlanningProblem) throws -> PlanningOutcome {
    let outcome = try Planner().plan(problem)
    let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    return outcome
  }

  @Test("a battery outside its band is brought back and said so", arguments: [0.02, 0.97])
  func batteryOutsideBand(fraction: Double) throws {
    var problem = home()
    problem.batteries[0].initialFraction = fraction
    let outcome = try checked(problem)
    let energy = try #require(outcome.schedule.batteryKilowattHours.first)
    let capacity = problem.batteries[0].capacityKilowattHours
    #expect(energy[8] >= 0.1 * capacity - 1e-6 && energy[8] <= 0.9 * capacity + 1e-6)
    #expect(outcome.diagnostics.contains { $0.subject == "battery0" })
  }

  @Test("rooms far outside their band get a plan", arguments: [-5.0, 38])
  func roomOutsideBand(celsius: Double) throws {
    var problem = home()
    problem.rooms[0].initialCelsius = celsius
    _ = try checked(problem)
  }

  @Test("a vehicle that cannot be filled in time leaves with what is possible, and it is said")
  func impossibleVehicle() throws {
    var problem = home()
    problem.chargers[0].sessions[0].targetKilowattHours = 59
    problem.chargers[0].sessions[0].initialKilowattHours = 1
    let outcome = try checked(problem)
    #expect(outcome.diagnostics.contains { $0.subject == "ev0" })
  }

  @Test("base load above the fuse still gives a plan, and the cause is named")
  func overload() throws {
    var problem = home()
    problem.baseLoadKilowatts[5] = 30
    let outcome = try Planner().plan(problem)
    #expect(outcome.diagnostics.contains { $0.subject == "grid" && $0.severity == .error })
    let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
    #expect(verdict.violations.allSatisfy { $0.limit == .importLimit && $0.step == 5 })
  }

  @Test("a deferrable load that already runs goes on at once")
  func runningLoad() throws {
    var problem = home()
    var load = PlanningProblem.DeferrableLoad(
      name: "washer", powerKilowatts: 1, steps: 5, windowStart: 0, windowEnd: 32,
      isInterruptible: false)
    load.isRunning = true
    problem.deferrableLoads = [load]
    let run = try checked(problem).schedule.controls.deferrableRuns[0]
    #expect(run == (0..<32).map { $0 < 5 })
  }

  @Test("a window that is too short gives what fits and says so")
  func shortWindow() throws {
    var problem = home()
    problem.deferrableLoads = [
      PlanningProblem.DeferrableLoad(
        name: "washer", powerKilowatts: 1, steps: 9, windowStart: 3, windowEnd: 7,
        isInterruptible: false)
    ]
    let outcome = try checked(problem)
    #expect(outcome.diagnostics.contains { $0.subject == "washer" })
  }

  @Test("a horizon of one short step is planned")
  func oneStep() throws {
    var homes = Homes(seed: 2)
    var problem = homes.home(steps: 1, rooms: 1, batteries: 1, chargers: 0)
    problem.stepHours = [0.02]
    _ = try checked(problem)
  }

  @Test("days of 92, 96 and 100 quarter-hours with a partial first step", arguments: [92, 96, 100])
  func dayLengths(steps: Int) throws {
    var homes = Homes(seed: UInt64(steps))
    var problem = homes.home(steps: steps, rooms: 1)
    problem.stepHours[0] = 0.07
    _ = try checked(problem)
  }

  @Test(
    "wrong input is a named error, never a crash",
    arguments: [
      \PlanningProblem.baseLoadKilowatts, \PlanningProblem.pvKilowatts,
      \PlanningProblem.outdoorCelsius, \PlanningProblem.stepHours,
    ])
  func namedErrors(field: any WritableKeyPath<PlanningProblem, [Double]> & Sendable) {
    for value in [Double.nan, .infinity, -1e9] {
      var problem = home()
      problem[keyPath: field][3] = value
      #expect(throws: PlanningError.self) { try Planner().plan(problem) }
    }
    var problem = home()
    problem[keyPath: field].removeLast()
    #expect(throws: PlanningError.self) { try Planner().plan(problem) }
  }

  @Test("a time limit that is over at once still gives a plan that keeps the limits")
  func noTime() throws {
    let problem = home()
    var options = PlannerOptions()
    options.timeLimitSeconds = 0
    let outcome = try Planner(options: options).plan(problem)
    #expect(PlanCheck(problem).verdict(outcome.schedule.controls).isFeasible)
  }

  @Test("single phases are kept")
  func phases() throws {
    var problem = home()
    problem.chargers = []
    problem.grid.phases = PlanningProblem.PhaseLimits(importLimitKilowatts: 2.2)
    problem.rooms[0].phase = 0
    problem.rooms[1].phase = 0
    _ = try checked(problem)
  }

  @Test("heaters together stay below their limit, after a disturbance too", arguments: [0.4, 0.7])
  func heatingLimit(part: Double) throws {
    var homes = Homes(seed: 7)
    var problem = homes.home(steps: 32, rooms: 6)
    for index in problem.rooms.indices {
      (problem.rooms[index].isOnInitially, problem.rooms[index].stepsInState) = (false, 4)
    }
    let highest = { (plan: PlanningOutcome) in
      problem.stepHours.indices.map { step in
        zip(problem.rooms, plan.schedule.relays).reduce(0) {
          $0 + ($1.1[step] ? $1.0.powerKilowatts : 0)
        }
      }.max() ?? 0
    }
    let free = try checked(problem)
    let kilowatts = part * highest(free)
    problem.heatingLimitKilowatts = kilowatts
    #expect(!PlanCheck(problem).verdict(free.schedule.controls).isFeasible)
    let limited = try checked(problem)
    #expect(highest(limited) <= kilowatts + 1e-9)
    #expect(limited.schedule.objective.total >= (free.bound ?? 0) - 1e-6)
    var options = PlannerOptions()
    options.effort = .sweep
    let again = try Planner(options: options).plan(problem, memory: free.memory)
    #expect(PlanCheck(problem).verdict(again.schedule.controls).isFeasible)
    #expect(highest(again) <= kilowatts + 1e-9)
  }

  @Test("a battery that may not use the grid does not")
  func separateBattery() throws {
    var problem = home()
    problem.batteries[0].chargesFromGrid = false
    problem.batteries[0].dischargesToGrid = false
    _ = try checked(problem)
  }

  @Test("a vehicle gives back only above its reserve, and tapering is respected")
  func vehicleToGrid() throws {
    var problem = home()
    problem.chargers[0].dischargeLimitKilowatts = 5
    problem.chargers[0].sessions[0].initialKilowattHours = 40
    problem.chargers[0].sessions[0].targetKilowattHours = 50
    problem.chargers[0].sessions[0].reserveKilowattHours = 25
    problem.chargers[0].sessions[0].taperFromKilowattHours = 48
    _ = try checked(problem)
  }

  @Test("a small saving does not overturn the previous plan")
  func hysteresis() throws {
    let problem = home()
    let first = try Planner().plan(problem)
    var changed = problem
    for step in changed.grid.importPrices.indices {
      changed.grid.importPrices[step] *= step.isMultiple(of: 2) ? 1.004 : 0.996
    }
    var options = PlannerOptions()
    options.hysteresis = 2
    let second = try Planner(options: options).plan(changed, memory: first.memory)
    #expect(second.schedule.relays == first.schedule.relays)
  }

  @Test("the inverter's modes do what the plan says", arguments: 1...20 as ClosedRange<UInt64>)
  func modes(seed: UInt64) throws {
    let problem = home(seed)
    let schedule = try Planner().plan(problem).schedule
    let dispatch = schedule.controls.dispatch
    for (step, mode) in InverterMode.modes(of: 0, in: schedule, problem: problem).enumerated() {
      let charge = dispatch.batteryChargeKilowatts[0][step]
      let discharge = dispatch.batteryDischargeKilowatts[0][step]
      switch mode {
      case .hold: #expect(charge < 0.02 && discharge < 0.02)
      case .chargeFromGrid(let power): #expect(abs(charge - power) < 0.02)
      case .dischargeToGrid(let power): #expect(abs(discharge - power) < 0.02)
      case .selfConsumption, .backupReserve: break
      }
    }
  }
}
