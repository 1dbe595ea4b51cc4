// SPDX-License-Identifier: MIT
import Control
import Forecasting
import Foundation
import Household
import Physics
import Planning
import TestSupport
import Testing
import TimeSeries

@Suite("Control cycle")
struct ControlCycleTests {
  private let now = instant("2026-01-12T20:05:00Z")

  private func model(
    rooms names: [String] = ["kitchen"], maximumHeating: Watts? = nil
  ) throws -> HomeModel {
    let rooms = names.map {
      controlRoom(
        $0, priority: 5, heatLoss: 40, heatCapacity: 3, timeConstant: .minutes(60),
        switchingCost: Money(0.1))
    }
    let home = controlHome(
      rooms: rooms, fuse: 25, fuseMargin: 0.9, maximumHeating: maximumHeating,
      energy: .spot(factor: 1, fee: .zero), cold: 10, warm: 5)
    return try HomeModel(home: home, settings: ControlSettings())
  }

  private func snapshot(at time: Date, kitchen: Double?) -> Snapshot {
    var snapshot = Snapshot(time: time)
    snapshot.outdoorTemperature = Reading(Celsius(-5), at: time)
    snapshot.gridPower = Reading(Watts(500), at: time)
    if let kitchen { snapshot.roomTemperatures["kitchen"] = Reading(Celsius(kitchen), at: time) }
    return snapshot
  }

  private func known(
    _ cycle: ControlCycle, at time: Date, price: Double? = 3
  ) -> ForecastInputs {
    let grid = cycle.planGrid(at: time)
    let empty = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    return ForecastInputs(
      issuedAt: time, grid: grid, weather: nil, outdoorTemperature: Celsius(-5),
      publishedSpotPrice: Series(
        grid: grid, constant: price.map { PricePerKilowattHour($0) }),
      pastSpotPrice: Series(grid: empty, values: []),
      baseLoadHistory: Series(grid: empty, values: []), pvHistory: nil, vehicles: [:])
  }

  private func isHeating(_ result: ControlCycle.Result) -> Bool {
    result.limited.commands.contains { $0.action == .heat(room: "kitchen", isOn: true) }
  }

  @Test("a cold room is heated by an accepted plan; the command expires after three cycles")
  func heats() throws {
    let cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    let result = cycle.step(
      .init(snapshot: snapshot(at: now, kitchen: 19.5), known: known(cycle, at: now)),
      memory: .init())
    #expect(result.verdict?.isFeasible == true)
    #expect(isHeating(result))
    #expect(result.limited.commands.first?.expiresAt == now.addingTimeInterval(900))
    #expect(result.plan?.grid.start == instant("2026-01-12T20:00:00Z"))
  }

  @Test("heaters are planned within their limit, so that no safety limit has to switch one off")
  func heatingLimit() throws {
    let names = ["bath", "hall", "kitchen"]
    let model = try model(rooms: names, maximumHeating: Watts(4_500))
    let cycle = ControlCycle(model: model, strategy: .optimised(PlannerOptions()))
    var snapshot = snapshot(at: now, kitchen: 18)
    for room in names { snapshot.roomTemperatures[room] = Reading(Celsius(18), at: now) }
    let result = cycle.step(
      .init(snapshot: snapshot, known: known(cycle, at: now)), memory: .init())
    #expect(result.verdict?.isFeasible == true)
    #expect(result.limited.interventions.isEmpty)
    let heating = result.limited.commands.filter {
      if case .heat(_, true) = $0.action { true } else { false }
    }
    #expect(heating.count == 2, "three cold rooms of 2 kW, 4.5 kW allowed")
  }

  @Test("the plan holds for an hour and is then made anew")
  func lifetime() throws {
    let cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    var memory = ControlCycle.Memory()
    var causes: [String?] = []
    for minute in stride(from: 0, through: 65, by: 5) {
      let time = now.addingTimeInterval(Double(minute) * 60)
      let result = cycle.step(
        .init(snapshot: snapshot(at: time, kitchen: 21), known: known(cycle, at: time)),
        memory: memory)
      causes.append(result.replanCause)
      memory = result.memory
    }
    #expect(causes.first == "first plan")
    #expect(causes.enumerated().filter { $1 != nil }.map(\.offset) == [0, 12])
  }

