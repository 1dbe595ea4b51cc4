// SPDX-License-Identifier: MIT
public import Planning
public import TimeSeries

/// Small seeded homes for tests.
public struct Homes {
  /// Where everything comes from.
  public var random: SplitMix64

  /// The homes of a seed.
  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// A number in a range.
  public mutating func number(_ range: ClosedRange<Double>) -> Double {
    Double.random(in: range, using: &random)
  }

  /// A whole number in a range.
  public mutating func whole(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  /// A home with everything; `steps` quarter-hours.
  public mutating func home(
    steps: Int = 48, rooms: Int = 2, batteries: Int = 1, chargers: Int = 1, loads: Int = 0,
    lowestPrice: Double = 1
  ) -> PlanningProblem {
    let prices = (0..<steps).map { _ in number(lowestPrice...6) }
    var grid = PlanningProblem.Grid(
      importLimitKilowatts: 17, exportLimitKilowatts: 10, importPrices: prices,
      exportPrices: prices.map { $0 - 1.2 })
    grid.spotPrices = prices.map { $0 - 1 }
    grid.peakFreeKilowatts = 6
    grid.peakPricePerKilowatt = 2
    var problem = PlanningProblem(
      name: "home", stepHours: Array(repeating: 0.25, count: steps), grid: grid,
      baseLoadKilowatts: (0..<steps).map { _ in number(0.2...1.5) },
      pvKilowatts: (0..<steps).map { _ in max(0, number(-3...4)) },
      outdoorCelsius: (0..<steps).map { _ in number(-5...8) },
      solarKilowattsPerSquareMetre: (0..<steps).map { _ in max(0, number(-0.3...0.4)) })
    for index in 0..<rooms { problem.rooms.append(room(index, steps: steps)) }
    for index in 0..<batteries { problem.batteries.append(battery(index)) }
    for index in 0..<chargers { problem.chargers.append(charger(index, steps: steps)) }
    for index in 0..<loads {
      problem.deferrableLoads.append(
        PlanningProblem.DeferrableLoad(
          name: "load\(index)", powerKilowatts: number(0.5...2), steps: whole(2...6),
          windowStart: whole(0...min(8, steps / 4)),
          windowEnd: steps - whole(0...min(8, steps / 4)),
          isInterruptible: index.isMultiple(of: 2)))
    }
    return problem
  }

  /// A room that leaks, with a heater for a cold day.
  public mutating func room(_ index: Int, steps: Int) -> PlanningProblem.Room {
    let retention = number(0.95...0.997)
    let lower = number(18...21)
    let power = number(0.5...2)
    var room = PlanningProblem.Room(
      name: "room\(index)", powerKilowatts: power, referenceStepHours: 0.25,
      retention: retention, kelvinPerKilowatt: (1 - retention) * number(40...60) / power,
      outdoorWeight: 1 - retention, kelvinPerSolarKilowatt: number(0.05...0.3),
      initialCelsius: lower + number(-1...2),
      lowerCelsius: Array(repeating: lower, count: steps),
      upperCelsius: Array(repeating: lower + 2, count: steps), terminalCelsius: lower + 0.5,
      capacityKilowattHoursPerKelvin: number(0.1...2))
    room.isOnInitially = Bool.random(using: &random)
    room.stepsInState = whole(1...3)
    room.minimumOnSteps = whole(1...2)
    room.minimumOffSteps = whole(1...2)
    room.switchOnCost = 0.1
    room.terminalHeatValuePerKilowattHour = 3
    return room
  }

  /// A battery between 4 and 15 kWh.
  public mutating func battery(_ index: Int) -> PlanningProblem.Battery {
    var battery = PlanningProblem.Battery(
      name: "battery\(index)", capacityKilowattHours: number(4...15),
      chargeLimitKilowatts: number(2...6), dischargeLimitKilowatts: number(2...6),
      chargeEfficiency: 0.95, dischargeEfficiency: 0.95, initialFraction: number(0.15...0.85))
    battery.minimumFraction = 0.1
    battery.maximumFraction = 0.9
    battery.wearPerKilowattHour = 0.3
    battery.terminalValuePerKilowattHour = 2
    return battery
  }

  /// A charge point with one session.
  public mutating func charger(_ index: Int, steps: Int) -> PlanningProblem.Charger {
    let start = whole(0...(steps / 3))
    let energy = number(10...30)
    var charger = PlanningProblem.Charger(
      name: "ev\(index)", minimumKilowatts: 1.4, maximumKilowatts: 11, efficiency: 0.9,
      shortfallPenaltyPerKilowattHour: 12,
      sessions: [
        PlanningProblem.Charger.Session(
          start: start, end: steps - whole(0...4), initialKilowattHours: energy,
          targetKilowattHours: energy + number(2...12), maximumKilowattHours: 60)
      ])
    charger.startCost = 0.2
    return charger
  }
}
