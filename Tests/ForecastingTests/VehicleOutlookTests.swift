// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("What is expected of a car")
struct VehicleOutlookTests {
  private let calendar = SyntheticHome.calendar
  /// A Monday.
  private let start = instant("2026-01-11T23:00:00Z")

  /// Working days from 17:30 to 7:00 with 10 kWh.
  private func evenings(days: Int) -> [ChargingSession] {
    (0..<days).compactMap { day in
      let midnight = start.addingTimeInterval(Double(day) * 86_400)
      guard !calendar.wallTime(at: midnight.addingTimeInterval(43_200)).isDayOff else { return nil }
      let arrival = midnight.addingTimeInterval(17.5 * 3_600)
      return ChargingSession(
        arrival: arrival, departure: arrival.addingTimeInterval(13.5 * 3_600),
        energy: KilowattHours(10))
    }
  }

  /// By hand: 0.5 of the hour from 17:00, whole hours, 0.25 of the hour from 20:00: from 17:30 to 20:15.
  @Test("stays come out of hourly shares to the minute")
  func stays() {
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 24)
    var shares = [Double](repeating: 0, count: 24)
    (shares[17], shares[18], shares[19], shares[20]) = (0.5, 1, 1, 0.25)
    (shares[22], shares[23]) = (0.75, 1)
    var watts = [Double](repeating: 0, count: 24)
    (watts[18], watts[19], watts[23]) = (2_000, 1_000, 500)
    let (over, underWay) = ChargingSession.stays(
      plugged: Series(grid: grid, values: shares.map { Fraction($0) }),
      power: Series(grid: grid, values: watts.map { Watts($0) }))
    #expect(over.count == 1)
    #expect(over.first?.arrival == start.addingTimeInterval(17.5 * 3_600))
    #expect(over.first?.departure == start.addingTimeInterval(20.25 * 3_600))
    #expect(abs((over.first?.energy.rawValue ?? 0) - 3) < 1e-12)
    #expect(underWay?.arrival == start.addingTimeInterval(22.25 * 3_600))
    #expect(abs((underWay?.energy.rawValue ?? 0) - 0.5) < 1e-12)
  }

  @Test("hours that are not known make no stay")
  func holes() {
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 8)
    let shares: [Double?] = [1, 1, 0, 1, nil, 1, 1, 0]
    let (over, underWay) = ChargingSession.stays(
      plugged: Series(grid: grid, values: shares.map { $0.map { Fraction($0) } }),
      power: Series(grid: grid, constant: .zero))
    #expect(over.isEmpty && underWay == nil)
  }

  @Test("a car that comes at 17:30 is expected then, with what it takes, and not at weekends")
  func expected() throws {
    let now = start.addingTimeInterval(32 * 86_400 + 12 * 3_600)
    let habits = try #require(
      VehicleHabits(evenings(days: 32), calendar: calendar, before: now))
    let outlook = habits.outlook(at: now, pluggedIn: nil, days: 3)
    // Thursday and Friday; Saturday and Sunday it was never there.
    #expect(outlook.stays.count == 2)
    let first = try #require(outlook.stays.first)
    #expect(first.arrival.p50 == start.addingTimeInterval(32 * 86_400 + 17.5 * 3_600))
    #expect(first.departure.p50 == first.arrival.p50.addingTimeInterval(13.5 * 3_600))
    #expect(abs(first.energy.p50.rawValue - 10) < 1e-9)
    #expect(first.probability.rawValue > 0.8 && first.probability.rawValue < 1)
  }

  @Test("of a car that is there the rest of its stay and of its energy is expected")
  func underWay() throws {
    let now = start.addingTimeInterval(32 * 86_400 + 22 * 3_600)
    let since = start.addingTimeInterval(32 * 86_400 + 17.5 * 3_600)
    let habits = try #require(
      VehicleHabits(evenings(days: 32), calendar: calendar, before: now))
    let outlook = habits.outlook(at: now, pluggedIn: (since, KilowattHours(4)), days: 1)
    let stay = try #require(outlook.stays.first)
    #expect(abs(stay.readyBy.timeIntervalSince(since) - 13.5 * 3_600) < 1)
    #expect(abs(stay.energy.p50.rawValue - 6) < 1e-9)
    // A car that has been there for two days is not expected to leave in the past.
    let long = habits.outlook(
      at: now, pluggedIn: (since.addingTimeInterval(-2 * 86_400), KilowattHours(40)), days: 1)
    #expect(try #require(long.stays.first).departure.p10 > now)
  }

  @Test("the session that is planned wants the energy of the stay, as much as the car holds")
  func session() throws {
    let now = start.addingTimeInterval(32 * 86_400 + 12 * 3_600)
    let habits = try #require(
      VehicleHabits(evenings(days: 32), calendar: calendar, before: now))
    let vehicle = Vehicle(
      name: "car", chargePoint: "garage", capacity: KilowattHours(50), target: .percent(80),
      chargeEfficiency: .percent(90), shortfallCost: PricePerKilowattHour(20), routines: [])
    let grid = TimeGrid(start: now, stepSeconds: 900, count: 192)
    let sessions = VehicleForecast.sessions(
      of: vehicle, state: nil, outlook: habits.outlook(at: now, pluggedIn: nil, days: 2), grid: grid
    )
    let first = try #require(sessions.first)
    #expect(first.steps == 22..<76)
    #expect(abs((first.energyWanted - first.energyAtStart).rawValue - 9) < 1e-9)
    // A car that tells its state of charge needs what is missing.
    let told = VehicleForecast.sessions(
      of: vehicle,
      state: VehicleState(isConnected: true, stateOfCharge: .percent(60), power: .zero),
      outlook: habits.outlook(at: now, pluggedIn: (now, .zero), days: 0), grid: grid)
    #expect(
      abs((try #require(told.first).energyWanted - told[0].energyAtStart).rawValue - 10) < 1e-9)
  }

  @Test("each car's own stays choose how they count; a file that is none of them is refused")
  func training() throws {
    let end = start.addingTimeInterval(90 * 86_400)
    let past = VehiclePast(["car": (evenings(days: 90), nil)], calendar: calendar)
    let (forecaster, report) = try #require(VehicleForecaster.train(past, until: end))
    #expect(report.scores != nil && report.historyDays >= 89)
    let again = try VehicleForecaster(files: try forecaster.files())
    let now = end.addingTimeInterval(12 * 3_600)
    let outlooks = again.outlooks(past, at: now, connected: ["car": false], days: 2)
    #expect(
      outlooks == forecaster.outlooks(past, at: now, connected: ["car": false], days: 2))
    #expect(outlooks["car"]?.stays.isEmpty == false)
    #expect(throws: (any Error).self) {
      try VehicleForecaster(files: ["habits.json": Data("[1]".utf8)])
    }
    // A stay that is not over at the issue teaches nothing.
    var late = past
    late.cars["car"]?.over.append(
      ChargingSession(
        arrival: end.addingTimeInterval(-7_200), departure: end.addingTimeInterval(7_200),
        energy: KilowattHours(70)))
    #expect(
      forecaster.outlooks(past, at: end, connected: ["car": false], days: 2)
        == forecaster.outlooks(late, at: end, connected: ["car": false], days: 2))
  }
}
