// SPDX-License-Identifier: MIT
import Forecasting
import Household
import Planning
import TimeSeries

extension Plan {
  /// A planner's schedule as the home's plan.
  ///
  /// - Parameter previous: the plan in force; its mode of the battery is kept where little is lost by it.
  init(
    _ outcome: PlanningOutcome, problem: PlanningProblem, forecast: HomeForecast,
    state: HomeState, home: Home, previous: Plan?
  ) {
    let schedule = outcome.schedule
    self.init(issuedAt: state.time, grid: forecast.grid, origin: PlanOrigin(outcome.quality))
    for (index, room) in problem.rooms.enumerated() {
      if home.rooms[index].heater != nil { heating[room.name] = schedule.relays[index] }
      roomTemperatures[room.name] = schedule.temperaturesCelsius[index].dropFirst().map {
        Celsius($0)
      }
    }
    pvPower = schedule.pvUsedKilowatts.map { .kilowatts($0) }
    baseLoadPower = forecast.baseLoadPower.mean
    gridPower = schedule.gridKilowatts.map { .kilowatts($0) }
    let dispatch = schedule.controls.dispatch
    for (index, charger) in problem.chargers.enumerated() {
      vehiclePower[charger.name] = dispatch.chargerKilowatts[index].map { .kilowatts($0) }
    }
    if !home.appliances.isEmpty {
      let loads = ApplianceLoads(home: home, forecast: forecast, powers: state.appliances ?? [:])
      applianceRuns = loads.runs(schedule.controls.deferrableRuns)
    }
    if let planned = problem.batteries.first {
      let current = previous.flatMap { plan in
        plan.grid.index(of: state.time).flatMap {
          plan.batteryModes.indices.contains($0) ? plan.batteryModes[$0] : nil
        }
      }
      setBattery(
        planned, schedule: schedule, problem: problem, forecast: forecast, current: current)
    }
    objective = Money(schedule.objective.total)
    lowerBound = outcome.bound.map { Money($0) }
  }

  private mutating func setBattery(
    _ planned: PlanningProblem.Battery, schedule: PlanSchedule, problem: PlanningProblem,
    forecast: HomeForecast, current: BatteryMode?
  ) {
    let dispatch = schedule.controls.dispatch
    let (charge, discharge) = (
      dispatch.batteryChargeKilowatts[0], dispatch.batteryDischargeKilowatts[0]
    )
    stateOfCharge = schedule.batteryKilowattHours[0].dropFirst().map {
      Fraction($0 / planned.capacityKilowattHours)
    }
    batteryPower = zip(charge, discharge).map { .kilowatts($1 - $0) }
    let wanted =
      BatteryModes(
        schedule: schedule, problem: problem, battery: planned, stateOfCharge: stateOfCharge,
        cautiousSurplus: zip(forecast.pvPower.p10, forecast.baseLoadPower.p90).map {
          max(0, ($0 - $1).kilowatts)
        },
        smallerNeed: forecast.grid.indices.map { index in
          let (sun, load) = (forecast.pvPower, forecast.baseLoadPower)
          return max(
            0, (sun.p90[index] - sun.mean[index] + load.mean[index] - load.p10[index]).kilowatts)
        }
      ).modes
    // Rules decide anew at each cycle and are what pems is compared with.
    guard origin != .rules else {
      batteryModes = wanted
      return
    }
    batteryModes =
      SteadyModes(
        wanted, current: current, schedule: schedule, problem: problem, battery: planned,
        stateOfCharge: stateOfCharge
      ).steadied
  }
}

extension PlanOrigin {
  init(_ quality: PlanningOutcome.Quality) {
    switch quality {
    case .optimal: self = .optimal
    case .feasible: self = .feasible
    case .fallback: self = .rules
    }
  }
}
