// SPDX-License-Identifier: MIT
import Control
import Forecasting
import Foundation
import Household
import Planning
import TestSupport
import Testing
import TimeSeries

/// A home without rooms, so that plans show what is expected of cars, appliances and the sun.
@Suite("Plans for what is expected")
struct ExpectedHabitsTests {
  private let calendar = SiteCalendar(
    timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt, holidays: .none)
  /// A Tuesday noon in Prague.
  private let noon = instant("2026-02-10T11:00:00Z")
  private static let car = Vehicle(
    name: "car", chargePoint: "garage", capacity: KilowattHours(50), target: .percent(80),
    chargeEfficiency: .percent(90), shortfallCost: PricePerKilowattHour(30), routines: [])
  private static let boiler = Appliance(
    name: "boiler", power: Watts(2_000), readyByMinute: 6 * 60, running: .inParts)

  private func home(_ planning: PlanningSettings = PlanningSettings()) -> Home {
    Home(
      site: Site(
        name: "test",
        location: Location(latitude: Degrees(49), longitude: Degrees(16), altitude: Metres(200)),
        timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt, holidays: .none, currency: "CZK"),
      tariff: Tariff(
        energy: .spot(factor: 1, fee: .zero), layers: [], valueAddedTax: .zero,
        export: .none),
      grid: GridConnection(
        mainFuse: Amperes(25), phases: 3, voltage: Volts(230), exportLimit: Watts(5_000)),
      pvArrays: [
        PVArray(
          name: "roof", peakPower: Watts(8_000), tilt: Degrees(35), azimuth: Degrees(180),
          temperatureCoefficientPerKelvin: -0.004, losses: .percent(10))
      ],
      inverter: Inverter(ratedPower: Watts(8_000), efficiency: .percent(96)),
      battery: controlBattery, rooms: [],
      chargePoints: [
        ChargePoint(
          name: "garage", phases: 3, minimumCurrent: Amperes(6), maximumCurrent: Amperes(16),
          voltage: Volts(230))
      ],
      vehicles: [Self.car], appliances: [Self.boiler],
      preferences: Preferences(
        coldCostPerKelvinHour: Money(3), warmCostPerKelvinHour: Money(1), exportPenalty: .zero,
        yearlyBaseLoad: KilowattHours(3_000), planning: planning),
      safety: SafetySettings(
        maximumRoomTemperature: Celsius(25), minimumRoomTemperature: Celsius(16),
        fuseMargin: Fraction(1), maximumReadingAge: .minutes(15)))
  }

  /// Dear from 17 to 22 by the wall, cheap from 1 to 5.
  private func price(_ date: Date) -> PricePerKilowattHour {
    let hour = calendar.wallTime(at: date).minuteOfDay / 60
    return PricePerKilowattHour((17..<22).contains(hour) ? 8 : (1..<5).contains(hour) ? 1 : 4)
  }

  private func decide(
    _ modelled: ModelledForecasts?, planning: PlanningSettings = PlanningSettings(),
    published hours: Int = 48
  ) throws -> ControlCycle.Result {
    let home = home(planning)
    let cycle = ControlCycle(
      model: try HomeModel(home: home, settings: ControlSettings(planStepCount: 192)),
      strategy: .optimised(PlannerOptions(.thorough)))
    var snapshot = Snapshot(time: noon)
    snapshot.batteryStateOfCharge = Reading(.percent(50), at: noon)
    let grid = cycle.planGrid(at: noon)
    let past = TimeGrid(
      start: grid.start.addingTimeInterval(-14 * 86_400), stepSeconds: 900, count: 14 * 96)
    var known = ForecastInputs(
      issuedAt: noon, grid: grid,
      weather: Weather(
        issuedAt: noon,
        globalHorizontalIrradiance: Series(grid: grid, constant: .zero),
        temperature: Series(grid: grid, constant: Celsius(5))), outdoorTemperature: nil,
      publishedSpotPrice: Series(
        grid: grid, values: grid.indices.map { $0 < hours * 4 ? price(grid.date(at: $0)) : nil }),
      pastSpotPrice: Series(grid: past, values: past.dates.map { price($0) }),
      baseLoadHistory: Series(grid: past, constant: Watts(300)), pvHistory: nil, vehicles: [:])
    known.modelled = modelled
    return cycle.step(
      ControlCycle.Input(snapshot: snapshot, known: known), memory: ControlCycle.Memory())
  }

