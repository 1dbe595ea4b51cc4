// SPDX-License-Identifier: MIT
import Planning
import PlanningFixtures
import Testing

@Suite("Explanations")
struct ExplainerTests {
  @Test(
    "say what every device does, and no alternative is cheaper",
    arguments: 1...10 as ClosedRange<UInt64>)
  func alternatives(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    let problem = homes.home(steps: 32, rooms: 2, loads: 1)
    let outcome = try Planner().plan(problem)
    let explainer = try Explainer(problem: problem, schedule: outcome.schedule)
    for step in [0, 13, 31] {
      let all = try explainer.explain(step: step)
      #expect(all.map(\.device) == explainer.devices)
      for item in all {
        for other in item.alternatives {
          // Relays may be improved by luck where the search left a little.
          #expect((other.extraCost ?? 0) > -0.3, "\(item) \(other)")
        }
      }
    }
  }

  @Test("no label contradicts the energy of its step", arguments: 1...40 as ClosedRange<UInt64>)
  func labels(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    let problem = homes.home(steps: 32, rooms: 1, loads: 1)
    let schedule = try Planner().plan(problem).schedule
    let explainer = try Explainer(problem: problem, schedule: schedule)
    let dispatch = schedule.controls.dispatch
    for step in stride(from: 0, to: 32, by: 5) {
      for item in try explainer.explain(step: step) {
        let word = String(item.action.prefix { $0 != " " })
        let isRight: Bool
        if let index = problem.batteries.firstIndex(where: { $0.name == item.device }) {
          let charge = dispatch.batteryChargeKilowatts[index][step]
          let discharge = dispatch.batteryDischargeKilowatts[index][step]
          isRight =
            word == (charge > 1e-3 ? "charges" : discharge > 1e-3 ? "discharges" : "holds")
        } else if let index = problem.chargers.firstIndex(where: { $0.name == item.device }) {
          let power = dispatch.chargerKilowatts[index][step]
          isRight = (word == "charges") == (power > 1e-3)
        } else if let index = problem.rooms.firstIndex(where: { $0.name == item.device }) {
          isRight = word == (schedule.relays[index][step] ? "on" : "off")
        } else {
          let index = try #require(
            problem.deferrableLoads.firstIndex { $0.name == item.device })
          isRight = word == (schedule.controls.deferrableRuns[index][step] ? "runs" : "waits")
        }
        #expect(isRight, "step \(step): \(item.device) \(item.action)")
        #expect(item.sentence.hasPrefix(item.device), "\(item.sentence)")
      }
    }
  }

  @Test("name the limit of all heaters where it keeps a cold room off")
  func heatingLimit() throws {
    var homes = Homes(seed: 3)
    var problem = homes.home(steps: 8, rooms: 2, batteries: 0, chargers: 0)
    for index in problem.rooms.indices {
      problem.rooms[index].initialCelsius = problem.rooms[index].lowerCelsius[0] - 3
      problem.rooms[index].powerKilowatts = 1
      (problem.rooms[index].isOnInitially, problem.rooms[index].stepsInState) = (false, 4)
    }
    problem.heatingLimitKilowatts = 1.5
    let schedule = try Planner().plan(problem).schedule
    let why = try Explainer(problem: problem, schedule: schedule).explain(step: 0)
    #expect(why.map(\.action).sorted() == ["off", "on"])
    let resting = try #require(why.first { $0.action == "off" })
    #expect(resting.bindingLimits.contains("heating limit"))
    let heating = try #require(why.first { $0.action == "on" })
    #expect(!heating.bindingLimits.contains("heating limit"))
  }

  @Test("price the alternative of a battery as arithmetic does by hand")
  func batteryByHand() throws {
    // One kWh must be bought at 4 in step 0 or taken from the battery, where it is worth 3 at the end.
    let grid = PlanningProblem.Grid(
      importLimitKilowatts: 10, exportLimitKilowatts: 0, importPrices: [4, 4],
      exportPrices: [0, 0])
    var problem = PlanningProblem(
      name: "hand", stepHours: [1, 1], grid: grid, baseLoadKilowatts: [1, 0])
    var battery = PlanningProblem.Battery(
      name: "battery", capacityKilowattHours: 10, chargeLimitKilowatts: 5,
      dischargeLimitKilowatts: 5, chargeEfficiency: 1, dischargeEfficiency: 1,
      initialFraction: 0.5)
    battery.terminalValuePerKilowattHour = 3
    battery.wearPerKilowattHour = 0.1
    problem.batteries = [battery]
    let outcome = try Planner().plan(problem)
    let why = try Explainer(problem: problem, schedule: outcome.schedule)
      .explain(step: 0, device: "battery")
    let hold = try #require(why.first?.alternatives.first { $0.action == "holds" })
    // Holding: 4 bought, saves 3 of stored value and 0.1 of wear.
    #expect(abs((hold.extraCost ?? .nan) - 0.9) < 1e-6)
    #expect(abs((why.first?.storedEnergyPrice ?? .nan) - 3) < 1e-6)
  }
}
