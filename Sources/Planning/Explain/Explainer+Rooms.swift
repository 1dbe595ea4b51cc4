// SPDX-License-Identifier: MIT
import MILP

extension Explainer {
  func room(_ index: Int, _ step: Int) throws(SolverError) -> Explanation {
    let room = problem.rooms[index]
    let isOn = schedule.relays[index][step]
    let price = powerPrice(step)
    let prices = problem.stepHours.indices.map {
      powerPrice($0) * problem.stepHours[$0] * room.powerKilowatts
    }
    let answer = search.rooms.solve(room: index, prices: prices)
    let heat =
      room.capacityKilowattHoursPerKelvin > 0
      ? -answer.slopes[step] / room.capacityKilowattHoursPerKelvin : nil
    let later = meanPrice(after: step, hours: 6)
    let celsius = schedule.temperaturesCelsius[index][step + 1]
    var sentence = "\(room.name) \(isOn ? "heats" : "rests"): power is worth "
    sentence += "\(Self.money(price))/kWh now, \(Self.money(later)) over the next 6 h"
    sentence += ", and it will be \(Self.short(celsius)) °C in a band from "
    sentence +=
      "\(Self.short(room.lowerCelsius[step])) to \(Self.short(room.upperCelsius[step])) °C"
    return Explanation(
      device: room.name, step: step, action: isOn ? "on" : "off", sentence: sentence + ".",
      powerPrice: price, storedEnergyPrice: heat,
      bindingLimits: roomLimits(index, step) + gridLimits(step),
      alternatives: [try forcing(index, step, to: !isOn)])
  }

  private func meanPrice(after step: Int, hours: Double) -> Double {
    var (sum, time) = (0.0, 0.0)
    for later in (step + 1)..<max(step + 2, problem.stepCount) where time < hours {
      guard later < problem.stepCount else { break }
      sum += powerPrice(later) * problem.stepHours[later]
      time += problem.stepHours[later]
    }
    return time > 0 ? sum / time : powerPrice(step)
  }

  private func roomLimits(_ index: Int, _ step: Int) -> [String] {
    let room = problem.rooms[index]
    let celsius = schedule.temperaturesCelsius[index][step + 1]
    var limits: [String] = []
    if celsius < room.lowerCelsius[step] + 0.05 { limits.append("lower comfort limit") }
    if celsius > room.upperCelsius[step] - 0.05 { limits.append("upper comfort limit") }
    if room.fixedRelay[step] != nil { limits.append("override") }
    limits += GroupCosts(schedule.controls, problem).limits(
      of: index, isOn: schedule.relays[index][step], step: step)
    var run = 0
    var before = step - 1
    let isOn = schedule.relays[index][step]
    while before >= 0, schedule.relays[index][before] == isOn {
      run += 1
      before -= 1
    }
    if before < 0, room.isOnInitially == isOn { run += room.stepsInState }
    if run > 0, run < (isOn ? room.minimumOnSteps : room.minimumOffSteps) {
      limits.append(isOn ? "minimum on time" : "minimum off time")
    }
    return limits
  }

  /// What the plan costs more with one relay forced in one step, the rest planned anew around it.
  private func forcing(
    _ index: Int, _ step: Int, to isOn: Bool
  ) throws(SolverError) -> Explanation.Alternative {
    let action = isOn ? "on" : "off"
    guard problem.rooms[index].fixedRelay[step] == nil else {
      return Explanation.Alternative(action: action, extraCost: nil, obstacle: "an override")
    }
    var forced = problem
    forced.rooms[index].fixedRelay[step] = isOn
    forced.scenarios = nil
    let trial = try PlanSearch(
      problem: forced, options: search.options, start: 0, memory: nil)
    let prices = problem.stepHours.indices.map {
      powerPrice($0) * problem.stepHours[$0] * problem.rooms[index].powerKilowatts
    }
    var controls = schedule.controls
    controls.scenarioDispatches = []
    controls.relays[index] = trial.rooms.solve(room: index, prices: prices).schedule
    try trial.finish(controls, improves: .changes)
    try trial.polish(rounds: 3)
    guard let best = trial.best else {
      return Explanation.Alternative(action: action, extraCost: nil)
    }
    let limit = problem.grid.importLimitKilowatts + 1e-4
    let breaksFuse = zip(best.gridKilowatts, schedule.gridKilowatts).contains {
      $0 > max($1, limit)
    }
    let breaksGroup =
      GroupCosts.excess(best.controls, problem)
      > GroupCosts.excess(schedule.controls, problem) + 1e-4
    return Explanation.Alternative(
      action: action, extraCost: best.objective.total - expectedTotal,
      obstacle: breaksFuse ? Self.fuse : breaksGroup ? Self.sharedLimit : nil)
  }

  /// The plan's objective for expected values.
  var expectedTotal: Double {
    var controls = schedule.controls
    controls.scenarioDispatches = []
    return search.simulation.schedule(controls).objective.total
  }

  func deferrable(_ index: Int, _ step: Int) throws(SolverError) -> Explanation {
    let item = problem.deferrableLoads[index]
    let runs = schedule.controls.deferrableRuns[index]
    let price = powerPrice(step)
    let isOn = runs[step]
    let used = runs.indices.filter { runs[$0] }
    let mean = used.isEmpty ? 0 : used.reduce(0) { $0 + powerPrice($1) } / Double(used.count)
    var other = schedule.controls
    other.scenarioDispatches = []
    var prices = problem.stepHours.indices.map { powerPrice($0) * problem.stepHours[$0] }
    prices[step] += isOn ? 1e6 : -1e6
    other.deferrableRuns[index] = DeferrableSchedule(load: item, stepCount: problem.stepCount)
      .cheapest(prices: prices)
    var extra: Double?
    if other.deferrableRuns[index][step] != isOn {
      let load = PlannedLoad(
        problem: problem, relays: other.relays, runs: other.deferrableRuns)
      other.dispatch = try search.dispatchSolver.executable(load).dispatch
      extra = search.simulation.schedule(other).objective.total - expectedTotal
    }
    return Explanation(
      device: item.name, step: step, action: isOn ? "runs" : "waits",
      sentence: "\(item.name) \(isOn ? "runs" : "waits"): power is worth \(Self.money(price))/kWh "
        + "now, \(Self.money(mean)) on average in the steps it gets.",
      powerPrice: price, storedEnergyPrice: nil, bindingLimits: gridLimits(step),
      alternatives: [Explanation.Alternative(action: isOn ? "waits" : "runs", extraCost: extra)])
  }
}
