// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A car that comes and goes about when its routine says.
struct SimulatedVehicle: Sendable, Hashable {
  /// One absence.
  struct Trip: Sendable, Hashable {
    let times: Range<Date>
    let energy: KilowattHours
  }

  /// A car is never driven below this.
  static let emptyShare = 0.05

  let vehicle: Vehicle
  private let calendar: SiteCalendar
  private let truth: TruthParameters
  private let noise: SeededNoise
  private var day: Range<Date>
  private var trips: [Trip] = []
  /// Stored energy, kWh.
  var stored: Double
  /// What it draws now, W.
  var powerWatts = 0.0
  /// Whether it is plugged in.
  private(set) var isConnected = true
  private var currentTrip: Trip?

  init(
    _ vehicle: Vehicle, calendar: SiteCalendar, truth: TruthParameters, seed: UInt64, start: Date
  ) {
    self.vehicle = vehicle
    self.calendar = calendar
    self.truth = truth
    noise = SeededNoise(
      seed: seed, stream: .trips, member: SeededNoise.number(of: vehicle.name))
    day = start..<start
    stored = vehicle.capacity.rawValue * vehicle.target.rawValue
    moveDay(to: start)
    currentTrip = trips.first { $0.times.contains(start) }
    isConnected = currentTrip == nil
  }

  /// The energy of the whole battery, kWh.
  var capacity: Double { vehicle.capacity.rawValue }

  /// Lets the car come and go at an instant; adds what it was short of and what a trip took.
  mutating func update(at time: Date, ledger: inout EnergyLedger) {
    if !day.contains(time) { moveDay(to: time) }
    if let trip = currentTrip, time >= trip.times.upperBound {
      let left = max(Self.emptyShare * capacity, stored - trip.energy.rawValue)
      let used = max(0, stored - left)
      stored -= used
      ledger.tripEnergy += KilowattHours(used)
      currentTrip = nil
      isConnected = true
    }
    if currentTrip == nil, let trip = trips.first(where: { $0.times.contains(time) }) {
      let wanted = vehicle.target.rawValue * capacity
      ledger.vehicleShortfall += KilowattHours(max(0, wanted - stored))
      currentTrip = trip
      isConnected = false
    }
  }

  /// The trips of the local day that holds an instant.
  private mutating func moveDay(to time: Date) {
    day = calendar.day(holding: time)
    let wall = calendar.wallTime(at: day.lowerBound)
    let number = Int((day.lowerBound.timeIntervalSince1970 / 86_400).rounded())
    trips = vehicle.routines.enumerated().compactMap { index, routine in
      let position = (number * 8 + index) * 4
      guard routine.days.contains(wall),
        noise.uniform(position) >= truth.skippedTripChance.rawValue
      else { return nil }
      func moved(_ minute: Int, _ offset: Int) -> Date? {
        let late = truth.tripTimeDeviation.seconds / 60 * noise.normal(position + offset)
        let shown = min(1_439, max(1, minute + Int(late.rounded())))
        return calendar.instant(on: wall.date, minuteOfDay: shown)
      }
      guard let leave = moved(routine.departureMinute, 1),
        let back = moved(routine.arrivalMinute, 2), leave < back
      else { return nil }
      let factor = max(0.3, 1 + truth.tripEnergyDeviation.rawValue * noise.normal(position + 3))
      return Trip(times: leave..<back, energy: routine.tripEnergy * factor)
    }
  }
}
