// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Finds sources whose clock observes summer time: their solar noon jumps by an hour on the last
/// Sundays of March and October, which the sun does not.
enum SunClock {
  private static let reach = 14
  private static let day = 86_400.0

  static func findings(in samples: [Sample]) -> [Finding] {
    let noons = dailyNoons(samples)
    guard let first = noons.keys.min(), let last = noons.keys.max() else { return [] }
    var found: [Finding] = []
    for change in first...last {
      let date = SiteCalendar(timeZone: .gmt).wallTime(
        at: Date(timeIntervalSince1970: Double(change) * day))
      guard date.weekday == 7, date.date.day >= 25, [3, 10].contains(date.date.month) else {
        continue
      }
      guard let before = median(noons, change - reach..<change),
        let after = median(noons, change + 1..<change + 1 + reach)
      else { continue }
      // The equation of time moves noon by at most 8 min in these four weeks.
      let expected = date.date.month == 3 ? 1.0 : -1.0
      guard (0.6...1.4).contains((after - before) * expected) else { continue }
      let time = Date(timeIntervalSince1970: Double(change) * day)
      found.append(
        Finding(
          .daylightSaving, in: time...time.addingTimeInterval(day), count: 1,
          message:
            "the sun's noon jumps by \((after - before).formatted(.number.precision(.fractionLength(2)))) h: "
            + "the times are those of a wall clock, declare its zone"))
    }
    return found
  }

  /// The hour of the middle of each day's production, for days with enough of it.
  private static func dailyNoons(_ samples: [Sample]) -> [Int: Double] {
    var sums: [Int: (weight: Double, moment: Double, count: Int)] = [:]
    for sample in samples where sample.value > 0 {
      let seconds = sample.time.timeIntervalSince1970
      let date = Int((seconds / day).rounded(.down))
      let hour = (seconds - Double(date) * day) / 3_600
      let old = sums[date] ?? (0, 0, 0)
      sums[date] = (old.weight + sample.value, old.moment + sample.value * hour, old.count + 1)
    }
    return sums.filter { $0.value.count >= 6 }.mapValues { $0.moment / $0.weight }
  }

  private static func median(_ noons: [Int: Double], _ days: Range<Int>) -> Double? {
    let values = days.compactMap { noons[$0] }.sorted()
    return values.count >= 7 ? values[values.count / 2] : nil
  }
}
