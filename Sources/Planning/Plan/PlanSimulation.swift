// SPDX-License-Identifier: MIT

/// Works out what follows from decisions: temperatures, energies, grid power and money.
struct PlanSimulation {
  /// Powers below this are solver noise, kW.
  static let noiseKilowatts = 1e-4

  let problem: PlanningProblem

  /// The plan that follows from decisions.
  func schedule(_ controls: PlanSchedule.Controls) -> PlanSchedule {
    let heating = heatingKilowatts(controls.relays)
    let temperatures = temperatures(controls.relays)
    var objective = roomObjective(relays: controls.relays, temperatures: temperatures)
    objective.missedSteps = missedSteps(controls.deferrableRuns)
    let fixedLoad = zip(heating, deferrableKilowatts(controls.deferrableRuns)).map { $0 + $1 }
    let expected = grid(controls.dispatch, fixedLoad: fixedLoad, in: problem)
    if let set = problem.scenarios, controls.scenarioDispatches.count == set.scenarios.count {
      addRiskWeighed(controls, fixedLoad: fixedLoad, set: set, to: &objective)
    } else {
      objective.addSecondStage(
        of: secondStage(controls.dispatch, grid: expected, in: problem), weight: 1)
    }
    return PlanSchedule(
      controls: controls, heatingKilowatts: heating, gridKilowatts: expected,
      temperaturesCelsius: temperatures,
      batteryKilowattHours: problem.batteries.indices.map {
        batteryEnergy($0, controls.dispatch)
      },
      vehicleKilowattHours: problem.chargers.indices.map {
        vehicleEnergy($0, controls.dispatch)
      }, objective: objective)
  }

  private func addRiskWeighed(
    _ controls: PlanSchedule.Controls, fixedLoad: [Double],
    set: PlanningProblem.ScenarioSet, to objective: inout PlanObjective
  ) {
    var costs: [Double] = []
    for (scenario, dispatch) in zip(set.scenarios, controls.scenarioDispatches) {
      let certain = problem.assuming(scenario)
      let parts = secondStage(
        dispatch, grid: grid(dispatch, fixedLoad: fixedLoad, in: certain), in: certain)
      costs.append(parts.secondStage)
      objective.addSecondStage(
        of: parts, weight: scenario.probability * (1 - set.riskWeight))
    }
    objective.risk =
      set.riskWeight
      * RiskMeasure.conditionalValueAtRisk(
        costs, probabilities: set.scenarios.map(\.probability), level: set.riskLevel)
  }

  /// The cost of relays and runs alone.
  func firstStage(_ controls: PlanSchedule.Controls) -> Double {
    roomObjective(relays: controls.relays, temperatures: temperatures(controls.relays)).firstStage
      + missedSteps(controls.deferrableRuns)
  }

  // MARK: Rooms

  /// Heating power of all rooms in each step, kW.
  func heatingKilowatts(_ relays: [[Bool]]) -> [Double] {
    var heating = [Double](repeating: 0, count: problem.stepCount)
    for (room, states) in zip(problem.rooms, relays) {
      for (step, isOn) in states.enumerated() where isOn { heating[step] += room.powerKilowatts }
    }
    return heating
  }

  /// Power of all deferrable loads in each step, kW.
  func deferrableKilowatts(_ runs: [[Bool]]) -> [Double] {
    var power = [Double](repeating: 0, count: problem.stepCount)
    for (load, states) in zip(problem.deferrableLoads, runs) {
      for (step, isOn) in states.enumerated() where isOn { power[step] += load.powerKilowatts }
    }
    return power
  }

  /// Temperature of each room at the start and at the end of each step, neighbours included.
  func temperatures(_ relays: [[Bool]]) -> [[Double]] {
    let dynamics = problem.rooms.indices.map { RoomDynamics(problem: problem, room: $0) }
    var now = problem.rooms.map(\.initialCelsius)
    var course = now.map { [$0] }
    for step in 0..<problem.stepCount {
      let next = problem.rooms.indices.map { index in
        dynamics[index].next(
          now[index], isOn: relays[index][step], step: step, temperatures: now)
      }
      for index in next.indices { course[index].append(next[index]) }
      now = next
    }
    return course
  }

  private func roomObjective(relays: [[Bool]], temperatures: [[Double]]) -> PlanObjective {
    var objective = PlanObjective()
    for (index, room) in problem.rooms.enumerated() {
      var before = room.isOnInitially
      for step in 0..<problem.stepCount {
        objective.comfort +=
          problem.stepHours[step]
          * room.discomfort(temperatures[index][step + 1], step: step)
        if relays[index][step], !before { objective.switching += room.switchOnCost }
        before = relays[index][step]
      }
      let missing = max(0, room.terminalCelsius - temperatures[index][problem.stepCount])
      objective.terminalHeat += room.terminalCostPerKelvin * missing
    }
    return objective
  }

