// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Physics
import Planning
import TestSupport
import Testing
import TimeSeries

@testable import Control

@Suite("Heat pumps, warm water and sunlit walls in plans")
struct HeatPumpTests {
  private let dataSheet = HeatPumpCurve([
    .init(outdoors: Celsius(7), factor: 4), .init(outdoors: Celsius(-7), factor: 2.6),
  ])

  @Test("the curve is straight between the points of the data sheet and level beyond them")
  func curve() throws {
    let curve = try #require(dataSheet)
    #expect(curve.factor(at: Celsius(-20)) == 2.6)
    #expect(abs(curve.factor(at: Celsius(0)) - 3.3) < 1e-12)
    #expect(curve.factor(at: Celsius(20)) == 4)
    #expect(HeatPumpCurve([]) == nil)
    #expect(HeatPumpCurve([.init(outdoors: Celsius(7), factor: 0)]) == nil)
  }

  @Test("a factor of three warms as three kilowatts and draws one; dynamics and check agree")
  func planning() throws {
    var room = PlanningProblem.Room(
      name: "kitchen", powerKilowatts: 1, referenceStepHours: 0.25, retention: 0.995,
      kelvinPerKilowatt: 0.08, outdoorWeight: 0.005, kelvinPerSolarKilowatt: 0,
      initialCelsius: 19, lowerCelsius: Array(repeating: 20, count: 48),
      upperCelsius: Array(repeating: 22, count: 48), terminalCelsius: 20,
      capacityKilowattHoursPerKelvin: 3)
    func plan(_ factors: [Double], power: Double) throws -> (cost: Double, hours: Int) {
      room.heatFactors = factors
      room.powerKilowatts = power
      var problem = PlanningProblem(
        name: "t", stepHours: Array(repeating: 0.25, count: 48),
        grid: .init(
          importLimitKilowatts: 10, exportLimitKilowatts: 10,
          importPrices: Array(repeating: 4, count: 48),
          exportPrices: Array(repeating: 1, count: 48)),
        baseLoadKilowatts: Array(repeating: 0.2, count: 48), pvKilowatts: [],
        outdoorCelsius: Array(repeating: 0, count: 48),
        solarKilowattsPerSquareMetre: Array(repeating: 0, count: 48))
      problem.rooms = [room]
      let outcome = try Planner(options: PlannerOptions()).plan(problem, memory: nil)
      let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
      #expect(verdict.isFeasible)
      return (
        outcome.schedule.objective.total, outcome.schedule.controls.relays[0].count { $0 }
      )
    }
    let pump = try plan(Array(repeating: 3, count: 48), power: 1)
    let electric = try plan([], power: 3)
    // Cheaper heat may be bought a step longer.
    #expect(abs(pump.hours - electric.hours) <= 2)
    #expect(pump.cost < electric.cost)
  }

  private static let now = instant("2026-03-10T06:00:00Z")

  /// A floor of 40 W/K whose water has 40 °C at −10 °C outdoors and 30 °C at 10 °C.
  private static let floor = WaterCircuit(
    curve: [
      .init(outdoors: Celsius(10), water: Celsius(30)),
      .init(outdoors: Celsius(-10), water: Celsius(40)),
    ], conductance: WattsPerKelvin(40), exponent: 1)

  private func heater(pump: Bool, floor: Bool) -> RoomHeater {
    RoomHeater(
      power: Watts(pump ? 800 : 60), minimumOn: .minutes(15), minimumOff: .minutes(15),
      switchingCost: .zero, heatPump: pump ? dataSheet : nil, water: floor ? Self.floor : nil)
  }

  @Test(
    "water hands over what its difference to the room drives, a pump draws what that heat needs")
  func water() {
    // 35 °C of water at 0 °C outdoors, 15 K over a room of 20 °C.
    let (boiler, pump) = (heater(pump: false, floor: true), heater(pump: true, floor: true))
    let heat = boiler.output(outdoors: Celsius(0), room: Celsius(20))
    #expect(heat.heat == Watts(600) && heat.electricity == Watts(60))
    let drawn = pump.output(outdoors: Celsius(0), room: Celsius(20))
    #expect(drawn.heat == Watts(600) && abs(drawn.electricity.rawValue - 600 / 3.3) < 1e-9)
    // A pump of 800 W and 2.6 gives no more than 2080 W, however cold the room.
    let limit = pump.output(outdoors: Celsius(-20), room: Celsius(-20))
    #expect(limit.heat == Watts(2_080) && abs(limit.electricity.rawValue - 800) < 1e-9)
    #expect(boiler.output(outdoors: Celsius(10), room: Celsius(31)).heat == .zero)
    // EN 1264: 10 K over a floor of n = 1.1 give 10^1.1 times the heat of one kelvin.
    let floor = WaterCircuit(
      curve: [.init(outdoors: Celsius(0), water: Celsius(30))], conductance: WattsPerKelvin(50))
    #expect(abs((floor?.heat(excess: Kelvins(10)).rawValue ?? 0) - 629.46) < 0.01)
    #expect(WaterCircuit(curve: [], conductance: WattsPerKelvin(1)) == nil)
  }

