// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Finds amounts that were rounded so much that small ones are lost: whole kilowatt-hours of a day.
struct RoundingCheck {
  /// Fewer amounts tell nothing.
  private static let fewestValues = 30
  /// So many of them lie on one step; of numbers with another resolution at most half do.
  private static let share = 0.6
  /// The step is at least this part of the median amount; a finer one does no harm.
  private static let coarsestShare = 0.1
  /// On fewer multiples it is a load that is on or off.
  private static let fewestMultiples = 5
  private static let divisors = [1.0, 2, 3, 4, 5, 6, 8, 10]

  /// What was found in the amounts of a stream.
  static func finding(in samples: [Sample], unit: String) -> Finding? {
    let values = samples.map { abs($0.value) }.filter { $0 > 0 }
    guard values.count >= fewestValues, let first = samples.first, let last = samples.last,
      let usual = mostFrequent(values)
    else { return nil }
    let least = coarsestShare * values.sorted()[values.count / 2]
    for step in divisors.map({ usual / $0 }) where step >= least {
      let multiples = values.compactMap { value -> Int? in
        let quotient = (value / step).rounded()
        guard quotient >= 1, abs(value - quotient * step) <= 1e-6 * value else { return nil }
        return Int(exactly: quotient)
      }
      guard Double(multiples.count) >= share * Double(values.count) else { continue }
      guard Set(multiples).count >= fewestMultiples else { return nil }
      return Finding(
        .coarse, in: first.time...last.time, count: multiples.count,
        message: String(
          format: "%d of %d amounts are whole multiples of %g %@", multiples.count, values.count,
          step, unit))
    }
    return nil
  }

  private static func mostFrequent(_ values: [Double]) -> Double? {
    Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
      .max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
  }
}
