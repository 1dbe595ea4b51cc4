// SPDX-License-Identifier: MIT
import TimeSeries

/// Plans by rules: what a careful owner would do with a thermostat and a timer.
///
/// Rooms keep their band with a hysteresis and heat a little more in cheap hours; vehicles charge in the
/// cheapest steps of their stay; the battery covers the house's own need; the fuse is kept by shedding.
/// It needs no solver and never fails, so it is both the baseline to beat and the last fallback.
public struct RuleBasedPlanner: Sendable {
  /// Half of the thermostat's hysteresis, K.
  static let hysteresisKelvin = 0.3
  /// Part of the band that cheap hours may use.
  static let cheapBandFraction = 0.4

  /// A planner by rules.
  public init() {}

  /// The plan of a valid problem.
  ///
  /// - Throws: the first thing that is wrong with the problem.
  public func plan(_ problem: PlanningProblem) throws(PlanningError) -> PlanningOutcome {
    try problem.validate()
    return outcome(problem, cause: "asked for rules")
  }

  func outcome(_ problem: PlanningProblem, cause: String) -> PlanningOutcome {
    var run = RuleBasedRun(problem: problem)
    let schedule = PlanSimulation(problem: problem).schedule(run.planned())
    var outcome = PlanningOutcome(
      schedule: schedule, quality: .fallback(cause: cause), bound: nil)
    outcome.diagnostics = PlanRemarks(problem: problem).about(schedule)
    return outcome
  }
}

/// One simulated horizon under the rules.
private struct RuleBasedRun {
  let problem: PlanningProblem
  var controls: PlanSchedule.Controls
  private let dynamics: [RoomDynamics]
  private let cheapLimit: Double

  init(problem: PlanningProblem) {
    self.problem = problem
    controls = PlanSchedule.Controls(idleFor: problem)
    dynamics = problem.rooms.indices.map { RoomDynamics(problem: problem, room: $0) }
    let sorted = problem.grid.importPrices.sorted()
    cheapLimit = sorted[sorted.count / 3]
  }

  mutating func planned() -> PlanSchedule.Controls {
    planDeferrables()
    planVehicles()
    var celsius = problem.rooms.map(\.initialCelsius)
    var length = problem.rooms.map(\.stepsInState)
    var stored = problem.batteries.map(\.initialKilowattHours)
    for step in 0..<problem.stepCount {
      heat(step, celsius: celsius, length: &length)
      shed(step, length: &length, stored: stored)
      useBatteries(step, stored: &stored)
      limitExport(step)
      celsius = problem.rooms.indices.map { room in
        dynamics[room].next(
          celsius[room], isOn: controls.relays[room][step], step: step, temperatures: celsius)
      }
    }
    if let set = problem.scenarios { planScenarios(set) }
    return controls
  }

  private func wasOn(_ room: Int, _ step: Int) -> Bool {
    step == 0 ? problem.rooms[room].isOnInitially : controls.relays[room][step - 1]
  }

  private mutating func heat(_ step: Int, celsius: [Double], length: inout [Int]) {
    for (index, room) in problem.rooms.enumerated() {
      let before = wasOn(index, step)
      if step > 0 {
        let changed = before != wasOn(index, step - 1)
        length[index] = changed ? 1 : length[index] + 1
      }
      let band = max(0, room.upperCelsius[step] - room.lowerCelsius[step])
      let isCheap = problem.grid.importPrices[step] <= cheapLimit
      let goal =
        room.lowerCelsius[step] + RuleBasedPlanner.hysteresisKelvin
        + (isCheap ? RuleBasedPlanner.cheapBandFraction * band : 0)
      var isOn = before
      if celsius[index] < goal - RuleBasedPlanner.hysteresisKelvin { isOn = true }
      if celsius[index] > goal + RuleBasedPlanner.hysteresisKelvin { isOn = false }
      let needed = before ? room.minimumOnSteps : room.minimumOffSteps
      if isOn != before, length[index] < needed { isOn = before }
      controls.relays[index][step] = room.fixedRelay[step] ?? isOn
    }
  }

  /// What the grid has to give before the battery acts, kW.
  private func demand(_ step: Int) -> Double {
    var power = problem.baseLoadKilowatts[step] - controls.dispatch.pvUsedKilowatts[step]
    for (room, states) in zip(problem.rooms, controls.relays) where states[step] {
      power += room.powerKilowatts
    }
    for (load, run) in zip(problem.deferrableLoads, controls.deferrableRuns) where run[step] {
      power += load.powerKilowatts
    }
    return power + controls.dispatch.chargerKilowatts.reduce(0) { $0 + $1[step] }
  }