  /// Every working day from 17:30 to 7:00 with 10 kWh.
  private func outlook() throws -> VehicleOutlook {
    let monday = instant("2026-01-11T23:00:00Z")
    let sessions = (0..<28).compactMap { day -> ChargingSession? in
      let arrival = monday.addingTimeInterval(Double(day) * 86_400 + 17.5 * 3_600)
      guard !calendar.wallTime(at: arrival).isDayOff else { return nil }
      return ChargingSession(
        arrival: arrival, departure: arrival.addingTimeInterval(13.5 * 3_600),
        energy: KilowattHours(10))
    }
    return try #require(VehicleHabits(sessions, calendar: calendar, before: noon))
      .outlook(at: noon, pluggedIn: nil, days: 2)
  }

  private func hour(_ step: Int, _ plan: Plan) -> Int {
    calendar.wallTime(at: plan.grid.date(at: step)).minuteOfDay / 60
  }

  @Test("a car that is expected at 17:30 is charged in the cheap hours of its stay")
  func car() throws {
    var modelled = ModelledForecasts()
    modelled.vehicles["car"] = try outlook()
    let with = try decide(modelled)
    let problem = try #require(with.problem, "\(with.diagnostics)")
    let session = try #require(problem.chargers.first?.sessions.first)
    // From 12:00 to 17:30 there are 22 quarter-hours, to 7:00 of the next day 76.
    #expect(session.start == 22 && session.end == 76)
    #expect(abs(session.targetKilowattHours - session.initialKilowattHours - 9) < 1e-6)
    #expect(with.diagnostics.contains { $0.subject == "car" && $0.message.contains("20 stays") })
    let plan = try #require(with.plan)
    let power = try #require(plan.vehiclePower["car"])
    let charged = power.indices.filter { power[$0] > .zero }
    #expect(!charged.isEmpty && charged.allSatisfy { (1..<5).contains(hour($0, plan)) })
    let first = charged.filter { $0 < 96 }.reduce(0) { $0 + power[$1].kilowatts / 4 }
    #expect(abs(first - 10) < 0.6)
    #expect(with.verdict?.isFeasible == true)
    // Without habits, and this car has no routine, it is expected to need nothing.
    let without = try #require(try decide(nil).plan)
    #expect(without.vehiclePower["car"]?.allSatisfy { $0 == .zero } ?? true)
    // The home buys at other times, in all as much more as the car takes.
    #expect(without.gridPower != plan.gridPower)
  }