  private func missedSteps(_ runs: [[Bool]]) -> Double {
    zip(problem.deferrableLoads, runs).reduce(0) { sum, pair in
      let missing = max(0, pair.0.steps - pair.1.count { $0 })
      return sum + Double(missing) * pair.0.missedStepPenalty
    }
  }

  // MARK: Dispatch

  /// Grid power in each step from the power balance, kW, + import.
  func grid(
    _ dispatch: DispatchSchedule, fixedLoad: [Double], in problem: PlanningProblem
  ) -> [Double] {
    (0..<problem.stepCount).map { step in
      var power = problem.baseLoadKilowatts[step] + fixedLoad[step]
      for battery in problem.batteries.indices {
        power += dispatch.batteryChargeKilowatts[battery][step]
        power -= dispatch.batteryDischargeKilowatts[battery][step]
      }
      for charger in problem.chargers.indices {
        power += dispatch.chargerKilowatts[charger][step]
        power -= dispatch.chargerDischargeKilowatts[charger][step]
      }
      return power - dispatch.pvUsedKilowatts[step]
    }
  }

  /// Energy in a battery at the start and at the end of each step, kWh.
  func batteryEnergy(_ index: Int, _ dispatch: DispatchSchedule) -> [Double] {
    let battery = problem.batteries[index]
    var energy = battery.initialKilowattHours
    var course = [energy]
    for step in 0..<problem.stepCount {
      let stored = battery.chargeEfficiency * dispatch.batteryChargeKilowatts[index][step]
      let taken = dispatch.batteryDischargeKilowatts[index][step] / battery.dischargeEfficiency
      energy += problem.stepHours[step] * (stored - taken)
      course.append(energy)
    }
    return course
  }

  /// Energy of the vehicle at a charge point at the end of each step, kWh.
  func vehicleEnergy(_ index: Int, _ dispatch: DispatchSchedule) -> [Double?] {
    let charger = problem.chargers[index]
    var course = [Double?](repeating: nil, count: problem.stepCount)
    for session in charger.sessions {
      var energy = session.initialKilowattHours
      for step in session.start..<max(session.start, session.end) {
        let stored = charger.efficiency * dispatch.chargerKilowatts[index][step]
        let taken = dispatch.chargerDischargeKilowatts[index][step] / charger.dischargeEfficiency
        energy += problem.stepHours[step] * (stored - taken)
        course[step] = energy
      }
    }
    return course
  }

  /// The second-stage cost of a dispatch whose grid power is known.
  func secondStage(
    _ dispatch: DispatchSchedule, grid: [Double], in problem: PlanningProblem
  ) -> PlanObjective {
    var objective = PlanObjective()
    let connection = problem.grid
    for step in 0..<problem.stepCount {
      let hours = problem.stepHours[step]
      let imported = max(0, grid[step])
      let exported = max(0, -grid[step])
      objective.energy +=
        hours
        * (imported * connection.importPrices[step] - exported * connection.exportPrices[step])
      objective.emissions +=
        hours * imported * (connection.importCost(step) - connection.importPrices[step])
      objective.exportPenalty += hours * exported * connection.exportPenaltyPerKilowattHour
      objective.curtailment +=
        hours * (problem.availablePV(step) - dispatch.pvUsedKilowatts[step])
        * connection.curtailmentPenaltyPerKilowattHour
    }
    let highest = grid.max() ?? 0
    objective.peak =
      connection.peakPricePerKilowatt * max(0, highest - connection.peakFreeKilowatts)
    addStorage(dispatch, in: problem, to: &objective)
    return objective
  }

  private func addStorage(
    _ dispatch: DispatchSchedule, in problem: PlanningProblem, to objective: inout PlanObjective
  ) {
    for (index, battery) in problem.batteries.enumerated() {
      for step in 0..<problem.stepCount {
        objective.wear +=
          problem.stepHours[step] * battery.wearPerKilowattHour
          * (dispatch.batteryChargeKilowatts[index][step]
            + dispatch.batteryDischargeKilowatts[index][step])
      }
      let end = batteryEnergy(index, dispatch).last ?? 0
      objective.terminalStorage -= battery.terminalValuePerKilowattHour * end
    }
    for (index, charger) in problem.chargers.enumerated() {
      let energy = vehicleEnergy(index, dispatch)
      for session in charger.sessions where session.end > session.start {
        let end = (energy[session.end - 1] ?? session.initialKilowattHours)
        objective.vehicleShortfall +=
          charger.shortfallPenaltyPerKilowattHour * max(0, session.targetKilowattHours - end)
      }
      var before = charger.isChargingInitially
      for step in 0..<problem.stepCount {
        let isOn = dispatch.chargerKilowatts[index][step] > Self.noiseKilowatts
        if isOn, !before { objective.vehicleStarts += charger.startCost }
        before = isOn
        objective.wear +=
          problem.stepHours[step] * charger.dischargeWearPerKilowattHour
          * dispatch.chargerDischargeKilowatts[index][step]
      }
    }
  }
}
