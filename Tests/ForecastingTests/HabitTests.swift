// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Habits of cars, hot water and prices")
struct HabitTests {
  private let calendar = SyntheticHome.calendar
  /// A Monday.
  private let start = instant("2026-01-11T23:00:00Z")

  /// Working days from 18:00 to 7:00 with 9 kWh, days off from 12:00 for two hours with 3 kWh.
  private func sessions(days: Int) -> [ChargingSession] {
    (0..<days).map { day in
      let midnight = start.addingTimeInterval(Double(day) * 86_400)
      let isOff = calendar.wallTime(at: midnight.addingTimeInterval(43_200)).isDayOff
      let arrival = midnight.addingTimeInterval(isOff ? 12 * 3_600 : 18 * 3_600)
      return ChargingSession(
        arrival: arrival, departure: arrival.addingTimeInterval(isOff ? 2 * 3_600 : 13 * 3_600),
        energy: KilowattHours(isOff ? 3 : 9))
    }
  }

  @Test("a car that comes in the evening stays until morning, one that comes on Sunday does not")
  func stays() throws {
    let now = start.addingTimeInterval(28 * 86_400)
    let habits = try #require(VehicleHabits(sessions(days: 28), calendar: calendar, before: now))
    let evening = habits.expectation(arrivingAt: now.addingTimeInterval(18 * 3_600))
    #expect(abs(evening.stayHours.p50 - 13) < 0.5 && abs(evening.energy.p50 - 9) < 0.5)
    let sunday = habits.expectation(arrivingAt: now.addingTimeInterval(6 * 86_400 + 12 * 3_600))
    #expect(abs(sunday.stayHours.p50 - 2) < 0.5)
    let day = habits.day(calendar.day(holding: now))
    #expect(day.probability.rawValue > 0.85)
    #expect(abs((day.arrivalMinute?.p50 ?? 0) - 18 * 60) < 10)
    let routine = try #require(habits.routines().first { $0.days == .workingDays })
    #expect(routine.departureMinute == 7 * 60 && routine.arrivalMinute == 18 * 60)
    #expect(VehicleHabits(sessions(days: 4), calendar: calendar, before: now) == nil)
  }

  @Test("sessions that end after the issue teach nothing")
  func noLeak() throws {
    let now = start.addingTimeInterval(20 * 86_400)
    let known = sessions(days: 20).filter { $0.departure <= now }
    let late = ChargingSession(
      arrival: now.addingTimeInterval(-3_600), departure: now.addingTimeInterval(1),
      energy: KilowattHours(80))
    let arrival = now.addingTimeInterval(18 * 3_600)
    let without = VehicleHabits(known, calendar: calendar, before: now)
    let with = VehicleHabits(known + [late], calendar: calendar, before: now)
    #expect(with?.expectation(arrivingAt: arrival) == without?.expectation(arrivingAt: arrival))
  }

  /// 2 kW from 6 to 8 and 1 kW from 20 to 21: 5 kWh a day, four fifths of them by 8 o'clock.
  @Test("hot water: the amount of a day and by when it is needed")
  func hotWater() throws {
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 14 * 96)
    let power = Series<Watts>(
      grid: grid,
      rawValues: grid.indices.map { index in
        let hour = index % 96 / 4
        return (6..<8).contains(hour) ? 2_000 : hour == 20 ? 1_000 : 0
      })
    let demand = try #require(DailyDemand(power, calendar: calendar, before: grid.end))
    let day = demand.day(holding: grid.end)
    #expect(abs(day.p50.rawValue - 5) < 1e-9 && abs(day.p90.rawValue - 5) < 1e-9)
    #expect(abs(day.takenByHour[7].rawValue - 0.8) < 1e-9)
    #expect(abs(day.takenByHour[23].rawValue - 1) < 1e-9)
  }

  @Test(
    "hot water: the energy of each day is that of Foundation's calendar, over both changes of the clock"
  )
  func days() throws {
    var generator = SplitMix64(seed: 8)
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 400 * 24)
    let power = Series<Watts>(
      grid: grid,
      values: grid.indices.map { index in
        let value = Watts(Double.random(in: -50...2_000, using: &generator))
        return index % 97 < 5 ? nil : value
      })
    let now = grid.date(at: 399 * 24 + 11)
    var foundation = Calendar(identifier: .gregorian)
    foundation.timeZone = calendar.timeZone
    var sums: [Date: (hours: [Double], known: Int)] = [:]
    for index in grid.indices where grid.date(at: index + 1) <= now {
      guard let value = power[index]?.rawValue else { continue }
      let midnight = foundation.startOfDay(for: grid.date(at: index))
      let hour = foundation.component(.hour, from: grid.date(at: index))
      sums[midnight, default: (Array(repeating: 0, count: 24), 0)].hours[hour] +=
        max(0, value) / 1_000
      sums[midnight, default: ([], 0)].known += 1
    }
    let expected = sums.filter { Double($0.value.known) >= 0.9 * 24 }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value.hours.reduce(0, +)) }
    let demand = try #require(DailyDemand(power, calendar: calendar, before: now))
    #expect(demand.energies.map(\.start) == expected.map(\.0))
    #expect(demand.energies.map(\.energy) == expected.map(\.1))
    #expect(expected.count > 250)
  }

  /// Every day costs its number plus the hour: the course is exact, and half of the way from the
  /// week's level to the newest day is kept.
  @Test("prices: the usual course at the level of now")
  func course() throws {
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 12 * 24)
    let prices = Series<PricePerKilowattHour>(
      grid: grid, rawValues: grid.indices.map { Double($0 / 24 + $0 % 24) })
    let horizon = TimeGrid(start: grid.end, stepSeconds: 3_600, count: 24)
    let outlook = try #require(
      SpotPriceOutlook(
        published: Series(grid: horizon, constant: nil), past: prices, calendar: calendar,
        issuedAt: grid.end))
    let mean = outlook.forecast.mean.map(\.rawValue)
    for hour in 1..<24 { #expect(abs(mean[hour] - mean[hour - 1] - 1) < 1e-9) }
    #expect(mean[0] > 7 && mean[0] < 13)
    for step in horizon.indices {
      #expect(outlook.forecast.p10[step] < outlook.forecast.p50[step])
      #expect(outlook.forecast.p50[step] < outlook.forecast.p90[step])
    }
  }
}
