// SPDX-License-Identifier: MIT

/// Finds the cheapest schedule of rooms and deferrable loads for given prices of power.
struct UnitPricing {
  let problem: PlanningProblem
  let rooms: RoomSchedules

  /// Cheapest schedules of some units with their own cost and their value, price of power included.
  func sweep(
    units: [Int], master: ColumnMaster, power: [Double], groups: [[Double]]
  ) -> [(unit: Int, schedule: [Bool], ownCost: Double, value: Double)] {
    let roomUnits = units.filter { $0 < problem.rooms.count }
    let answers = rooms.sweep(rooms: roomUnits) {
      master.prices($0, power: power, groups: groups)
    }
    var results = zip(roomUnits, answers).map { unit, answer in
      (unit: unit, schedule: answer.schedule, ownCost: answer.ownCost, value: answer.value)
    }
    for unit in units where unit >= problem.rooms.count {
      let load = problem.deferrableLoads[unit - problem.rooms.count]
      let schedule = DeferrableSchedule(load: load, stepCount: problem.stepCount)
      let prices = master.prices(unit, power: power, groups: groups)
      let run = schedule.cheapest(stepPrices: prices)
      let own = schedule.ownCost(run)
      let paid = run.indices.reduce(0) { $0 + (run[$1] ? prices[$1] : 0) }
      results.append((unit, run, own, own + paid))
    }
    return results
  }

  /// Own cost of a schedule of a unit with the neighbours where they are assumed now.
  func ownCost(_ unit: Int, _ schedule: [Bool]) -> Double {
    unit < problem.rooms.count
      ? rooms.programmes[unit].model.cost(of: schedule)
      : DeferrableSchedule(
        load: problem.deferrableLoads[unit - problem.rooms.count], stepCount: problem.stepCount
      ).ownCost(schedule)
  }

  /// The schedule of a unit that needs least.
  func leastSchedule(_ unit: Int) -> [Bool] {
    if unit < problem.rooms.count { return rooms.programmes[unit].model.leastHeating }
    let load = problem.deferrableLoads[unit - problem.rooms.count]
    return DeferrableSchedule(load: load, stepCount: problem.stepCount)
      .cheapest(stepPrices: [Double](repeating: 0, count: problem.stepCount))
  }
}
