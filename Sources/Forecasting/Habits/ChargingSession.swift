// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// One time a car was plugged in.
public struct ChargingSession: Sendable, Hashable, Codable {
  /// When it came.
  public let arrival: Date
  /// When it went.
  public let departure: Date
  /// What it took.
  public let energy: KilowattHours

  /// A session; `arrival` before `departure`.
  public init(arrival: Date, departure: Date, energy: KilowattHours) {
    self.arrival = arrival
    self.departure = departure
    self.energy = energy
  }

  /// How long it stayed.
  var hours: Double { departure.timeIntervalSince(arrival) / 3_600 }
}

extension ChargingSession {
  /// An hour with less of it plugged in divides two stays.
  private static let wholeShare = 0.95
  /// Less than this of an hour is a slip of the contact.
  private static let leastShare = 0.02

  /// The stays behind hourly shares of being plugged in.
  ///
  /// The share of the first hour says when the car came, that of the last when it went. A stay whose
  /// hours are not all known is none.
  ///
  /// - Parameters:
  ///   - plugged: the share of each hour in which a car was plugged in.
  ///   - power: the mean power of the charge point on the same grid.
  /// - Returns: the stays that are over, and the one that was under way at the end of what is known.
  public static func stays(
    plugged: Series<Fraction>, power: Series<Watts>
  ) -> (over: [ChargingSession], underWay: ChargingSession?) {
    precondition(plugged.grid == power.grid, "both series are on one grid")
    let grid = plugged.grid
    var (over, open): ([ChargingSession], Opened?) = ([], nil)
    func share(_ index: Int) -> Double? {
      grid.indices.contains(index) ? plugged[index]?.rawValue : nil
    }
    for index in grid.indices {
      guard let now = share(index) else {
        open = nil
        continue
      }
      let energy = max(0, power[index]?.kilowatts ?? 0) * grid.stepHours
      let hour = Double(grid.stepSeconds)
      if var stay = open {
        stay.energy += energy
        open = stay
        guard now < wholeShare else { continue }
        let goesOn = (share(index + 1) ?? 0) >= leastShare
        let there = now * hour * (goesOn ? 0.5 : 1)
        over.append(stay.session(until: grid.date(at: index).addingTimeInterval(there)))
        open = goesOn ? Opened(grid.date(at: index + 1).addingTimeInterval(-there)) : nil
      } else if now >= leastShare, let before = share(index - 1), before < leastShare {
        let isShort = now < wholeShare && share(index + 1).map { $0 < leastShare } ?? false
        let arrival = grid.date(at: index + 1).addingTimeInterval(-now * hour)
        open = isShort ? nil : Opened(arrival, energy)
        if isShort {
          over.append(
            ChargingSession(
              arrival: arrival, departure: grid.date(at: index + 1), energy: KilowattHours(energy)))
        }
      }
    }
    return (over.filter { $0.departure > $0.arrival }, open?.session(until: grid.end))
  }

  private struct Opened {
    let arrival: Date
    var energy: Double

    init(_ arrival: Date, _ energy: Double = 0) {
      self.arrival = arrival
      self.energy = energy
    }

    func session(until end: Date) -> ChargingSession {
      ChargingSession(arrival: arrival, departure: end, energy: KilowattHours(energy))
    }
  }
}
