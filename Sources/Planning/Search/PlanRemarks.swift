// SPDX-License-Identifier: MIT
import TimeSeries

/// Says which wishes a plan cannot fulfil, and which input causes it.
struct PlanRemarks {
  let problem: PlanningProblem

  func about(_ schedule: PlanSchedule) -> [Diagnostic] {
    startRemarks + fuseRemarks(schedule) + vehicleRemarks(schedule) + deferrableRemarks(schedule)
  }

  private var startRemarks: [Diagnostic] {
    var remarks: [Diagnostic] = []
    for battery in problem.batteries {
      let band = battery.minimumFraction...battery.maximumFraction
      if !band.contains(battery.initialFraction) {
        remarks.append(
          Diagnostic(
            .warning, subject: battery.name,
            message: "starts at \(percent(battery.initialFraction)), outside its band of "
              + "\(percent(band.lowerBound)) to \(percent(band.upperBound)); it is brought back"))
      }
    }
    for room in problem.rooms {
      let missing = (room.lowerCelsius.first ?? room.initialCelsius) - room.initialCelsius
      if missing > room.penaltyTierKelvin {
        remarks.append(
          Diagnostic(
            .note, subject: room.name,
            message: "starts \(short(missing)) K below its comfort band"))
      }
    }
    return remarks
  }

  private func fuseRemarks(_ schedule: PlanSchedule) -> [Diagnostic] {
    let limit = problem.grid.importLimitKilowatts
    let steps = schedule.gridKilowatts.indices.filter {
      schedule.gridKilowatts[$0] > limit + 1e-4
    }
    guard
      let worst = steps.max(by: {
        schedule.gridKilowatts[$0] < schedule.gridKilowatts[$1]
      })
    else { return [] }
    return [
      Diagnostic(
        .error, subject: "grid",
        message: "import of \(short(schedule.gridKilowatts[worst])) kW at step \(worst) is above "
          + "the limit of \(short(limit)) kW: base load alone is "
          + "\(short(problem.baseLoadKilowatts[worst])) kW; \(steps.count) steps are affected")
    ]
  }

  private func vehicleRemarks(_ schedule: PlanSchedule) -> [Diagnostic] {
    var remarks: [Diagnostic] = []
    for (index, charger) in problem.chargers.enumerated() {
      for session in charger.sessions where session.end > session.start {
        let end =
          schedule.vehicleKilowattHours[index][session.end - 1] ?? session.initialKilowattHours
        let missing = session.targetKilowattHours - end
        if missing > 0.01 {
          remarks.append(
            Diagnostic(
              .warning, subject: charger.name,
              message: "leaves at step \(session.end) with \(short(missing)) kWh less than wanted"))
        }
      }
    }
    return remarks
  }

  private func deferrableRemarks(_ schedule: PlanSchedule) -> [Diagnostic] {
    zip(problem.deferrableLoads, schedule.controls.deferrableRuns).compactMap { load, run in
      let missing = load.steps - run.count { $0 }
      guard missing > 0 else { return nil }
      return Diagnostic(
        .warning, subject: load.name,
        message: "gets \(missing) of \(load.steps) steps less than wanted: its window from step "
          + "\(load.windowStart) to \(load.windowEnd) is too short")
    }
  }

  private func short(_ value: Double) -> String {
    String((value * 100).rounded() / 100)
  }

  private func percent(_ fraction: Double) -> String { short(fraction * 100) + " %" }
}
