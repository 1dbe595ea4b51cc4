// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Physics
import Planning
import TimeSeries

extension PlanningProblem {
  /// The planning problem of a home: what it has, what is expected, and where it stands.
  ///
  /// Rooms are planned one by one: neighbours, floors and gains follow the nominal course, which
  /// enters as further warming in each step.
  init(home model: HomeModel, forecast: HomeForecast, state: HomeState, previous: Plan?) {
    let home = model.home
    let grid = forecast.grid
    self.init(
      name: home.site.name, stepHours: Self.stepHours(grid, from: state.time),
      grid: Grid(home, forecast),
      baseLoadKilowatts: forecast.baseLoadPower.mean.map(\.kilowatts),
      pvKilowatts: home.inverter == nil ? [] : forecast.pvPower.mean.map(\.kilowatts),
      outdoorCelsius: forecast.outdoorTemperature.values.map { $0?.rawValue ?? 10 },
      solarKilowattsPerSquareMetre: forecast.irradiance.values.map { ($0?.rawValue ?? 0) / 1_000 })
    start = state.time
    heatingLimitKilowatts = home.safety.maximumHeating?.kilowatts
    let storedEnergyValue = Self.storedEnergyValue(forecast.importPrice.map(\.rawValue))
    if let battery = home.battery, let stateOfCharge = state.stateOfCharge {
      batteries = [
        Battery(battery, stateOfCharge: stateOfCharge, energyValue: storedEnergyValue)
      ]
    }
    chargers = home.vehicles.compactMap { vehicle in
      home.chargePoints.first { $0.name == vehicle.chargePoint }.map {
        Charger(
          vehicle, at: $0, sessions: forecast.vehicleSessions,
          isCharging: (state.vehicles[vehicle.name]?.power ?? .zero) > .zero)
      }
    }
    deferrableLoads = ApplianceLoads(
      home: home, forecast: forecast, powers: state.appliances ?? [:]
    )
    .loads.map(\.load)
    let course = NominalCourse(state: state, forecast: forecast, previous: previous, model: model)
    let times = home.site.calendar.wallTimes(on: grid)
    rooms = model.roomModels.map { room in
      Room(
        room, course: course, model: model, state: state, grid: grid, times: times,
        heatValue: storedEnergyValue)
    }
  }

  /// The first step is what is left of it.
  private static func stepHours(_ grid: TimeGrid, from now: Date) -> [Double] {
    var hours = [Double](repeating: grid.stepHours, count: grid.count)
    guard let first = hours.first else { return hours }
    hours[0] = max(1.0 / 60, min(first, grid.date(at: 1).timeIntervalSince(now) / 3_600))
    return hours
  }

  /// What energy left at the end of the horizon is worth: the mean of the cheaper half of prices.
  private static func storedEnergyValue(_ prices: [Double]) -> Double {
    let cheap = prices.sorted().prefix(max(1, prices.count / 2))
    return max(0, cheap.reduce(0, +) / Double(max(1, cheap.count)))
  }
}

extension PlanningProblem.Battery {
  fileprivate init(
    _ battery: Household.Battery, stateOfCharge: Fraction, energyValue: Double
  ) {
    self.init(
      name: battery.name, capacityKilowattHours: battery.capacity.rawValue,
      chargeLimitKilowatts: battery.maximumCharge.kilowatts,
      dischargeLimitKilowatts: battery.maximumDischarge.kilowatts,
      chargeEfficiency: battery.chargeEfficiency.rawValue,
      dischargeEfficiency: battery.dischargeEfficiency.rawValue,
      initialFraction: stateOfCharge.rawValue)
    minimumFraction = battery.stateOfChargeBand.lowerBound.rawValue
    maximumFraction = battery.stateOfChargeBand.upperBound.rawValue
    wearPerKilowattHour = battery.wearCost.rawValue
    terminalValuePerKilowattHour = max(
      0, (energyValue - battery.wearCost.rawValue) * battery.dischargeEfficiency.rawValue)
  }
}

extension PlanningProblem.Charger {
  fileprivate init(
    _ vehicle: Vehicle, at chargePoint: ChargePoint, sessions: [VehicleSession], isCharging: Bool
  ) {
    self.init(
      name: vehicle.name, minimumKilowatts: chargePoint.minimumPower.kilowatts,
      maximumKilowatts: chargePoint.maximumPower.kilowatts,
      efficiency: vehicle.chargeEfficiency.rawValue,
      shortfallPenaltyPerKilowattHour: vehicle.shortfallCost.rawValue,
      sessions: sessions.filter { $0.vehicle == vehicle.name }.map {
        Session(
          start: $0.steps.lowerBound, end: $0.steps.upperBound,
          initialKilowattHours: $0.energyAtStart.rawValue,
          targetKilowattHours: $0.energyWanted.rawValue,
          maximumKilowattHours: max(vehicle.capacity, $0.energyAtStart).rawValue)
      })
    isChargingInitially = isCharging
    startCost = 0.2
  }
}

