// SPDX-License-Identifier: MIT
import Foundation
public import Household
public import TimeSeries

/// When cars come and go: what they do now, and their usual trips.
public enum VehicleForecast {
  /// The sessions of one car on a grid.
  ///
  /// A car that is plugged in stays until its next usual departure. Every trip takes the routine's
  /// energy; before it the car is expected to have reached its target. A session that the horizon
  /// cuts wants the share of its missing energy that belongs to the time inside.
  ///
  /// - Parameters:
  ///   - vehicle: the car.
  ///   - state: what is known of it now; `nil` means that only the routine is known.
  ///   - calendar: the site's clock.
  public static func sessions(
    of vehicle: Vehicle, state: VehicleState?, calendar: SiteCalendar, grid: TimeGrid
  ) -> [VehicleSession] {
    let target = vehicle.capacity * vehicle.target.rawValue
    let trips = self.trips(of: vehicle, calendar: calendar, grid: grid)
    var energy = state?.stateOfCharge.map { vehicle.capacity * $0.rawValue } ?? target
    var isHome = state?.isConnected ?? !trips.contains { $0.times.contains(grid.start) }
    var cursor = grid.start
    var sessions: [VehicleSession] = []
    for trip in trips where trip.times.upperBound > grid.start {
      if isHome, trip.times.lowerBound > cursor {
        sessions += session(
          vehicle, from: cursor, until: trip.times.lowerBound, energy: energy, target: target,
          grid: grid)
        energy = max(energy, target)
      }
      if trip.times.lowerBound >= grid.start { energy = max(.zero, energy - trip.energy) }
      isHome = true
      cursor = trip.times.upperBound
    }
    if isHome {
      let after = nextDeparture(of: vehicle, after: grid.end, calendar: calendar)
      sessions += session(
        vehicle, from: cursor, until: after, energy: energy, target: target, grid: grid)
    }
    return sessions
  }

  /// The sessions of one car by what it was seen to do, instead of its routines.
  ///
  /// A car comes at the median of its arrivals and shall be ready when three of four stays still last.
  /// What is needed is told by the car's state of charge where it is known. Of a car that is there and
  /// does not tell, P90 of what it may still take is planned, which costs nothing if it is full before;
  /// of one that is still to come the median.
  ///
  /// - Parameters:
  ///   - vehicle: the car.
  ///   - state: what is known of it now.
  ///   - outlook: what is expected of it.
  public static func sessions(
    of vehicle: Vehicle, state: VehicleState?, outlook: VehicleOutlook, grid: TimeGrid
  ) -> [VehicleSession] {
    let target = vehicle.capacity * vehicle.target.rawValue
    return outlook.stays.flatMap { stay -> [VehicleSession] in
      let isHere = stay.arrival.p50 <= grid.start
      let taken = isHere ? stay.energy.p90 : stay.energy.p50
      let missing =
        isHere
        ? state?.stateOfCharge.map { max(.zero, target - vehicle.capacity * $0.rawValue) } : nil
      let need = min(missing ?? taken * vehicle.chargeEfficiency.rawValue, vehicle.capacity)
      return session(
        vehicle, from: max(stay.arrival.p50, grid.start), until: stay.readyBy,
        energy: max(.zero, target - need), target: max(target, need), grid: grid)
    }
  }

  private typealias Trip = (times: Range<Date>, energy: KilowattHours)

  private static func trips(
    of vehicle: Vehicle, calendar: SiteCalendar, grid: TimeGrid
  ) -> [Trip] {
    let dayCount = grid.count * grid.stepSeconds / 86_400 + 2
    let days = (-1...dayCount).map { calendar.day(holding: grid.start, offset: $0).lowerBound }
    return days.flatMap { midnight in trips(of: vehicle, on: midnight, calendar: calendar) }
      .filter { $0.times.upperBound > grid.start && $0.times.lowerBound < grid.end }
      .sorted { $0.times.lowerBound < $1.times.lowerBound }
  }

  private static func trips(
    of vehicle: Vehicle, on midnight: Date, calendar: SiteCalendar
  ) -> [Trip] {
    let time = calendar.wallTime(at: midnight)
    return vehicle.routines.filter { $0.days.contains(time) }.compactMap { routine in
      guard
        let leave = calendar.instant(on: time.date, minuteOfDay: routine.departureMinute),
        let back = calendar.instant(on: time.date, minuteOfDay: routine.arrivalMinute),
        leave < back
      else { return nil }
      return (leave..<back, routine.tripEnergy)
    }
  }

  private static func nextDeparture(
    of vehicle: Vehicle, after date: Date, calendar: SiteCalendar
  ) -> Date {
    for offset in 0...7 {
      let midnight = calendar.day(holding: date, offset: offset).lowerBound
      let departures = trips(of: vehicle, on: midnight, calendar: calendar).map(\.times.lowerBound)
      if let next = departures.filter({ $0 >= date }).min() { return next }
    }
    return date.addingTimeInterval(7 * 86_400)
  }

  private static func session(
    _ vehicle: Vehicle, from start: Date, until end: Date, energy: KilowattHours,
    target: KilowattHours, grid: TimeGrid
  ) -> [VehicleSession] {
    let step = Double(grid.stepSeconds)
    let first = Int((start.timeIntervalSince(grid.start) / step).rounded(.up))
    let last = min(grid.count, Int((end.timeIntervalSince(grid.start) / step).rounded(.down)))
    guard first < last else { return [] }
    let missing = max(.zero, target - energy)
    let inside = min(end, grid.end).timeIntervalSince(start)
    let share = min(1, inside / end.timeIntervalSince(start))
    return [
      VehicleSession(
        vehicle: vehicle.name, steps: first..<last, energyAtStart: energy,
        energyWanted: energy + missing * share)
    ]
  }
}
