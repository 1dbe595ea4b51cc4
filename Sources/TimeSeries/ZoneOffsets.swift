// SPDX-License-Identifier: MIT
import Foundation

/// A zone's distance from UTC over half a century, found once: the tz database is asked for each change
/// of the clock instead of for each instant.
struct ZoneOffsets: Sendable {
  /// A stretch of time without a change of the clock.
  struct Span {
    /// Since when, seconds since 1970; at the latest, where the table begins.
    let start: Double
    /// Seconds east of UTC.
    let offset: Int
  }

  /// What the table covers, seconds since 1970: the years 2000 to 2049.
  private static let covered = 946_684_800.0..<2_524_608_000

  private let starts: [Double]
  private let offsets: [Int]

  /// The offsets of a zone; costs less than a millisecond.
  init(_ zone: TimeZone) {
    var instant = Date(timeIntervalSince1970: Self.covered.lowerBound)
    var (starts, offsets) = ([instant.timeIntervalSince1970], [zone.secondsFromGMT(for: instant)])
    while let next = zone.nextDaylightSavingTimeTransition(after: instant), next > instant,
      next.timeIntervalSince1970 < Self.covered.upperBound
    {
      instant = next
      starts.append(next.timeIntervalSince1970)
      offsets.append(zone.secondsFromGMT(for: next))
    }
    (self.starts, self.offsets) = (starts, offsets)
  }

  /// The stretch that holds an instant, seconds since 1970; `nil` outside of the table.
  func span(holding seconds: Double) -> Span? {
    guard Self.covered.contains(seconds) else { return nil }
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= seconds { low = middle } else { high = middle }
    }
    return Span(start: starts[low], offset: offsets[low])
  }
}