extension PlanningProblem.Room {
  /// The violation, in kelvins, from which the cost of discomfort rises fourfold.
  private static let comfortTier = 0.5
  private static let secondTierFactor = 4.0

  fileprivate init(
    _ step: RoomStepModel, course: NominalCourse, model: HomeModel, state: HomeState,
    grid: TimeGrid, times: [SiteCalendar.WallTime], heatValue: Double
  ) {
    let home = model.home
    let room = home.rooms[step.room]
    let exchange = step.neighbours.reduce(0) { $0 + $1.coefficient }
    let bands = times.map(room.comfort.band)
    self.init(
      name: room.name, powerKilowatts: course.heaters[step.room]?.power.kilowatts ?? 0,
      referenceStepHours: grid.stepHours, retention: max(0.05, step.retention - exchange),
      kelvinPerKilowatt: step.powerKelvinsPerKilowatt, outdoorWeight: step.outdoorShare,
      kelvinPerSolarKilowatt: step.solarKelvinsPerKilowattPerSquareMetre.first ?? 0,
      initialCelsius: course.start.temperature(ofRoom: step.room).rawValue,
      lowerCelsius: bands.map(\.lower.rawValue), upperCelsius: bands.map(\.upper.rawValue),
      terminalCelsius: (bands.last ?? room.comfort.usual).target.rawValue,
      capacityKilowattHoursPerKelvin: step.capacity.rawValue)
    extraKelvin = Self.warming(step, course: course, exchange: exchange, count: grid.count)
    coldPenalty = Self.penalty(home.preferences.coldCostPerKelvinHour)
    warmPenalty = Self.penalty(home.preferences.warmCostPerKelvinHour)
    penaltyTierKelvin = Self.comfortTier
    guard let heater = room.heater, let converted = course.heaters[step.room] else { return }
    if converted.isConverted { heatFactors = converted.factors }
    let meanFactor = heatFactors.reduce(0, +) / Double(max(1, heatFactors.count))
    // Heat that is there at the end saves the electricity that would be needed for it.
    terminalHeatValuePerKilowattHour = meanFactor > 0 ? heatValue / meanFactor : heatValue
    switchOnCost = heater.switchingCost.rawValue
    minimumOnSteps = Self.steps(heater.minimumOn, grid)
    minimumOffSteps = Self.steps(heater.minimumOff, grid)
    if let relay = state.relays[room.name] {
      isOnInitially = relay.isOn
      let age = state.time.timeIntervalSince(relay.since) / Double(grid.stepSeconds)
      stepsInState = max(1, Int(min(1_000, age.rounded())))
    }
  }

  /// What neighbours, floor and gains add to a room's own balance along the nominal course.
  private static func warming(
    _ step: RoomStepModel, course: NominalCourse, exchange: Double, count: Int
  ) -> [Double] {
    let drifts = step.drifts(along: course.trajectory, from: course.start, forcing: course.forcing)
    return (0..<count).map { index in
      let neighbours = step.neighbours.reduce(0) {
        $0 + $1.coefficient * course.temperature(ofRoom: $1.room, atStartOf: index).rawValue
      }
      return neighbours + sunOnWalls(step, course, index) + drifts[index].rawValue
    }
  }

  /// What the sun on the walls warms; that on the level is in the problem's own terms.
  private static func sunOnWalls(_ step: RoomStepModel, _ course: NominalCourse, _ index: Int)
    -> Double
  {
    let gains = step.solarKelvinsPerKilowattPerSquareMetre
    return gains.indices.dropFirst().reduce(0) {
      $0 + gains[$1] * course.forcing.irradiance(onFacade: $1, at: index).rawValue / 1_000
    }
  }

  private static func penalty(_ cost: Money) -> PlanningProblem.Penalty {
    PlanningProblem.Penalty(
      first: cost.rawValue, second: cost.rawValue * (secondTierFactor - 1))
  }

  private static func steps(_ duration: Duration, _ grid: TimeGrid) -> Int {
    max(1, Int((duration.seconds / Double(grid.stepSeconds)).rounded(.up)))
  }
}

extension PlanningProblem.Grid {
  /// The connection of a home, inside its fuse by the margin, at the expected prices.
  fileprivate init(_ home: Home, _ forecast: HomeForecast) {
    self.init(
      importLimitKilowatts: (home.grid.importLimit * home.safety.fuseMargin.rawValue).kilowatts,
      exportLimitKilowatts: home.grid.exportLimit.kilowatts,
      importPrices: forecast.importPrice.map(\.rawValue),
      exportPrices: forecast.exportPrice.map(\.rawValue))
    exportPenaltyPerKilowattHour = home.preferences.exportPenalty.rawValue
    peakPricePerKilowatt = home.tariff.peakPricePerKilowatt.rawValue
  }
}
