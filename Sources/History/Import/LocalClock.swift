// SPDX-License-Identifier: MIT
import Foundation

/// Turns what a clock on the wall shows into instants, quickly for times that follow each other.
struct LocalClock {
  /// What a time on the wall can mean.
  enum Reading: Equatable {
    /// One instant, in milliseconds since 1970, UTC.
    case once(Int64)
    /// Two instants: the clock was put back between them.
    case twice(first: Int64, second: Int64)
    /// No instant: the clock was put forward over it.
    case never
  }

  private let zone: TimeZone
  private var day: Int64?
  private var offsetBefore: Int64 = 0
  private var offsetAfter: Int64 = 0

  private static let dayMilliseconds: Int64 = 86_400_000

  init(zone: TimeZone) { self.zone = zone }

  /// What `wallMilliseconds` can mean: the time on the wall, counted as if it were UTC.
  ///
  /// The zone's offsets a day before and a day behind are tried: no zone changes its clock twice in
  /// two days.
  mutating func read(_ wallMilliseconds: Int64) -> Reading {
    let day = wallMilliseconds.flooredDivision(by: Self.dayMilliseconds)
    if day != self.day {
      self.day = day
      offsetBefore = offset(at: (day - 1) * Self.dayMilliseconds)
      offsetAfter = offset(at: (day + 2) * Self.dayMilliseconds)
    }
    guard offsetBefore != offsetAfter else { return .once(wallMilliseconds - offsetBefore) }
    let candidates = [offsetBefore, offsetAfter]
      .map { (instant: wallMilliseconds - $0, offset: $0) }
      .filter { offset(at: $0.instant) == $0.offset }
      .map(\.instant).sorted()
    return switch candidates.count {
    case 0: .never
    case 1: .once(candidates[0])
    default: .twice(first: candidates[0], second: candidates[1])
    }
  }

  private func offset(at milliseconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(milliseconds: milliseconds))) * 1_000
  }
}
