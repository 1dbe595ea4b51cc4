// SPDX-License-Identifier: MIT
public import Foundation
import Learning
public import TimeSeries

/// What is expected of a car: whether and when it comes, when it leaves, what it takes.
///
/// It is made before a decision and part of what the decision knew, as the forecasts of models are.
public struct VehicleOutlook: Sendable, Hashable, Codable {
  /// An instant that is not known for sure.
  public struct Instants: Sendable, Hashable, Codable {
    /// Later than this with probability 0.9.
    public let p10: Date
    /// As often later as earlier.
    public let p50: Date
    /// Later than this with probability 0.1.
    public let p90: Date

    /// An instant with its quantiles.
    public init(p10: Date, p50: Date, p90: Date) {
      (self.p10, self.p50, self.p90) = (p10, p50, p90)
    }
  }

  /// Energy that is not known for sure.
  public struct Energies: Sendable, Hashable, Codable {
    /// More than this with probability 0.9.
    public let p10: KilowattHours
    /// As often more as less.
    public let p50: KilowattHours
    /// More than this with probability 0.1.
    public let p90: KilowattHours

    /// An energy with its quantiles.
    public init(p10: KilowattHours, p50: KilowattHours, p90: KilowattHours) {
      (self.p10, self.p50, self.p90) = (p10, p50, p90)
    }
  }

  /// A stay at the charge point.
  public struct Stay: Sendable, Hashable, Codable {
    /// How likely it is.
    public let probability: Fraction
    /// When the car comes; all the same instant for a car that is there.
    public let arrival: Instants
    /// When it leaves.
    public let departure: Instants
    /// Three of four stays last until here: what the car needs shall be in it by then.
    public let readyBy: Date
    /// What it will still take at the charge point.
    public let energy: Energies

    /// A stay.
    public init(
      probability: Fraction, arrival: Instants, departure: Instants, readyBy: Date,
      energy: Energies
    ) {
      self.probability = probability
      self.arrival = arrival
      self.departure = departure
      self.readyBy = readyBy
      self.energy = energy
    }
  }

  /// The stays in order of time.
  public let stays: [Stay]
  /// How many past stays it was learned from.
  public let learnedFrom: Int

  /// What is expected.
  public init(stays: [Stay], learnedFrom: Int) {
    self.stays = stays
    self.learnedFrom = learnedFrom
  }
}

extension VehicleHabits {
  /// Of the other stays one of four ends before `readyBy`.
  static let readyQuantile = 0.25
  private static let dayHours = 24.0

  /// What is expected from an instant on.
  ///
  /// - Parameters:
  ///   - now: the instant.
  ///   - pluggedIn: since when the car is there and what it took since; `nil` while it is away.
  ///   - days: how many local days ahead.
  public func outlook(
    at now: Date, pluggedIn: (since: Date, taken: KilowattHours)?, days: Int
  ) -> VehicleOutlook {
    var stays: [VehicleOutlook.Stay] = []
    var free = now
    if let pluggedIn {
      let stay = stay(underWayAt: now, since: pluggedIn.since, taken: pluggedIn.taken)
      stays.append(stay)
      free = stay.departure.p50
    }
    for offset in 0...max(0, days) {
      let today = calendar.day(holding: now, offset: offset)
      guard today.upperBound > free, let stay = firstStay(on: today, after: free) else { continue }
      stays.append(stay)
      free = stay.departure.p50
    }
    return VehicleOutlook(stays: stays, learnedFrom: sessionCount)
  }

  /// The rest of a stay: only stays that were at least as long, and took as much, say how it ends.
  private func stay(
    underWayAt now: Date, since: Date, taken: KilowattHours
  ) -> VehicleOutlook.Stay {
    var elapsed = max(0, now.timeIntervalSince(since)) / 3_600
    let all = weighted(arrivingAt: since)
    // A car that has stayed longer than ever behaves as if it had come days later.
    while elapsed > 0, !all.contains(where: { $0.session.hours > elapsed }) {
      elapsed = max(0, elapsed - Self.dayHours)
    }
    let longer = all.filter { $0.session.hours > elapsed }
    let rest = Self.quantiles(longer.map { ($0.session.hours - elapsed, $0.weight) })
    let hungrier = all.filter { $0.session.energy > taken }
    let energy =
      hungrier.isEmpty
      ? [0, 0, 0, 0]
      : Self.quantiles(
        hungrier.map { (($0.session.energy - taken).rawValue, $0.weight) })
    return VehicleOutlook.Stay(
      probability: Fraction(1),
      arrival: VehicleOutlook.Instants(p10: since, p50: since, p90: since),
      departure: Self.instants(now, rest), readyBy: now.addingTimeInterval(rest[1] * 3_600),
      energy: Self.energies(energy))
  }

  /// The first stay of a local day that begins after an instant; `nil` where none is likely.
  private func firstStay(on today: Range<Date>, after instant: Date) -> VehicleOutlook.Stay? {
    let minute = max(0, instant.timeIntervalSince(today.lowerBound) / 60)
    let expected = day(today, after: minute)
    guard let minutes = expected.arrivalMinute, expected.probability.rawValue >= 0.5 else {
      return nil
    }
    // By the wall: on the days the clock changes a minute of the day is not one since midnight.
    let date = calendar.wallTime(at: today.lowerBound.addingTimeInterval(43_200)).date
    func arrival(_ minute: Double) -> Date {
      let known = calendar.instant(on: date, minuteOfDay: min(1_439, Int(minute)))
      return known ?? today.lowerBound.addingTimeInterval(minute * 60)
    }
    let middle = arrival(minutes.p50)
    let all = weighted(arrivingAt: middle)
    let stay = Self.quantiles(all.map { ($0.session.hours, $0.weight) })
    return VehicleOutlook.Stay(
      probability: expected.probability,
      arrival: VehicleOutlook.Instants(
        p10: arrival(minutes.p10), p50: middle, p90: arrival(minutes.p90)),
      departure: Self.instants(middle, stay), readyBy: middle.addingTimeInterval(stay[1] * 3_600),
      energy: Self.energies(
        Self.quantiles(all.map { ($0.session.energy.rawValue, $0.weight) })))
  }

  /// P10, `readyQuantile`, P50 and P90.
  private static func quantiles(_ sample: [(value: Double, weight: Double)]) -> [Double] {
    EmpiricalQuantile.weighted(sample, [0.1, readyQuantile, 0.5, 0.9])
  }

  private static func instants(_ start: Date, _ hours: [Double]) -> VehicleOutlook.Instants {
    VehicleOutlook.Instants(
      p10: start.addingTimeInterval(hours[0] * 3_600),
      p50: start.addingTimeInterval(hours[2] * 3_600),
      p90: start.addingTimeInterval(hours[3] * 3_600))
  }

  private static func energies(_ values: [Double]) -> VehicleOutlook.Energies {
    VehicleOutlook.Energies(
      p10: KilowattHours(values[0]), p50: KilowattHours(values[2]), p90: KilowattHours(values[3]))
  }
}