  @Test("a water heater takes what it usually takes, in cheap hours, before it must be ready")
  func boiler() throws {
    func need(_ day: Double, taken: Double) -> ApplianceNeed {
      let ready = instant("2026-02-11T05:00:00Z").addingTimeInterval(day * 86_400)
      return ApplianceNeed(
        window: ready.addingTimeInterval(-86_400)..<ready, p10: KilowattHours(3),
        p50: KilowattHours(4), p90: KilowattHours(5), taken: KilowattHours(taken))
    }
    var modelled = ModelledForecasts()
    modelled.appliances["boiler"] = [need(0, taken: 1), need(1, taken: 0)]
    let result = try decide(modelled)
    let plan = try #require(result.plan, "\(result.diagnostics)")
    let runs = try #require(plan.applianceRuns?["boiler"])
    // P90 less what it took: 4 kWh are eight quarter-hours of 2 kW until six; then 5 kWh are ten.
    #expect(runs.prefix(72).count { $0 } == 8)
    #expect(runs[72..<168].count { $0 } == 10)
    #expect(runs.indices.filter { runs[$0] }.allSatisfy { (1..<5).contains(hour($0, plan)) })
    let command = try #require(
      result.limited.commands.first { $0.action.target == .appliance("boiler") })
    #expect(command.action == .run(appliance: "boiler", isOn: false))
    #expect(try decide(nil).plan?.applianceRuns?.isEmpty == true)
  }

  @Test("prices that are not out come from the trained model, and everybody sees from where")
  func price() throws {
    let expected = try decide(nil, published: 12)
    #expect(
      expected.diagnostics.contains {
        $0.subject == "price" && $0.message.contains("usual course")
      })
    let grid = try #require(expected.plan).grid
    // The model knows that tomorrow at noon is the cheapest time.
    let values = grid.dates.map { date in
      let hour = calendar.wallTime(at: date).minuteOfDay / 60
      return PricePerKilowattHour((11..<15).contains(hour) ? 0.1 : 4)
    }
    var modelled = ModelledForecasts()
    modelled.spotPrice = QuantileForecast(issuedAt: noon, grid: grid, certain: values)
    modelled.vehicles["car"] = VehicleOutlook.staying(from: noon, hours: 47, energy: 12)
    let result = try decide(modelled, published: 12)
    #expect(
      result.diagnostics.contains {
        $0.subject == "price" && $0.message.contains("trained model")
      })
    let plan = try #require(result.plan)
    // What is published stays as it is.
    #expect(result.memory.forecast?.spotPrice.mean[20] == price(grid.date(at: 20)))
    let power = try #require(plan.vehiclePower["car"])
    let charged = power.indices.filter { power[$0] > .zero }
    #expect(!charged.isEmpty && charged.allSatisfy { (11..<15).contains(hour($0, plan)) })
  }

  @Test("whole courses of a trained model take the place of hourly quantiles of the sun")
  func courses() throws {
    let grid = try #require(try decide(nil).plan).grid
    func course(_ scale: Double) -> [Watts] {
      grid.dates.map { date in
        let hour = Double(calendar.wallTime(at: date).minuteOfDay) / 60
        return Watts(max(0, 3_000 * scale * sin((hour - 7) / 10 * .pi)))
      }
    }
    var modelled = ModelledForecasts()
    modelled.pv = QuantileForecast(
      issuedAt: noon, grid: grid, p10: course(0.1), p50: course(1), p90: course(1.6),
      mean: course(1))
    let settings = PlanningSettings(uncertainty: .scenarios)
    let hourly = try #require(try decide(modelled, planning: settings).problem?.scenarios)
    modelled.pvCourses = [
      PVCourse(probability: Fraction(0.3), power: course(0.6)),
      PVCourse(probability: Fraction(0.4), power: course(1)),
      PVCourse(probability: Fraction(0.3), power: course(1.4)),
    ]
    let result = try decide(modelled, planning: settings)
    let whole = try #require(result.problem?.scenarios)
    func energies(_ set: PlanningProblem.ScenarioSet) -> [Double] {
      Set(set.scenarios.map { $0.pvKilowatts.reduce(0, +) / 4 }).sorted()
    }
    let middle = course(1).reduce(0) { $0 + $1.kilowatts } / 4
    // 0.6, 1 and 1.4 of the middle, not 0.1 and 1.6: a day is rarely at its P10 in all hours.
    for (energy, scale) in zip(energies(whole), [0.6, 1, 1.4]) {
      #expect(abs(energy - scale * middle) < 1e-6)
    }
    #expect(energies(hourly)[0] < 0.2 * middle)
    #expect(abs(whole.scenarios.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    #expect(result.verdict?.isFeasible == true)
  }
}

extension VehicleOutlook {
  /// A car that came at a time and stays for so many hours, for sure.
  fileprivate static func staying(from: Date, hours: Double, energy: Double) -> VehicleOutlook {
    let end = from.addingTimeInterval(hours * 3_600)
    return VehicleOutlook(
      stays: [
        Stay(
          probability: Fraction(1), arrival: Instants(p10: from, p50: from, p90: from),
          departure: Instants(p10: end, p50: end, p90: end), readyBy: end,
          energy: Energies(
            p10: KilowattHours(energy), p50: KilowattHours(energy), p90: KilowattHours(energy)))
      ], learnedFrom: 20)
  }
}