  /// One room, whose identified model has windows on the level and three walls.
  private func model(_ heater: RoomHeater) throws -> HomeModel {
    let kitchen = Room(
      name: "kitchen", heater: heater,
      comfort: ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(22))),
      thermal: RoomThermalProperties(
        heatLoss: WattsPerKelvin(40), heatCapacity: KilowattHoursPerKelvin(3)), priority: 5)
    let models = """
      {"version": 1, "learnedUntil": 0, "errors": {}, "links": [], "facadeCount": 4, "rooms": [
        {"name": "kitchen", "airCapacity": 1, "conductanceToOutdoors": 30,
         "solarApertures": [0.2, 1, 2, 0.5], "gains": {"mean": 100, "harmonics": [30, 0, 0, 20]},
         "envelope": {"capacity": 4, "conductanceToAir": 120, "conductanceToOutdoors": 12,
           "solarApertures": [0, 0.5, 0.5, 0.5]}}]}
      """
    return try HomeModel(
      home: controlHome(
        rooms: [kitchen], fuse: 25, fuseMargin: 0.9, energy: .spot(factor: 1, fee: .zero),
        cold: 10, warm: 5), settings: ControlSettings(),
      rooms: JSONDecoder().decode(RoomModels.self, from: Data(models.utf8)))
  }

  @Test(
    "along the nominal course the planner's one temperature is that of the network",
    arguments: [(pump: true, floor: false), (true, true), (false, true)])
  func nominalCourse(pump: Bool, floor: Bool) throws {
    let model = try model(heater(pump: pump, floor: floor))
    #expect(model.network.facadeCount == 4)
    let cycle = ControlCycle(model: model, strategy: .optimised(PlannerOptions()))
    let grid = cycle.planGrid(at: Self.now)
    let sunny = grid.indices.map { step -> WattsPerSquareMetre in
      WattsPerSquareMetre(max(0, 600 * sin((Double(step % 96) / 4) / 12 * .pi)))
    }
    let empty = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    var snapshot = Snapshot(time: Self.now)
    snapshot.roomTemperatures["kitchen"] = Reading(Celsius(20.5), at: Self.now)
    let known = ForecastInputs(
      issuedAt: Self.now, grid: grid,
      weather: Weather(
        issuedAt: Self.now,
        globalHorizontalIrradiance: Series(grid: grid, values: sunny.map { $0 }),
        temperature: Series(
          grid: grid, values: grid.indices.map { Celsius(-4 + 10 * Double($0) / 192) })),
      outdoorTemperature: Celsius(-4),
      publishedSpotPrice: Series(grid: grid, constant: PricePerKilowattHour(3)),
      pastSpotPrice: Series(grid: empty, values: []),
      baseLoadHistory: Series(grid: empty, values: []), pvHistory: nil, vehicles: [:])
    let result = cycle.step(.init(snapshot: snapshot, known: known), memory: .init())
    let (problem, forecast) = (
      try #require(result.problem), try #require(result.memory.forecast)
    )
    #expect(result.verdict?.isFeasible == true)
    let course = NominalCourse(
      state: result.state, forecast: forecast, previous: nil, model: model)
    let room = problem.rooms[0]
    var celsius = room.initialCelsius
    for step in grid.indices {
      // T' = a T + b P f u + bₒ Tₒ + bₛ S + extra: the room alone, by the problem's own formula.
      let electric = course.forcing.heat(inRoom: 0, at: step) > .zero ? room.powerKilowatts : 0
      celsius =
        room.retention * celsius + room.kelvinPerKilowatt * electric * room.heatFactors[step]
        + room.outdoorWeight * problem.outdoorCelsius[step]
        + room.kelvinPerSolarKilowatt * problem.solarKilowattsPerSquareMetre[step]
        + room.extraKelvin[step]
      let network = course.trajectory.temperature(ofRoom: 0, atEndOf: step)
      #expect(abs(celsius - network.rawValue) < 1e-9, "step \(step)")
    }
    let target = 20 + 2.0 / 3
    if pump {
      // -4 °C at the start: 2.6 + 1.4 · 3/14; warmer later.
      #expect(abs(room.heatFactors[0] - 2.9) < 1e-9)
      #expect(room.heatFactors[191] > 3.4)
    } else {
      // 37 °C of water at -4 °C, less as it gets warmer; 60 W of electricity.
      #expect(abs(room.heatFactors[0] - 40 * (37 - target) / 60) < 1e-9)
      #expect(room.heatFactors[191] < room.heatFactors[0] - 2)
      #expect(room.powerKilowatts == 0.06)
    }
    if pump && floor {
      // 653 W of heat at first, 456 W at the end, at factors of 2.9 to 3.9: the mean between.
      #expect((0.12..<0.225).contains(room.powerKilowatts))
    }
  }
}