  /// Prices of Prague as they come out: until midnight, and from the afternoon on until the next one.
  private func known(
    _ cycle: ControlCycle, at time: Date, until end: Date, price: Double = 3,
    weather: (celsius: Double, sun: Double)? = nil
  ) -> ForecastInputs {
    let grid = cycle.planGrid(at: time)
    let empty = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    return ForecastInputs(
      issuedAt: time, grid: grid,
      weather: weather.map {
        Weather(
          issuedAt: time,
          globalHorizontalIrradiance: Series(grid: grid, constant: WattsPerSquareMetre($0.sun)),
          temperature: Series(grid: grid, constant: Celsius($0.celsius)))
      }, outdoorTemperature: Celsius(-5),
      publishedSpotPrice: Series(
        grid: grid,
        values: grid.indices.map { grid.date(at: $0) < end ? PricePerKilowattHour(price) : nil }),
      pastSpotPrice: Series(grid: empty, values: []),
      baseLoadHistory: Series(grid: empty, values: []), pvHistory: nil, vehicles: [:])
  }

  @Test("prices that come out or change, and other weather, cause a new plan; nothing else does")
  func news() throws {
    let cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    let noon = instant("2026-01-12T11:55:00Z")  // five to one in Prague
    let (midnight, next) = (instant("2026-01-12T23:00:00Z"), instant("2026-01-13T23:00:00Z"))
    func cause(
      _ minutes: Double, until end: Date, price: Double = 3,
      weather: (celsius: Double, sun: Double)? = (-5, 20), _ memory: inout ControlCycle.Memory
    ) -> String? {
      let time = noon.addingTimeInterval(minutes * 60)
      let result = cycle.step(
        .init(
          snapshot: snapshot(at: time, kitchen: 21),
          known: known(cycle, at: time, until: end, price: price, weather: weather)),
        memory: memory)
      memory = result.memory
      return result.replanCause
    }
    var memory = ControlCycle.Memory()
    #expect(cause(0, until: midnight, &memory) == "first plan")
    #expect(cause(5, until: midnight, &memory) == nil)
    #expect(cause(10, until: next, &memory) == "new prices")  // 13:05
    #expect(cause(15, until: next, &memory) == nil)
    #expect(cause(20, until: next, price: 3.02, &memory) == nil, "within a hundredth")
    #expect(cause(25, until: next, price: 3.3, &memory) == "changed prices")
    #expect(cause(30, until: next, price: 3.3, weather: (-4, 25), &memory) == nil)
    #expect(
      cause(35, until: next, price: 3.3, weather: (-1, 20), &memory)
        == "new weather: +4.0 K for the next day")
    #expect(
      cause(40, until: next, price: 3.3, weather: (-1, 50), &memory)
        == "new weather: 1.2 kWh/m² of sun instead of 0.5")
    #expect(cause(45, until: next, price: 3.3, weather: nil, &memory) == nil)
  }

  @Test("without a price there is no plan: the thermostat decides, and says so")
  func noPrice() throws {
    let cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    let result = cycle.step(
      .init(snapshot: snapshot(at: now, kitchen: 19), known: known(cycle, at: now, price: nil)),
      memory: .init())
    #expect(result.plan == nil)
    #expect(isHeating(result))
    #expect(result.diagnostics.contains { $0.message.contains("no day-ahead price is known") })
  }

  @Test("a room without a reading is carried by the model and told")
  func deadSensor() throws {
    let cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    let first = cycle.step(
      .init(snapshot: snapshot(at: now, kitchen: 21), known: known(cycle, at: now)),
      memory: .init())
    let later = now.addingTimeInterval(300)
    let second = cycle.step(
      .init(snapshot: snapshot(at: later, kitchen: nil), known: known(cycle, at: later)),
      memory: first.memory)
    let believed = second.state.thermal.temperature(ofRoom: 0)
    #expect(believed < Celsius(21.2) && believed > Celsius(20.8))
    #expect(second.state.diagnostics.contains { $0.subject == "kitchen" })
  }

  @Test("the same input and memory give the same result to the bit")
  func deterministic() throws {
    let cycle = ControlCycle(model: try model(), strategy: .optimised(PlannerOptions()))
    let input = ControlCycle.Input(
      snapshot: snapshot(at: now, kitchen: 20.2), known: known(cycle, at: now))
    let results = (0..<2).map { _ in cycle.step(input, memory: .init()) }
    #expect(results[0].plan == results[1].plan)
    #expect(results[0].limited == results[1].limited)
  }

  @Test("a journal line holds the decision and reads back as itself")
  func journal() throws {
    let model = try model()
    let cycle = ControlCycle(model: model, strategy: .optimised(PlannerOptions()))
    let readings = snapshot(at: now, kitchen: 19.5)
    let result = cycle.step(
      .init(snapshot: readings, known: known(cycle, at: now)), memory: .init())
    let entry = JournalEntry(result, snapshot: readings, home: model.home)
    let line = try entry.line()
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    #expect(!line.contains("\n"))
    #expect(try decoder.decode(JournalEntry.self, from: Data(line.utf8)) == entry)
    #expect(entry.orders.map(\.action) == ["on"])
  }
}
