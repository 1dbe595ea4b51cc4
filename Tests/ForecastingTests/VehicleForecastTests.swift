// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Car sessions")
struct VehicleForecastTests {
  private let calendar: SiteCalendar
  private let vehicle = Vehicle(
    name: "car", chargePoint: "wallbox", capacity: KilowattHours(60), target: Fraction(0.8),
    chargeEfficiency: Fraction(0.9), shortfallCost: PricePerKilowattHour(12),
    routines: [
      VehicleRoutine(
        days: .workingDays, departureMinute: 450, arrivalMinute: 1_020,
        tripEnergy: KilowattHours(9))
    ])

  init() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Prague"))
    calendar = SiteCalendar(timeZone: zone, holidays: .czechRepublic)
  }

  @Test("a car plugged in on Monday evening leaves at half past seven and comes back at five")
  func twoNights() {
    let grid = TimeGrid(start: instant("2026-01-12T19:00:00Z"), stepSeconds: 900, count: 192)
    let state = VehicleState(isConnected: true, stateOfCharge: Fraction(0.5), power: .zero)
    let sessions = VehicleForecast.sessions(
      of: vehicle, state: state, calendar: calendar, grid: grid)
    // 20:00 to 07:30 local are 46 quarters; 17:00 is 84 quarters after 20:00 the day before.
    #expect(sessions.map(\.steps) == [0..<46, 84..<142, 180..<192])
    #expect(sessions[0].energyAtStart == KilowattHours(30))
    #expect(sessions[0].energyWanted == KilowattHours(48))
    #expect(sessions[1].energyAtStart == KilowattHours(39))
    #expect(sessions[1].energyWanted == KilowattHours(48))
    // The last session is 3 of 14.5 hours long inside the horizon: 39 + 9 · 3 / 14.5 kWh.
    #expect(abs(sessions[2].energyWanted.rawValue - (39 + 27.0 / 14.5)) < 1e-9)
  }

  @Test("a car that is away by day comes back by its routine")
  func away() {
    let grid = TimeGrid(start: instant("2026-01-12T09:00:00Z"), stepSeconds: 900, count: 96)
    let sessions = VehicleForecast.sessions(
      of: vehicle, state: nil, calendar: calendar, grid: grid)
    // 10:00 to 17:00 local are 28 quarters, 07:30 is 58 quarters later.
    #expect(sessions.map(\.steps) == [28..<86])
  }

  @Test("a holiday has no trip")
  func holiday() {
    let grid = TimeGrid(start: instant("2026-05-01T05:00:00Z"), stepSeconds: 900, count: 48)
    let state = VehicleState(isConnected: true, stateOfCharge: Fraction(0.8), power: .zero)
    let sessions = VehicleForecast.sessions(
      of: vehicle, state: state, calendar: calendar, grid: grid)
    #expect(sessions.map(\.steps) == [0..<48])
  }
}