  /// Keeps the fuse: vehicles first, then the rooms that may be switched off, the weakest need first.
  private mutating func shed(_ step: Int, length: inout [Int], stored: [Double]) {
    let limit = problem.grid.importLimitKilowatts
    for index in problem.chargers.indices where demand(step) > limit {
      controls.dispatch.chargerKilowatts[index][step] = 0
    }
    let order = problem.rooms.indices.sorted {
      problem.rooms[$0].coldPenalty.first < problem.rooms[$1].coldPenalty.first
    }
    for index in order where demand(step) > limit && controls.relays[index][step] {
      let room = problem.rooms[index]
      let before = wasOn(index, step)
      let mayChange = !before || length[index] >= room.minimumOnSteps
      if mayChange, room.fixedRelay[step] == nil { controls.relays[index][step] = false }
    }
  }

  private mutating func useBatteries(_ step: Int, stored: inout [Double]) {
    let hours = problem.stepHours[step]
    var need = demand(step)
    for (index, battery) in problem.batteries.enumerated() {
      let factor = battery.powerFactor(step)
      if need < 0 {
        let space = max(0, battery.highestKilowattHours - stored[index])
        let state = stored[index] / battery.capacityKilowattHours
        var limit = battery.chargeLimitKilowatts * factor
        if let from = battery.taperFromFraction, state > from {
          let part = (state - from) / (1 - from)
          limit = min(
            limit, battery.chargeLimitKilowatts * (1 - (1 - battery.taperEndFactor) * part))
        }
        let power = min(-need, limit, space / hours / battery.chargeEfficiency)
        controls.dispatch.batteryChargeKilowatts[index][step] = max(0, power)
        stored[index] += hours * battery.chargeEfficiency * max(0, power)
        need += max(0, power)
      } else if problem.grid.importCost(step) > 2 * battery.wearPerKilowattHour {
        let left = max(0, stored[index] - battery.lowestKilowattHours)
        let power = min(
          need, battery.dischargeLimitKilowatts * factor,
          left * battery.dischargeEfficiency / hours)
        controls.dispatch.batteryDischargeKilowatts[index][step] = max(0, power)
        stored[index] -= hours * max(0, power) / battery.dischargeEfficiency
        need -= max(0, power)
      }
    }
  }

  private mutating func limitExport(_ step: Int) {
    let charged = controls.dispatch.batteryChargeKilowatts.reduce(0) { $0 + $1[step] }
    let given = controls.dispatch.batteryDischargeKilowatts.reduce(0) { $0 + $1[step] }
    let exported = -(demand(step) + charged - given)
    let isWorthless =
      problem.grid.exportValue(step) < -problem.grid.curtailmentPenaltyPerKilowattHour
    let excess = exported - (isWorthless ? 0 : problem.grid.exportLimitKilowatts)
    if excess > 0 {
      let used = controls.dispatch.pvUsedKilowatts[step]
      controls.dispatch.pvUsedKilowatts[step] = max(0, used - excess)
    }
  }

  /// The cheapest steps of each stay at full power; earlier steps first among equals.
  private mutating func planVehicles() {
    for (index, charger) in problem.chargers.enumerated() {
      for session in charger.sessions where session.end > session.start {
        var energy = session.initialKilowattHours
        let goal = min(session.targetKilowattHours, session.maximumKilowattHours)
        let prices = problem.grid.importPrices
        let steps = (session.start..<session.end)
          .sorted { (prices[$0], $0) < (prices[$1], $1) }
        for step in steps {
          let perKilowatt = charger.efficiency * problem.stepHours[step]
          // A tapering vehicle is charged gently from the start, which always is within its curve.
          let highest =
            session.taperFromKilowattHours == nil
            ? charger.maximumKilowatts : charger.minimumKilowatts
          let power = min(highest, (goal - energy) / perKilowatt)
          guard power >= max(charger.minimumKilowatts, 1e-3) else { continue }
          controls.dispatch.chargerKilowatts[index][step] = power
          energy += power * perKilowatt
        }
      }
    }
  }

  private mutating func planDeferrables() {
    let prices = problem.grid.importPrices
    for (index, load) in problem.deferrableLoads.enumerated() {
      controls.deferrableRuns[index] =
        DeferrableSchedule(load: load, stepCount: problem.stepCount).cheapest(prices: prices)
    }
  }

  /// The same relays, batteries by the same rules in each scenario.
  private mutating func planScenarios(_ set: PlanningProblem.ScenarioSet) {
    let relays = controls.relays
    controls.scenarioDispatches = set.scenarios.map { scenario in
      var run = RuleBasedRun(problem: problem.assuming(scenario))
      run.controls.relays = relays
      run.planDeferrables()
      run.planVehicles()
      var stored = problem.batteries.map(\.initialKilowattHours)
      for step in 0..<problem.stepCount {
        for index in problem.chargers.indices
        where run.demand(step) > problem.grid.importLimitKilowatts {
          run.controls.dispatch.chargerKilowatts[index][step] = 0
        }
        run.useBatteries(step, stored: &stored)
        run.limitExport(step)
      }
      return run.controls.dispatch
    }
  }
}
