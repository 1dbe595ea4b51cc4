// SPDX-License-Identifier: MIT
import Foundation

extension PlanCheck {
  /// Minimum times, fixed states.
  func checkRelays(_ relays: [[Bool]], _ findings: inout CheckFindings) {
    for (room, states) in zip(problem.rooms, relays) {
      var state = room.isOnInitially
      var length = room.stepsInState
      for (step, isOn) in states.enumerated() {
        if let fixed = room.fixedRelay[step], fixed != isOn {
          findings.record(.fixedRelay, room.name, step: step, amount: 1)
        }
        if isOn == state {
          length += 1
          continue
        }
        let needed = state ? room.minimumOnSteps : room.minimumOffSteps
        // A person's order may cut a run short; a plan may not.
        if length < needed, room.fixedRelay[step] == nil {
          findings.record(.minimumTime, room.name, step: step, amount: Double(needed - length))
        }
        state = isOn
        length = 1
      }
    }
  }

  /// Windows, run lengths and pauses of deferrable loads.
  func checkDeferrables(_ runs: [[Bool]], _ findings: inout CheckFindings) {
    for (load, states) in zip(problem.deferrableLoads, runs) {
      let active = states.indices.filter { states[$0] }
      if let early = active.first, early < load.windowStart {
        findings.record(.deferrableRun, load.name, step: early, amount: 1)
      }
      if let late = active.last, late >= load.windowEnd {
        findings.record(.deferrableRun, load.name, step: late, amount: 1)
      }
      if active.count > load.steps {
        findings.record(
          .deferrableRun, load.name, step: active.last, amount: Double(active.count - load.steps))
      }
      if !load.isInterruptible, let first = active.first, let last = active.last,
        last - first + 1 != active.count
      {
        findings.record(.deferrableRun, load.name, step: first, amount: 1)
      }
    }
  }

  /// Comfort, switching and terminal heat of all rooms, integrated step by step.
  func roomCosts(_ relays: [[Bool]]) -> [String: Double] {
    var comfort = 0.0
    var switching = 0.0
    var celsius = problem.rooms.map { $0.initialCelsius }
    var wasOn = problem.rooms.map { $0.isOnInitially }
    for step in problem.stepHours.indices {
      let before = celsius
      for (index, room) in problem.rooms.enumerated() {
        celsius[index] = temperature(after: step, of: room, index, before, relays[index][step])
        let tier = room.penaltyTierKelvin
        let cold = Swift.max(0, room.lowerCelsius[step] - celsius[index])
        let warm = Swift.max(0, celsius[index] - room.upperCelsius[step])
        let rate =
          room.coldPenalty.first * cold + room.coldPenalty.second * Swift.max(0, cold - tier)
          + room.warmPenalty.first * warm + room.warmPenalty.second * Swift.max(0, warm - tier)
        comfort += rate * problem.stepHours[step]
        if relays[index][step] && !wasOn[index] { switching += room.switchOnCost }
        wasOn[index] = relays[index][step]
      }
    }
    var heat = 0.0
    for (room, end) in zip(problem.rooms, celsius) where end < room.terminalCelsius {
      heat +=
        (room.terminalCelsius - end) * room.capacityKilowattHoursPerKelvin
        * room.terminalHeatValuePerKilowattHour
    }
    return ["comfort": comfort, "switch": switching, "term_heat": heat]
  }

  private func temperature(
    after step: Int, of room: PlanningProblem.Room, _ index: Int, _ before: [Double], _ isOn: Bool
  ) -> Double {
    let share = problem.stepHours[step] / room.referenceStepHours
    let kept = pow(room.retention, share)
    let gain = room.retention == 1 ? share : (1 - kept) / (1 - room.retention)
    var flow = room.outdoorWeight * problem.outdoorCelsius[step]
    flow += room.kelvinPerSolarKilowatt * problem.solarKilowattsPerSquareMetre[step]
    if isOn {
      let heat = room.powerKilowatts * (room.heatFactors.isEmpty ? 1 : room.heatFactors[step])
      flow += room.kelvinPerKilowatt * heat
    }
    for neighbour in room.neighbours {
      flow += neighbour.exchange * (before[neighbour.room] - before[index])
    }
    let extra = room.extraKelvin.isEmpty ? 0 : room.extraKelvin[step]
    return kept * before[index] + gain * flow + extra
  }
}
